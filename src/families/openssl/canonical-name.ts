import type { Name, NameAttribute } from '../../x509/index.ts';

/**
 * Names as OpenSSL compares them (crypto/x509/x_name.c, x509_name_canon): whatever the string type, case
 * of ASCII letters and runs of spaces aside. One text for each RDN; Go compares the DER instead.
 */
export function canonicalName(name: Name): readonly string[] {
  let rdns = known.get(name);
  if (!rdns) known.set(name, (rdns = name.rdns.map((rdn) => rdn.map(canonicalAttribute).sort().join('+'))));
  return rdns;
}

const known = new WeakMap<Name, readonly string[]>();

/** Equal for equal names. */
export function nameKey(name: Name): string {
  return JSON.stringify(canonicalName(name));
}

/** ASN1_MASK_CANON: UTF8, Printable, T61, IA5, Visible, Universal, BMP. Numeric strings are left alone. */
const FOLDED: ReadonlySet<number> = new Set([0x0c, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e]);

function canonicalAttribute({ type, text, der }: NameAttribute): string {
  const folded = text !== undefined && FOLDED.has(der[0] ?? 0);
  return JSON.stringify([type, folded ? fold(text) : `#${Buffer.from(der).toString('hex')}`]);
}

function fold(text: string): string {
  return text
    .replace(/^[ \t-\r]+|[ \t-\r]+$/g, '')
    .replace(/[ \t-\r]+/g, ' ')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
