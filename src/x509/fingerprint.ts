import { createHash } from 'node:crypto';

/** SHA-256 of a DER value: 64 lower-case hexadecimal digits. */
export function fingerprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}
