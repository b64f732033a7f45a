import type { Certificate } from '../x509/index.ts';
import { type LooseForm, looseForms, times } from './der-forms.ts';
import { type LintCheck, when } from './types.ts';

const firstOf = (form: LooseForm) => (certificate: Certificate) =>
  looseForms(certificate).find((one) => one.form === form)?.place;

/** What Go's parser takes though it is not as DER, or RFC 5280, has it. */
export const derChecks: readonly LintCheck<Certificate>[] = [
  {
    id: 'time-form',
    severity: 'warning',
    title: 'a date is not in the form that DER has for it',
    why: 'dates to 2049 are UTCTime, later ones GeneralizedTime, with seconds and Z; OpenSSL and others refuse an offset',
    source: 'RFC 5280, 4.1.2.5',
    look: (certificate) => times(certificate).find((text) => !isProperTime(text)),
  },
  {
    id: 'trailing-data',
    severity: 'error',
    title: 'something follows where a structure ends',
    why: 'Go passes over it; OpenSSL and pyca/cryptography cannot read the certificate',
    source: 'RFC 5280, 4.1',
    look: firstOf('trailing'),
  },
  {
    id: 'default-written',
    severity: 'warning',
    title: 'a value that DER leaves out, because it is the default',
    why: 'the same certificate would have two forms; pyca/cryptography cannot read it',
    source: 'X.690, 11.5',
    look: firstOf('default'),
  },
  {
    id: 'set-unsorted',
    severity: 'warning',
    title: 'a SET whose elements are not in order',
    why: 'the same name would have several forms; pyca/cryptography cannot read it',
    source: 'X.690, 11.6',
    look: firstOf('order'),
  },
  {
    id: 'key-usage-bits',
    severity: 'info',
    title: 'keyUsage with zero bits at its end',
    why: 'DER leaves them out, so that a list of usages has one form',
    source: 'X.690, 11.2.2',
    look: firstOf('bits'),
  },
  {
    id: 'key-usage-empty',
    severity: 'error',
    title: 'keyUsage without a usage',
    why: 'for Go it is as if there were none, for OpenSSL the certificate is invalid',
    source: 'RFC 5280, 4.2.1.3',
    look: ({ keyUsage }) => when(keyUsage?.length === 0),
  },
  {
    id: 'extended-usage-empty',
    severity: 'error',
    title: 'extendedKeyUsage without a usage',
    why: 'for Go it is as if there were none; pyca/cryptography cannot read it',
    source: 'RFC 5280, 4.2.1.12',
    look: ({ extendedKeyUsage }) => when(extendedKeyUsage?.length === 0),
  },
  {
    id: 'unique-identifier',
    severity: 'info',
    title: 'a unique identifier of the issuer or the subject',
    why: 'a relic of version 2, which nobody may write any more and Go does not look at',
    source: 'RFC 5280, 4.1.2.8',
    look: firstOf('identifier'),
  },
];

function isProperTime(text: string): boolean {
  if (/^\d{12}Z$/.test(text)) return true;
  return /^\d{14}Z$/.test(text) && (text < '1950' || text >= '2050');
}
