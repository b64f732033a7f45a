/** Certificates by the text that they come as, parsed once while they are remembered. */
import { expectedFailure, renderFailure } from '../../base/index.ts';
import { type GoRules, newestRules, parseRefusal } from '../../verify/index.ts';
import { type Certificate, parseCertificateBy, readPem } from '../../x509/index.ts';

/** `refused` is Go's text, `detail` ours: what is wrong, and at which byte. */
export type Parsed =
  | { readonly certificate: Certificate }
  | { readonly refused: string; readonly detail: string };

/** In characters, twice: some 20,000 certificates. */
const REMEMBERED = 32 * 2 ** 20;
/** What an entry costs beside its text. */
const OVERHEAD = 1_024;

/** Two generations: what was not asked for while the newer one filled up is forgotten. */
export function createParser(rules?: GoRules): (text: string) => Parsed {
  let recent = new Map<string, Parsed>();
  let older = recent;
  let size = 0;
  return (text) => {
    const known = recent.get(text);
    if (known) return known;
    const parsed = older.get(text) ?? parse(derOf(text), rules);
    size += text.length + OVERHEAD;
    if (size > REMEMBERED) {
      [older, recent] = [recent, new Map<string, Parsed>()];
      size = text.length + OVERHEAD;
    }
    recent.set(text, parsed);
    return parsed;
  };
}

export function parse(der: Uint8Array, rules: GoRules = newestRules): Parsed {
  try {
    return { certificate: parseCertificateBy(der, rules) };
  } catch (error) {
    const failure = expectedFailure(error);
    return { refused: parseRefusal(failure, rules), detail: renderFailure(failure) };
  }
}

/** PEM, of which the first block counts, or base64. What is neither is no bytes, which no parser takes. */
function derOf(text: string): Uint8Array {
  // Go sees no block behind a byte order mark.
  if (text.includes('-----BEGIN')) return readPem(text.replace(/^\ufeff/, ' '))[0]?.bytes ?? new Uint8Array();
  const base64 = text.trim().replace(/[\r\n]+/g, '');
  const strict = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  return strict ? Uint8Array.from(Buffer.from(base64, 'base64')) : new Uint8Array();
}
