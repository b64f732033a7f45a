/** Host and mailbox syntax as Go's certificate parser checks it: laxly, so that old certificates load. */

/**
 * crypto/x509 parser.go, domainNameValid: no trailing or double dot, printable ASCII. An empty name passes.
 * A constraint may start with a dot.
 */
export function isDomainName(text: string, constraint: boolean): boolean {
  if (text === '') return true;
  const name = constraint && text.startsWith('.') ? text.slice(1) : text;
  return /^[!-~]+$/.test(name) && !`.${name}.`.includes('..');
}

const QUOTED_LOCAL =
  /^"((?:[\x01-\x08\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*)"@(.*)$/s;
const ATOM_LOCAL = /^((?:[0-9A-Za-z!#$%&'*+\-/=?^_`{|}~.]|\\[^])+)@(.*)$/s;

/** crypto/x509 verify.go, parseRFC2821Mailbox: the two parts, unquoted; undefined when it is no mailbox. */
export function parseMailbox(text: string): { local: string; domain: string } | undefined {
  const quoted = text.startsWith('"');
  const match = (quoted ? QUOTED_LOCAL : ATOM_LOCAL).exec(text);
  if (!match) return undefined;
  const local = (match[1] as string).replace(/\\([^])/g, '$1');
  const domain = match[2] as string;
  if (!quoted && `.${local}.`.includes('..')) return undefined;
  return isDomainName(domain, false) ? { local, domain } : undefined;
}
