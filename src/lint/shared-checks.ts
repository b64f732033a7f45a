import { type Certificate, signatureAlgorithm, signatureAlgorithmName, Tag } from '../x509/index.ts';
import { type LintCheck, when } from './types.ts';

/** NIST SP 800-57 part 1, 5.6.1.1: 112 bits of strength. */
const SMALLEST_RSA = 2048;

/** Rules over the key, of a certificate or of a request. */
export const keyChecks: readonly LintCheck<Pick<Certificate, 'publicKey'>>[] = [
  {
    id: 'key-weak',
    severity: 'error',
    title: 'the RSA key has less than 2048 bits',
    why: 'it can be broken; OpenSSL refuses it in TLS from 3.2 on',
    source: 'NIST SP 800-57 part 1, 5.6.1.1',
    look: ({ publicKey: { kind, bits } }) => when(kind === 'rsa' && bits < SMALLEST_RSA, `${bits} bits`),
  },
  {
    id: 'key-unknown',
    severity: 'error',
    title: 'a key that Go cannot use',
    why: 'Go knows RSA, the NIST curves and Ed25519; whatever this key signs is refused',
    source: 'crypto/x509, parsePublicKey',
    look: ({ publicKey: { kind, name } }) => when(kind === 'unknown', name),
  },
];

type Signed = Pick<Certificate, 'signatureAlgorithm' | 'signatureParameters'>;

/** Rules over how it is signed: a certificate, a request, a CRL. */
export const signatureChecks: readonly LintCheck<Signed>[] = [
  {
    id: 'signature-weak',
    severity: 'error',
    title: 'it is signed with a broken hash',
    why: 'certificates with this hash have been forged; Go refuses the signature too, unless this is a root',
    source: 'RFC 6151; RFC 6194',
    look: ({ signatureAlgorithm, signatureParameters }) => {
      const name = signatureAlgorithmName(signatureAlgorithm, signatureParameters);
      return when(/^(MD[25]|SHA1)-|-SHA1$/.test(name), name);
    },
  },
  {
    id: 'signature-parameters',
    severity: 'info',
    title: 'the parameters of the signature algorithm are wrong',
    why: 'RSA has NULL there, ECDSA nothing; Go does not look at them',
    source: 'RFC 4055, 5; RFC 5758, 3.2',
    look: ({ signatureAlgorithm: oid, signatureParameters: parameters }) => {
      const known = signatureAlgorithm(oid, parameters);
      const isNull = parameters?.length === 2 && parameters[0] === Tag.null;
      const wrong =
        known?.kind === 'rsa' ? !isNull : known?.kind === 'ecdsa' ? parameters !== undefined : false;
      return when(wrong, known?.name);
    },
  },
];
