export { issueMany } from './issue-many.ts';
export type { BulkAuthority, BulkCode, BulkIssued, BulkOptions, BulkOrder } from './types.ts';
