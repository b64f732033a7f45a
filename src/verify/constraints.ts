import {
  addressProblem,
  type Certificate,
  type GeneralName,
  ipText,
  isDomainName,
  LAXEST,
  type Mailbox,
  parseMailbox,
  parseUri,
  quote,
} from '../x509/index.ts';
import type { Chain } from './chain.ts';
import { type ConstraintSet, dnsSet, type IpRange, ipSet, rangeOf } from './constraint-sets.ts';
import { notAuthorizedForName, type VerifyFailure } from './messages.ts';
import { hasSubjectAltNames, type SubjectAltNames, subjectAltNames } from './sans.ts';
import { uriText } from './uri-text.ts';

/**
 * checkChainConstraints of crypto/x509/constraints.go: every SAN of every certificate must pass the name
 * constraints of every issuer above it. Subjects are not looked at. The first refusal is told.
 */
export function constraintFailure(chain: Chain): VerifyFailure | undefined {
  if (!chain.some(({ nameConstraints }) => nameConstraints)) return undefined;
  for (const [index, certificate] of chain.entries()) {
    const above = chain.slice(index + 1).flatMap((issuer) => constraintsOf(issuer) ?? []);
    if (above.length === 0 || !hasSubjectAltNames(certificate)) continue;
    const detail = refusal(subjectAltNames(certificate), above);
    if (detail !== undefined) return notAuthorizedForName(detail);
  }
  return undefined;
}

/** undefined: nothing is said about names of this kind. */
interface Rule<T> {
  readonly kind: string;
  readonly permitted: ConstraintSet<T> | undefined;
  readonly excluded: ConstraintSet<T> | undefined;
}

interface Constraints {
  readonly ip: Rule<Uint8Array>;
  readonly dns: Rule<string>;
  readonly uri: Rule<string>;
  readonly email: Rule<Mailbox>;
}

const known = new WeakMap<Certificate, Constraints>();

function constraintsOf(certificate: Certificate): Constraints | undefined {
  if (!certificate.nameConstraints) return undefined;
  let constraints = known.get(certificate);
  if (!constraints) {
    const { permitted, excluded } = certificate.nameConstraints;
    known.set(certificate, (constraints = buildConstraints(permitted, excluded)));
  }
  return constraints;
}

function buildConstraints(permitted: readonly GeneralName[], excluded: readonly GeneralName[]): Constraints {
  function rule<V, T>(
    kind: string,
    select: (name: GeneralName) => readonly V[],
    build: (values: readonly V[], permitted: boolean) => ConstraintSet<T>,
  ): Rule<T> {
    const set = (names: readonly GeneralName[], isPermitted: boolean) => {
      const values = names.flatMap(select);
      return values.length === 0 ? undefined : build(values, isPermitted);
    };
    return { kind, permitted: set(permitted, true), excluded: set(excluded, false) };
  }
  const texts = (kind: 'dns' | 'email' | 'uri') => (name: GeneralName) =>
    name.kind === kind ? [name.value] : [];
  return {
    ip: rule('IP address', range, ipSet),
    dns: rule('DNS name', texts('dns'), dnsSet),
    uri: rule('URI', texts('uri'), dnsSet),
    email: rule('email address', texts('email'), emailSet),
  };
}

function range(name: GeneralName): readonly IpRange[] {
  return name.kind === 'ip' ? [{ ...rangeOf(name.bytes), text: name.value }] : [];
}

/** Whole mailboxes by themselves, everything else as the host of the mail address. */
function emailSet(constraints: readonly string[], permitted: boolean): ConstraintSet<Mailbox> {
  const key = ({ local, domain }: Mailbox) => `${local}\0${domain.toLowerCase()}`;
  const mailboxes = constraints
    .filter((text) => text.includes('@'))
    .flatMap((text) => parseMailbox(text) ?? []);
  const whole = new Set(mailboxes.map(key));
  const hosts = constraints.filter((text) => !text.includes('@'));
  const hostSet = hosts.length === 0 ? undefined : dnsSet(hosts, permitted);
  return {
    covering: (name) => (whole.has(key(name)) ? mailboxText(name) : hostSet?.covering(name.domain)),
  };
}

