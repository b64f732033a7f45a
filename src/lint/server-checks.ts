import { type Certificate, commonName, isEmptyName, Oid } from '../x509/index.ts';
import { extensionOf, type LintCheck, when } from './types.ts';

/** Rules over names that depend on what a certificate is for. */
export const serverChecks: readonly LintCheck<Certificate>[] = [
  {
    id: 'names-not-critical',
    severity: 'warning',
    title: 'no subject, and alternative names that are not critical',
    why: 'where the names are all there is, a verifier must look at them; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.6',
    look: (certificate) =>
      when(
        isEmptyName(certificate.subject) && extensionOf(certificate, Oid.subjectAltName)?.critical === false,
      ),
  },
  {
    id: 'server-without-names',
    severity: 'error',
    title: 'a server certificate without alternative names',
    why: 'Go does not look at the common name',
    source: 'RFC 9525, 6.3',
    look: ({ extendedKeyUsage, subjectAltNames, basicConstraints }) =>
      extendedKeyUsage?.includes('serverAuth') && !subjectAltNames?.length && !basicConstraints?.ca
        ? ''
        : undefined,
  },
  {
    id: 'server-name-not-among-names',
    severity: 'info',
    title: 'a common name that looks like a host and is not among the alternative names',
    why: 'Go does not look at it, though people do; OpenSSL does when there are no DNS names',
    source: 'RFC 9525, 2',
    look: (certificate) => {
      const { subject, subjectAltNames = [], extendedKeyUsage } = certificate;
      const name = commonName(subject);
      const isHost = /^(?=.*\.)[a-z0-9.-]+$/i.test(name) && extendedKeyUsage?.includes('serverAuth');
      return isHost && !subjectAltNames.some((one) => 'value' in one && one.value === name)
        ? name
        : undefined;
    },
  },
];
