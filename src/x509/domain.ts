/**
 * crypto/x509 parser.go, domainNameValid: no trailing or double dot, printable ASCII; lax, so that old
 * certificates load. An empty name passes. A constraint may start with a dot.
 */
export function isDomainName(text: string, constraint: boolean): boolean {
  if (text === '') return true;
  const name = constraint && text.startsWith('.') ? text.slice(1) : text;
  return /^[!-~]+$/.test(name) && !`.${name}.`.includes('..');
}
