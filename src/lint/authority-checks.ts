import { type Certificate, generalNameText, Oid } from '../x509/index.ts';
import { extensionOf, isAuthority, type LintCheck, when } from './types.ts';

const maySign = ({ keyUsage }: Certificate) => keyUsage?.includes('keyCertSign') !== false;

/** Rules over what authorities have, and what only they may have. */
export const authorityChecks: readonly LintCheck<Certificate>[] = [
  {
    id: 'ca-constraints-not-critical',
    severity: 'warning',
    title: 'an authority whose basicConstraints are not critical',
    why: 'a verifier that does not know the extension would take the certificate for a leaf',
    source: 'RFC 5280, 4.2.1.9',
    look: (certificate) =>
      when(isAuthority(certificate) && extensionOf(certificate, Oid.basicConstraints)?.critical === false),
  },
  {
    id: 'ca-without-key-usage',
    severity: 'warning',
    title: 'an authority without keyUsage',
    why: 'a conforming authority says what its key may sign; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.3',
    look: (certificate) => when(isAuthority(certificate) && certificate.keyUsage === undefined),
  },
  {
    id: 'ca-cannot-sign',
    severity: 'error',
    title: 'an authority whose keyUsage does not let it sign certificates',
    why: 'whatever it signs is refused',
    source: 'RFC 5280, 4.2.1.9',
    look: (certificate) => when(isAuthority(certificate) && !maySign(certificate)),
  },
  {
    id: 'ca-without-subject',
    severity: 'error',
    title: 'an authority without a subject',
    why: 'nothing that it signs can name its issuer',
    source: 'RFC 5280, 4.1.2.6',
    look: (certificate) => when(isAuthority(certificate) && certificate.subject.rdns.length === 0),
  },
  {
    id: 'ca-without-key-id',
    severity: 'warning',
    title: 'an authority without subjectKeyIdentifier',
    why: 'of several authorities of one name nobody can tell which one signed; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.2',
    look: (certificate) => when(isAuthority(certificate) && certificate.subjectKeyId === undefined),
  },
  {
    id: 'leaf-signs',
    severity: 'error',
    title: 'a leaf that says it signs certificates',
    why: 'keyCertSign goes with an authority only; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.3',
    look: (certificate) =>
      when(!isAuthority(certificate) && certificate.keyUsage?.includes('keyCertSign') === true),
  },
  {
    id: 'leaf-path-length',
    severity: 'error',
    title: 'a path length on a certificate that is no authority',
    why: 'it means nothing there, and OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.9',
    look: ({ basicConstraints }) =>
      when(basicConstraints?.ca === false && basicConstraints.pathLength !== undefined),
  },
  {
    id: 'ca-with-extended-usage',
    severity: 'info',
    title: 'an authority with extendedKeyUsage',
    why: 'it is made for leaves; Go, OpenSSL and others take it as a limit of all that is below, RFC 5280 does not say so',
    source: 'RFC 5280, 4.2.1.12',
    look: (certificate) =>
      when(
        isAuthority(certificate) && certificate.extendedKeyUsage !== undefined,
        certificate.extendedKeyUsage?.join(', '),
      ),
  },
  {
    id: 'leaf-name-constraints',
    severity: 'warning',
    title: 'name constraints on a certificate that is no authority',
    why: 'they limit what is below, and there is nothing below',
    source: 'RFC 5280, 4.2.1.10',
    look: (certificate) => when(!isAuthority(certificate) && certificate.nameConstraints !== undefined),
  },
  {
    id: 'name-constraints-not-critical',
    severity: 'warning',
    title: 'name constraints that are not critical',
    why: 'a verifier that does not know them would pass over them, and the authority would have no limits',
    source: 'RFC 5280, 4.2.1.10',
    look: ({ nameConstraints }) => when(nameConstraints?.critical === false),
  },
  {
    id: 'name-constraints-host-bits',
    severity: 'error',
    title: 'an IP constraint with bits outside of its mask',
    why: 'Go searches by the address as it is written, and so may refuse what is inside of the range',
    source: 'RFC 5280, 4.2.1.10; RFC 4632, 3.1; crypto/x509/constraints.go',
    look: ({ nameConstraints }) => {
      const wrong = [...(nameConstraints?.permitted ?? []), ...(nameConstraints?.excluded ?? [])].find(
        (name) => name.kind === 'ip' && hasHostBits(name.bytes),
      );
      return wrong && generalNameText(wrong);
    },
  },
];

/** An address and its mask, of the same length. */
function hasHostBits(range: Uint8Array): boolean {
  const half = range.length / 2;
  return range.subarray(0, half).some((octet, i) => (octet & ~(range[half + i] ?? 0)) !== 0);
}
