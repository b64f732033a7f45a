import { attributeValues, type Certificate, generalNameText, isEmptyName, Oid } from '../x509/index.ts';
import { firstTwice, type LintCheck, when } from './types.ts';

type Named = Pick<Certificate, 'subject' | 'subjectAltNames'>;

const dnsNames = ({ subjectAltNames = [] }: Named) =>
  subjectAltNames.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));

const firstDnsName = (wrong: (name: string) => boolean) => (named: Named) => dnsNames(named).find(wrong);

const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** Tags of GeneralName (RFC 5280, 4.2.1.6): constructed where its type is. */
const NAME_TAGS: ReadonlySet<number> = new Set([0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88]);

/** Rules over the subject and the alternative names, of a certificate or of a request. */
export const subjectChecks: readonly LintCheck<Named>[] = [
  {
    id: 'nameless',
    severity: 'error',
    title: 'neither a subject nor alternative names',
    why: 'it says of nobody that the key is theirs',
    source: 'RFC 5280, 4.1.2.6',
    look: ({ subject, subjectAltNames }) => when(isEmptyName(subject) && !subjectAltNames?.length),
  },
  {
    id: 'common-name-twice',
    severity: 'warning',
    title: 'several common names',
    why: 'who it is depends on who looks: for Go, and so for Kubernetes, the last one counts',
    source: 'crypto/x509/pkix, FillFromRDNSequence',
    look: ({ subject }) => {
      const names = attributeValues(subject, Oid.commonName);
      return when(names.length > 1, names.join(', '));
    },
  },
  {
    id: 'attribute-twice',
    severity: 'info',
    title: 'one part of the subject has two values of a type',
    why: 'the types of a relative distinguished name differ; Go itself writes several organizations so',
    source: 'X.501, 9.3',
    look: ({ subject }) => subject.rdns.flatMap((rdn) => firstTwice(rdn.map(({ type }) => type)) ?? []).at(0),
  },
  {
    id: 'subject-part-empty',
    severity: 'warning',
    title: 'a part of the subject is empty',
    why: 'a relative distinguished name is a SET of one attribute at least; pyca/cryptography cannot read it',
    source: 'RFC 5280, 4.1.2.4',
    look: ({ subject }) => when(subject.rdns.some((rdn) => rdn.length === 0)),
  },
  {
    id: 'names-empty',
    severity: 'error',
    title: 'alternative names of which there are none',
    why: 'where the extension is, it holds a name; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.6',
    look: ({ subjectAltNames }) => when(subjectAltNames?.length === 0),
  },
  {
    id: 'names-unread',
    severity: 'error',
    title: 'an alternative name in a form that there is not',
    why: 'Go passes over it without a word; pyca/cryptography cannot read it',
    source: 'RFC 5280, 4.2.1.6; X.690, 10.2',
    look: ({ subjectAltNames = [] }) => {
      const unread = subjectAltNames.find((name) => name.kind === 'other' && !NAME_TAGS.has(name.tag));
      return unread && generalNameText(unread);
    },
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
];
