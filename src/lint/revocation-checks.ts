import type { RevocationList } from '../x509/index.ts';
import { signatureChecks } from './shared-checks.ts';
import { firstTwice, type LintCheck, when } from './types.ts';

/** Critical extensions that verifiers of CRLs know (RFC 5280, 5.2.4 and 5.2.5): delta CRL, issuing distribution point. */
const CRITICAL: ReadonlySet<string> = new Set(['2.5.29.27', '2.5.29.28']);

/** Rules over a CRL that Go, which only reads it, does not have. */
export const revocationChecks: readonly LintCheck<RevocationList>[] = [
  ...signatureChecks,
  {
    id: 'list-issuer-empty',
    severity: 'error',
    title: 'the issuer has no name',
    why: 'nobody can tell whose certificates it revokes',
    source: 'RFC 5280, 5.1.2.3',
    look: ({ issuer }) => when(issuer.rdns.length === 0),
  },
  {
    id: 'list-without-next-update',
    severity: 'warning',
    title: 'it does not say when the next one comes',
    why: 'nobody can tell whether an old list is still the last one; an old one that is played back is believed for ever',
    source: 'RFC 5280, 5.1.2.5',
    look: ({ nextUpdate }) => when(nextUpdate === undefined),
  },
  {
    id: 'list-reversed',
    severity: 'error',
    title: 'the next one was due before this one came',
    why: 'it is never in force',
    source: 'RFC 5280, 5.1.2.5',
    look: ({ thisUpdate, nextUpdate }) => when(nextUpdate !== undefined && nextUpdate < thisUpdate),
  },
  {
    id: 'list-without-number',
    severity: 'warning',
    title: 'it has no number',
    why: 'of two lists nobody can tell which one replaces the other',
    source: 'RFC 5280, 5.2.3',
    look: ({ number }) => when(number === undefined),
  },
  {
    id: 'list-without-key-id',
    severity: 'warning',
    title: 'without authorityKeyIdentifier',
    why: 'it says by which of the keys of its issuer it was signed',
    source: 'RFC 5280, 5.2.1',
    look: ({ authorityKeyId }) => when(authorityKeyId === undefined),
  },
  {
    id: 'list-extension-twice',
    severity: 'error',
    title: 'an extension comes twice',
    why: 'verifiers differ on which one counts, or refuse the list; for Go it is the last',
    source: 'RFC 5280, 4.2 and 5.2',
    look: ({ extensions }) => firstTwice(extensions.map(({ oid }) => oid)),
  },
  {
    id: 'list-unknown-critical',
    severity: 'error',
    title: 'a critical extension that verifiers do not know',
    why: 'they must not use the list then; Go, which only reads it, does not mind',
    source: 'RFC 5280, 5.2',
    look: ({ extensions }) => extensions.find(({ oid, critical }) => critical && !CRITICAL.has(oid))?.oid,
  },
];
