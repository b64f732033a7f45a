import {
  attributeValues,
  type Certificate,
  DerReader,
  type GeneralName,
  type NameAttribute,
  Oid,
  parseName,
  Tag,
} from '../../x509/index.ts';
import { unmodelled } from '../unmodelled.ts';
import { canonicalName } from './canonical-name.ts';
import type { OpensslError, Problem } from './errors.ts';
import { factsOf } from './facts.ts';

/** NAME_CHECK_MAX (crypto/x509/v3_ncons.c): names times constraints. */
const MOST_COMPARISONS = 1 << 20;
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const DIRECTORY_NAME = 0xa4;

/**
 * check_name_constraints: from the root down, subjects included, and the common name of a leaf without DNS
 * names where it looks like a host name. Self-issued certificates are passed over, except the leaf.
 */
export function* constraintProblems(chain: readonly Certificate[]): Generator<Problem> {
  for (let depth = chain.length - 1; depth >= 0; depth--) {
    const certificate = chain[depth]!;
    if (depth > 0 && factsOf(certificate).selfIssued) continue;
    for (const issuer of chain.slice(depth + 1).reverse()) {
      if (!issuer.nameConstraints) continue;
      const error = violation(certificate, issuer.nameConstraints, depth === 0);
      if (error) yield { error, depth };
    }
  }
}

interface Constraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** NAME_CONSTRAINTS_check, and for a leaf NAME_CONSTRAINTS_check_CN. */
function violation(
  certificate: Certificate,
  constraints: Constraints,
  isLeaf: boolean,
): OpensslError | undefined {
  const { subject } = certificate;
  const altNames = certificate.subjectAltNames ?? [];
  const attributes = subject.rdns.flat();
  const count =
    (attributes.length + altNames.length) * (constraints.permitted.length + constraints.excluded.length);
  if (count > MOST_COMPARISONS) return 'UNSPECIFIED';
  const subjectNames: Subject[] =
    attributes.length > 0 ? [{ kind: 'directory', rdns: canonicalName(subject) }] : [];
  for (const attribute of attributes.filter(({ type }) => type === EMAIL_ADDRESS)) {
    subjectNames.push(emailOf(attribute));
  }
  const names = [...subjectNames, ...altNames.map(toSubject)];
  if (isLeaf && !altNames.some(({ kind }) => kind === 'dns')) {
    const hosts = attributeValues(subject, Oid.commonName).flatMap(hostIn);
    names.push(...hosts.map((value) => ({ kind: 'dns' as const, value })));
  }
  for (const name of names) {
    const error = matchAll(name, constraints);
    if (error) return error;
  }
  return undefined;
}

/** A name that is held against constraints. */
type Subject =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly value: string }
  | { readonly kind: 'ip'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory'; readonly rdns: readonly string[] }
  | { readonly kind: 'bad' }
  | { readonly kind: 'other' };

function emailOf({ text, der }: NameAttribute): Subject {
  return der[0] === Tag.ia5String ? { kind: 'email', value: text ?? '' } : { kind: 'bad' };
}

function toSubject(name: GeneralName): Subject {
  if (name.kind !== 'other') return name;
  return name.tag === DIRECTORY_NAME
    ? { kind: 'directory', rdns: directoryRdns(name.der) }
    : { kind: 'other' };
}

function directoryRdns(der: Uint8Array): readonly string[] {
  return canonicalName(parseName(new DerReader(der).content(DIRECTORY_NAME, 'directoryName')));
}

/** cn2dnsid: a name of several labels, none of them odd. */
function hostIn(commonName: string): string[] {
  const text = commonName.replace(/\0+$/, '');
  if (text.includes('\0')) unmodelled('a common name with NUL in it');
  const looksLikeHost = /^\w[\w.-]*\w$/.test(text) && text.includes('.') && !/\.\.|\.-|-\./.test(text);
  return looksLikeHost ? [text] : [];
}

/** nc_match: one permitted of the same kind must match, where there is any; no excluded one may. */
function matchAll(name: Subject, { permitted, excluded }: Constraints): OpensslError | undefined {
  let wanted = false;
  let found = false;
  for (const base of permitted) {
    const match: Match | undefined = found ? undefined : matchOne(name, base);
    if (match === undefined) continue;
    if (match === 'syntax') return 'UNSUPPORTED_NAME_SYNTAX';
    wanted = true;
    found = match;
  }
  if (wanted && !found) return 'PERMITTED_VIOLATION';
  for (const base of excluded) {
    const match = matchOne(name, base);
    if (match === 'syntax') return 'UNSUPPORTED_NAME_SYNTAX';
    if (match) return 'EXCLUDED_VIOLATION';
  }
  return undefined;
}

type Match = boolean | 'syntax';

/** nc_match_single; undefined when they are of different kinds. */
function matchOne(name: Subject, base: GeneralName): Match | undefined {
  if (name.kind === 'bad') return 'syntax';
  if (name.kind === 'other')
    return base.kind === 'email' ? unmodelled('otherName under a mail constraint') : undefined;
  if (name.kind === 'directory') {
    if (base.kind !== 'other') return undefined;
    return directoryRdns(base.der).every((rdn, i) => rdn === name.rdns[i]);
  }
  if (name.kind === 'ip') return base.kind === 'ip' ? ipMatches(name.bytes, base.bytes) : undefined;
  if (name.kind !== base.kind) return undefined;
  return TEXT_MATCHES[name.kind](name.value.toLowerCase(), base.value.toLowerCase(), name.value, base.value);
}

type TextMatch = (name: string, base: string, nameAsWritten: string, baseAsWritten: string) => Match;

const TEXT_MATCHES: Readonly<Record<'dns' | 'email' | 'uri', TextMatch>> = {
  dns: (name, base) =>
    base === '' || name === base || name.endsWith(base.startsWith('.') ? base : `.${base}`),
  email: emailMatches,
  uri: uriMatches,
};

function ipMatches(ip: Uint8Array, range: Uint8Array): Match {
  if (ip.length * 2 !== range.length) return false;
  return ip.every((octet, i) => ((octet ^ range[i]!) & range[ip.length + i]!) === 0);
}

/** nc_email */
function emailMatches(name: string, base: string, written: string, baseWritten: string): Match {
  const at = name.lastIndexOf('@');
  if (at < 0) return 'syntax';
  const baseAt = base.lastIndexOf('@');
  if (baseAt < 0 && base.startsWith('.')) return name.length > base.length && name.endsWith(base);
  if (baseAt > 0 && written.slice(0, at) !== baseWritten.slice(0, baseAt)) return false;
  return name.slice(at + 1) === base.slice(baseAt + 1);
}

/** nc_uri: what stands between `://` and the next colon, or else the next slash. */
function uriMatches(name: string, base: string): Match {
  const [, rest] = /^[^:]*:\/\/([^]*)$/.exec(name) ?? [];
  if (rest === undefined) return 'syntax';
  const end = rest.includes(':') ? rest.indexOf(':') : rest.indexOf('/');
  const host = end < 0 ? rest : rest.slice(0, end);
  if (host === '') return 'syntax';
  return base.startsWith('.') ? host.length > base.length && host.endsWith(base) : host === base;
}
