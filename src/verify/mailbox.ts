/** RFC 2821, 4.1.2: what an rfc822Name of a certificate is (RFC 5280, 4.2.1.6). */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

const QUOTED_PAIR = String.raw`\\[\x01-\x09\x0b\x0c\x0e-\x7f]`;
const QUOTED = new RegExp(
  String.raw`^"((?:[\x01-\x08\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]|${QUOTED_PAIR})*)"`,
);
const ATOMS = /^(?:[0-9a-zA-Z!#$%&'*+\-/=?^_`{|}~.]|\\[^])+/;

/** parseRFC2821Mailbox of crypto/x509/verify.go. */
export function parseMailbox(text: string): Mailbox | undefined {
  const quoted = QUOTED.exec(text);
  const atoms = quoted ?? (text.startsWith('"') ? undefined : ATOMS.exec(text));
  if (!atoms) return undefined;
  const local = (quoted?.[1] ?? atoms[0]).replace(/\\([^])/g, '$1');
  if (!quoted && /^\.|\.$|\.\./.test(local)) return undefined;
  const rest = text.slice(atoms[0].length);
  const domain = rest.slice(1);
  return rest.startsWith('@') && isDomain(domain) ? { local, domain } : undefined;
}

/** domainToReverseLabels: no empty label, printable ASCII; the empty domain passes. */
function isDomain(text: string): boolean {
  return text === '' || text.split('.').every((label) => /^[!-~]+$/.test(label));
}
