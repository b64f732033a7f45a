import { type Certificate, commonName, Oid } from '../x509/index.ts';
import type { LintCheck } from './types.ts';

const dnsNames = ({ subjectAltNames = [] }: Certificate) =>
  subjectAltNames.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));

const firstDnsName = (wrong: (name: string) => boolean) => (certificate: Certificate) =>
  dnsNames(certificate).find(wrong);

const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** Rules over the subject and the alternative names. */
export const nameChecks: readonly LintCheck[] = [
  {
    id: 'names-not-critical',
    severity: 'warning',
    title: 'no subject, and alternative names that are not critical',
    why: 'where the names are all there is, a verifier must look at them; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.6',
    look: ({ subject, extensions }) => {
      const names = extensions.find(({ oid }) => oid === Oid.subjectAltName);
      return subject.rdns.length === 0 && names?.critical === false ? '' : undefined;
    },
  },
  {
    id: 'nameless',
    severity: 'error',
    title: 'neither a subject nor alternative names',
    why: 'it says of nobody that the key is theirs',
    source: 'RFC 5280, 4.1.2.6',
    look: ({ subject, subjectAltNames }) =>
      subject.rdns.length === 0 && !subjectAltNames?.length ? '' : undefined,
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
    id: 'dns-trailing-dot',
    severity: 'error',
    title: 'a DNS name with a dot at its end',
    why: 'Go 1.24.8 and 1.25.2 refuse the certificate, others do not match it',
    source: 'RFC 5280, 4.2.1.6; golang.org/issue/75828',
    look: firstDnsName((name) => name.endsWith('.')),
  },
  {
    id: 'dns-underscore',
    severity: 'info',
    title: 'a DNS name with an underscore',
    why: 'a host name has letters, digits and hyphens only; Go takes it all the same',
    source: 'RFC 1034, 3.5',
    look: firstDnsName((name) => name.includes('_')),
  },
  {
    id: 'dns-wildcard',
    severity: 'warning',
    title: 'an asterisk that is not the whole first label',
    why: 'Go matches it with nothing, and RFC 9525 wants nobody to match it; OpenSSL does',
    source: 'RFC 9525, 6.3',
    look: firstDnsName((name) => name.replace(/^\*\./, '').includes('*')),
  },
  {
    id: 'dns-malformed',
    severity: 'warning',
    title: 'a DNS name that is none',
    why: 'labels have 1 to 63 letters, digits and hyphens, 253 octets in all',
    source: 'RFC 5280, 4.2.1.6; RFC 1034, 3.5',
    look: firstDnsName((name) => {
      const plain = name.replace(/^\*\./, '').replace(/\.$/, '');
      return (
        plain.length > 253 || !(plain.includes('*') || plain.split('.').every((label) => LABEL.test(label)))
      );
    }),
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
