/** One CRL, for people and as JSON. */
import { equalBytes, toHex, toRfc3339 } from '../../base/index.ts';
import { lintRevocationList } from '../../lint/index.ts';
import { listSignatureRefusal } from '../../verify/index.ts';
import {
  type Certificate,
  fingerprint,
  nameText,
  type RevocationList,
  revocationReason,
  type RevokedCertificate,
  serialDecimal,
  serialHex,
  signatureAlgorithmName,
} from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { plural, printable, relative } from '../text.ts';
import { findingLines } from './finding-lines.ts';
import type { Line } from './lines.ts';
import type { Inspected } from './read.ts';

/** Entries that are shown one by one; -v shows all. */
const SHOWN = 12;
/** Ours: a text of V8 holds 2^29 characters, of which an entry takes some 150 as JSON. */
const MOST_ENTRIES = 2_000_000;

export function revocationLines(
  console: Console,
  list: RevocationList,
  all: readonly Inspected[],
  at: number,
): Line[] {
  const { issuer, number, count, authorityKeyId, extensions } = list;
  const lines: Line[] = [
    ['issuer', printable(nameText(issuer)) || '(empty)'],
    ['number', number ? serialDecimal(number) : '(none)'],
    ['valid', validity(console, list, at)],
    ['revoked', count === 0 ? 'nothing' : plural(count, 'certificate')],
    ...entryLines(console, list),
    ['signed with', signatureAlgorithmName(list.signatureAlgorithm, list.signatureParameters)],
    ['signature', signatureText(console, signatureOf(list, all))],
    ['sha256', fingerprint(list.der)],
    ...findingLines(console, lintRevocationList(list)),
  ];
  if (!console.verbose) return lines;
  return [
    ...lines,
    ['issuer key', authorityKeyId ? toHex(authorityKeyId) : '(no id)'],
    ...extensions.map(({ oid, critical }): Line => ['extension', `${oid}${critical ? ', critical' : ''}`]),
  ];
}

function validity({ colors }: Console, { thisUpdate, nextUpdate }: RevocationList, at: number): string {
  if (nextUpdate === undefined) return `from ${toRfc3339(thisUpdate)}, does not say when the next one comes`;
  const dates = `${toRfc3339(thisUpdate)} to ${toRfc3339(nextUpdate)}`;
  if (nextUpdate < at)
    return `${dates}, ${colors.red(`OVERDUE: the next was due ${relative(nextUpdate, at)}`)}`;
  return `${dates}, the next is due ${relative(nextUpdate, at)}`;
}

function entryLines({ verbose, symbols }: Console, { entries, count }: RevocationList): Line[] {
  const lines: Line[] = [];
  for (const { serial, revokedAt, reasonCode } of entries) {
    if (!verbose && lines.length === SHOWN) break;
    const reason = reasonCode === undefined ? '' : `, ${revocationReason(reasonCode)}`;
    lines.push(['', `${serialHex(serial)}  ${toRfc3339(revokedAt)}${reason}`]);
  }
  const more = count - lines.length;
  if (more > 0)
    lines.push(['', `${symbols.more} and ${plural(more, 'more entry', 'more entries')} (-v shows all)`]);
  return lines;
}

interface Signature {
  /** The issuer's certificate that was tried, of all that are shown; undefined when none has its name. */
  readonly by: Certificate | undefined;
  /** Go's text; undefined when the signature is good, or was not looked at. */
  readonly error: string | undefined;
}

/** The first certificate whose signature it is, else the first one with the issuer's name. */
function signatureOf(list: RevocationList, all: readonly Inspected[]): Signature {
  const named = all
    .flatMap(({ certificates }) => certificates.map(({ value }) => value))
    .filter(({ subject }) => equalBytes(subject.der, list.issuer.der))
    .map((by): Signature => ({ by, error: listSignatureRefusal(list, by) }));
  return named.find(({ error }) => error === undefined) ?? named[0] ?? { by: undefined, error: undefined };
}

function signatureText({ colors }: Console, { by, error }: Signature): string {
  if (!by) return 'not checked: give the certificate of the issuer too';
  const whose = `${printable(nameText(by.subject))}, sha256 ${fingerprint(by.der)}`;
  return error === undefined ? `good, by ${whose}` : `${colors.red('BAD')}: ${printable(error)} (${whose})`;
}

export function revocationJson(list: RevocationList, all: readonly Inspected[], at: number): object {
  const { number, nextUpdate, authorityKeyId, count } = list;
  const { by, error } = signatureOf(list, all);
  return {
    issuer: nameText(list.issuer),
    number: number ? serialDecimal(number) : null,
    thisUpdate: toRfc3339(list.thisUpdate),
    nextUpdate: nextUpdate === undefined ? null : toRfc3339(nextUpdate),
    overdue: nextUpdate !== undefined && nextUpdate < at,
    count,
    entries: entriesJson(list.entries),
    entriesLeftOut: Math.max(0, count - MOST_ENTRIES),
    signatureAlgorithm: signatureAlgorithmName(list.signatureAlgorithm, list.signatureParameters),
    signature: by
      ? { ok: error === undefined, error: error ?? null, issuerSha256: fingerprint(by.der) }
      : null,
    authorityKeyId: authorityKeyId ? toHex(authorityKeyId) : null,
    findings: lintRevocationList(list),
    sha256: fingerprint(list.der),
  };
}

function entriesJson(entries: Iterable<RevokedCertificate>): object[] {
  const all: object[] = [];
  for (const { serial, revokedAt, reasonCode } of entries) {
    if (all.length === MOST_ENTRIES) break;
    const reason = reasonCode === undefined ? null : revocationReason(reasonCode);
    all.push({ serial: serialDecimal(serial), revokedAt: toRfc3339(revokedAt), reason });
  }
  return all;
}