function mailboxText({ local, domain }: Mailbox): string {
  return `${local}@${domain}`;
}

/** Why these names are refused; undefined when all pass. Names that cannot be compared are refused first. */
function refusal(names: SubjectAltNames, above: readonly Constraints[]): string | undefined {
  const uris = names.uris.map(readUri);
  const badUri = uris.find((uri) => 'refused' in uri);
  if (badUri && 'refused' in badUri) return badUri.refused;
  const emails = names.emails.map((text) => ({ text, mailbox: parseMailbox(text) }));
  const badEmail = emails.find(({ mailbox }) => !mailbox);
  if (badEmail) return `cannot parse rfc822Name ${quote(badEmail.text)}`;
  for (const { ip, dns, uri, email } of above) {
    const found =
      first(names.ips, (address) => broken(ip, address, ipText(address))) ??
      first(names.dns, (name) =>
        isDomainName(name, false) ? broken(dns, name, name) : `x509: cannot parse dnsName ${quote(name)}`,
      ) ??
      first(uris, (each) => uriRefusal(uri, each)) ??
      first(emails, ({ mailbox }) => mailbox && emailRefusal(email, mailbox));
    if (found !== undefined) return found;
  }
  return undefined;
}

function first<T>(values: readonly T[], check: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = check(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function broken<T>(rule: Rule<T>, value: T, text: string): string | undefined {
  if (rule.permitted && rule.permitted.covering(value) === undefined) {
    return `${rule.kind} ${quote(text)} is not permitted by any constraint`;
  }
  const excluding = rule.excluded?.covering(value);
  if (excluding === undefined) return undefined;
  return `${rule.kind} ${quote(text)} is excluded by constraint ${quote(excluding)}`;
}

function emailRefusal(rule: Rule<Mailbox>, mailbox: Mailbox): string | undefined {
  const name = { local: mailbox.local, domain: mailbox.domain.toLowerCase() };
  if (!isDomainName(name.domain, false)) return `x509: cannot parse rfc822Name ${quote(mailboxText(name))}`;
  return broken(rule, name, mailboxText(name));
}

/** `problem`: what is wrong with a host that cannot be read. */
type ReadUri =
  | { readonly refused: string; readonly problem?: string }
  | { readonly text: string; readonly host: string };

function uriRefusal(rule: Rule<string>, read: ReadUri): string | undefined {
  if ('refused' in read) return read.refused;
  const { text, host } = read;
  if (!isDomainName(host, false)) return `x509: internal error: URI SAN ${quote(text)} failed to parse`;
  return broken(rule, host, text);
}

/** parseURIs: the host by which a URI is compared. One without a host, or with an address, is refused. */
export function readUri(written: string): ReadUri {
  const uri = parseUri(written, LAXEST);
  // With such a URI no certificate is read in the first place.
  if (typeof uri === 'string') return { refused: uri };
  const text = uriText(uri);
  if (uri.host === '') {
    return { refused: `URI with empty host (${quote(text)}) cannot be matched against constraints` };
  }
  let host = uri.host.toLowerCase();
  if (host.includes(':') && !host.endsWith(']')) {
    const split = splitHostPort(uri.host);
    if ('problem' in split) {
      const problem = `address ${uri.host}: ${split.problem}`;
      return { refused: `cannot parse URI host ${quote(uri.host)}: ${problem}`, problem };
    }
    host = split.host;
  }
  const isIp = addressProblem(host) === undefined || /^\[.*\]$/.test(host);
  if (!isIp) return { text, host };
  return { refused: `URI with IP (${quote(text)}) cannot be matched against constraints` };
}

/** net.SplitHostPort, for hosts that url.Parse accepts and that have a colon. */
function splitHostPort(text: string): { readonly host: string } | { readonly problem: string } {
  const host = text.slice(0, text.lastIndexOf(':'));
  if (host.startsWith('[')) {
    const close = text.indexOf(']');
    if (close === host.length - 1) return { host: host.slice(1, -1) };
    const problem = text[close + 1] === ':' ? 'too many colons in address' : 'missing port in address';
    return { problem };
  }
  if (host.includes(':')) return { problem: 'too many colons in address' };
  if (text.includes(']')) return { problem: "unexpected ']' in address" };
  return { host };
}
