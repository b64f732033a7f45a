import {
  type Certificate,
  type GeneralName,
  ipText,
  isDomainName,
  parseMailbox,
  quote,
} from '../x509/index.ts';
import type { Chain } from './chain.ts';
import { type IpRange, rangeOf } from './constraint-sets.ts';
import { readUri } from './constraints.ts';
import type { GoRules } from './go-rules.ts';
import {
  constraintProblem,
  notAuthorizedForName,
  tooManyConstraints,
  type VerifyFailure,
} from './messages.ts';

/** VerifyOptions.MaxConstraintComparisions, by default. */
const MOST_COMPARISONS = 250_000;

/**
 * Name constraints as Go looked at them up to 1.25 (crypto/x509/verify.go, isValid): while a chain is built,
 * one name against one constraint after the other, excluded ones first. The first refusal is told.
 */
export function earlyConstraintFailure(
  authority: Certificate,
  below: Chain,
  rules: GoRules,
): VerifyFailure | undefined {
  const { nameConstraints } = authority;
  if (!nameConstraints) return undefined;
  const { permitted, excluded } = nameConstraints;
  let comparisons = 0;
  for (const certificate of below) {
    for (const name of certificate.subjectAltNames ?? []) {
      const subject = readName(name);
      if (subject === undefined) continue;
      if (typeof subject === 'string') return constraintProblem(subject);
      const of = (constraints: readonly GeneralName[]) =>
        constraints.filter(({ kind }) => kind === name.kind);
      const [no, yes] = [of(excluded), of(permitted)];
      comparisons += no.length + yes.length;
      if (comparisons > MOST_COMPARISONS) return tooManyConstraints;
      const detail = refusal(subject, no, yes, rules);
      if (detail !== undefined) return notAuthorizedForName(detail);
    }
  }
  return undefined;
}

/** A name, its kind and text in Go's sentences, and how it is compared. */
interface Subject {
  readonly text: string;
  /** A text: it cannot be compared, and why. */
  readonly matches: (constraint: GeneralName, excluded: boolean, rules: GoRules) => boolean | string;
}

/** A text when the name alone is refused; undefined for names of which Go knows no constraints. */
function readName(name: GeneralName): Subject | string | undefined {
  switch (name.kind) {
    case 'ip':
      return {
        text: `IP address ${quote(ipText(name.bytes))}`,
        matches: (constraint) => constraint.kind === 'ip' && isInRange(name.bytes, rangeOf(constraint.bytes)),
      };
    case 'dns':
      if (!isDomainName(name.value, false)) return `x509: cannot parse dnsName ${quote(name.value)}`;
      return {
        text: `DNS name ${quote(name.value)}`,
        matches: (constraint, excluded, rules) => matchesDomain(name.value, constraint, excluded, rules),
      };
    case 'email':
      return readEmail(name.value);
    case 'uri':
      return {
        text: `URI ${quote(name.value)}`,
        matches(constraint, excluded, rules) {
          const uri = readUri(name.value);
          return 'refused' in uri
            ? (uri.problem ?? uri.refused)
            : matchesDomain(uri.host, constraint, excluded, rules);
        },
      };
    case 'other':
      return undefined;
  }
}

function readEmail(text: string): Subject | string {
  const mailbox = parseMailbox(text);
  // Go prints the mailbox, of which nothing was read.
  if (!mailbox) return 'x509: cannot parse rfc822Name {"" ""}';
  return {
    text: `email address ${quote(text)}`,
    matches(constraint, excluded, rules) {
      const wanted = textOf(constraint);
      if (!wanted.includes('@')) return matchesDomain(mailbox.domain, constraint, excluded, rules);
      const other = parseMailbox(wanted);
      return other?.local === mailbox.local && sameText(other.domain, mailbox.domain);
    },
  };
}

function refusal(
  { text, matches }: Subject,
  excluded: readonly GeneralName[],
  permitted: readonly GeneralName[],
  rules: GoRules,
): string | undefined {
  for (const constraint of excluded) {
    const match = matches(constraint, true, rules);
    if (typeof match === 'string') return match;
    if (match) return `${text} is excluded by constraint ${quote(textOf(constraint))}`;
  }
  for (const constraint of permitted) {
    const match = matches(constraint, false, rules);
    if (match !== false) return match === true ? undefined : match;
  }
  return permitted.length === 0 ? undefined : `${text} is not permitted by any constraint`;
}

function textOf(constraint: GeneralName): string {
  return constraint.kind === 'other' ? '' : constraint.value;
}

/** matchIPConstraint: both sides masked; IPv4 written as IPv6 is IPv6. */
function isInRange(address: Uint8Array, { ip, mask }: Omit<IpRange, 'text'>): boolean {
  if (address.length !== ip.length) return false;
  return address.every((octet, i) => ((octet ^ (ip[i] ?? 0)) & (mask[i] ?? 0)) === 0);
}

/** matchDomainConstraint: label by label from the end. */
function matchesDomain(
  domain: string,
  constraint: GeneralName,
  excluded: boolean,
  rules: GoRules,
): boolean | string {
  const text = textOf(constraint);
  if (text === '') return true;
  if (!isDomainName(domain, false)) return `x509: internal error: cannot parse domain ${quote(domain)}`;
  const below = text.startsWith('.');
  let names = labelsOf(domain);
  let wanted = labelsOf(below ? text.slice(1) : text);
  if (names.length < wanted.length || (below && names.length === wanted.length)) return false;
  const wildcard = excluded && domain.startsWith('*') && names.length > 1 && wanted.length > 1;
  // Any label might stand for the star: the first ones are not compared.
  if (wildcard && widens(names.length === wanted.length, rules)) {
    names = names.slice(1);
    wanted = wanted.slice(1);
  }
  const from = names.length - wanted.length;
  return wanted.every((label, i) => sameText(label, names[from + i] ?? ''));
}

function widens(sameLength: boolean, rules: GoRules): boolean {
  return rules.widensWildcards && (sameLength || !rules.widensWildcardsOfOneLength);
}

function labelsOf(domain: string): string[] {
  return domain === '' ? [] : domain.split('.');
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
