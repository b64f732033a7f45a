import { asBuffer, type Instant, SECOND } from '../base/index.ts';

/**
 * A service account's token ends when its claim `exp` says (RFC 7519, 4.1.4). Nothing is verified; other tokens say
 * nothing, nor does a number that is no date.
 */
export function tokenEnd(token: Uint8Array | undefined): Instant | undefined {
  const [, claims = '', signature] = token ? asBuffer(token).toString('latin1').trim().split('.') : [];
  if (signature === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    const end: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'exp') : undefined;
    return typeof end === 'number' && isDate(end * SECOND) ? end * SECOND : undefined;
  } catch {
    return undefined;
  }
}

function isDate(at: Instant): boolean {
  return !Number.isNaN(new Date(at).getTime());
}
