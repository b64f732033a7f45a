export { certificatesIn, type FoundCertificate } from './certificates.ts';
export type { InventoryCode } from './classify.ts';
export { readInventory } from './inventory.ts';
export type { Content, Entry, FileChange, FoundFile, Inventory } from './types.ts';
