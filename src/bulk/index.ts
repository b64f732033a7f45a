export { issueMany, openBulk } from './issue-many.ts';
export type {
  BulkAuthority,
  BulkCode,
  BulkIssued,
  BulkIssuer,
  BulkOptions,
  BulkOrder,
  BulkSetting,
  BulkTerms,
} from './types.ts';
