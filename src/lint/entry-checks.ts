import { DerReader, Oid, type RevocationList, type RevokedCertificate, Tag } from '../x509/index.ts';
import { firstTwice, type LintCheck } from './types.ts';

/** An entry, in its list. */
export interface Entry {
  readonly entry: RevokedCertificate;
  readonly list: RevocationList;
}

const INVALIDITY_DATE = '2.5.29.24';
const CERTIFICATE_ISSUER = '2.5.29.29';
const DELTA = '2.5.29.27';
const KNOWN: ReadonlySet<string> = new Set([Oid.reasonCode, INVALIDITY_DATE, CERTIFICATE_ISSUER]);

/** CRLReason of RFC 5280, 5.3.1: 0 to 10, without 7. */
const [UNSPECIFIED, UNUSED, REMOVE, LAST] = [0, 7, 8, 10];

/** Rules over the extensions of an entry. The evidence is what is wrong with it, without whose entry it is. */
export const entryChecks: readonly LintCheck<Entry>[] = [
  {
    id: 'entry-unknown-critical',
    severity: 'error',
    title: 'a critical extension of an entry that verifiers do not know',
    why: 'they must not use the list then, for any certificate; OpenSSL does not. Go, which only reads it, does not mind',
    source: 'RFC 5280, 5.3',
    look: ({ entry }) => entry.extensions.find(({ oid, critical }) => critical && !KNOWN.has(oid))?.oid,
  },
  {
    id: 'entry-known-critical',
    severity: 'warning',
    title: 'the reason or the invalidity date of an entry is critical',
    why: 'they are never critical; OpenSSL does not use such a list',
    source: 'RFC 5280, 5.3.1 and 5.3.2',
    look: ({ entry }) =>
      entry.extensions.find(({ oid, critical }) => critical && KNOWN.has(oid) && oid !== CERTIFICATE_ISSUER)
        ?.oid,
  },
  {
    id: 'entry-extension-twice',
    severity: 'error',
    title: 'an extension of an entry comes twice',
    why: 'verifiers differ on which one counts, or refuse the list; for Go it is the last',
    source: 'RFC 5280, 4.2 and 5.3',
    look: ({ entry }) => firstTwice(entry.extensions.map(({ oid }) => oid)),
  },
  {
    id: 'entry-reason-unknown',
    severity: 'error',
    title: 'a reason that there is not',
    why: 'there are 0 to 6 and 8 to 10; nobody can tell what it means',
    source: 'RFC 5280, 5.3.1',
    look: ({ entry: { reasonCode: reason } }) =>
      reason !== undefined && (reason < 0 || reason > LAST || reason === UNUSED)
        ? `reason ${reason}`
        : undefined,
  },
  {
    id: 'entry-reason-unspecified',
    severity: 'info',
    title: 'the reason says that there is none',
    why: 'an entry without a reason says the same, in one form',
    source: 'RFC 5280, 5.3.1',
    look: ({ entry }) => (entry.reasonCode === UNSPECIFIED ? '' : undefined),
  },
  {
    id: 'entry-reason-remove',
    severity: 'warning',
    title: 'removeFromCRL in a list that is no delta',
    why: 'it takes an entry of an earlier list back; OpenSSL does not count the certificate as revoked, a reader of serial numbers does',
    source: 'RFC 5280, 5.3.1',
    look: ({ entry, list }) =>
      entry.reasonCode === REMOVE && !list.extensions.some(({ oid }) => oid === DELTA) ? '' : undefined,
  },
  {
    id: 'entry-invalidity-date',
    severity: 'warning',
    title: 'the invalidity date is no GeneralizedTime to the second, in UTC',
    why: 'whoever asks since when signatures of the key are worth nothing gets no answer',
    source: 'RFC 5280, 5.3.2 and 4.1.2.5.2',
    look: ({ entry }) =>
      entry.extensions.some(({ oid, value }) => oid === INVALIDITY_DATE && !isTime(value)) ? '' : undefined,
  },
];

function isTime(value: Uint8Array): boolean {
  const reader = new DerReader(value);
  if (reader.peek() !== Tag.generalizedTime) return false;
  const text = Buffer.from(value.subarray(2)).toString('latin1');
  return value.length === 2 + value[1]! && /^\d{14}Z$/.test(text);
}
