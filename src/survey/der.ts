/** DER says nothing of its kind: a certificate, else a request, a CRL or a key; or one of the containers. */
import { asBuffer, expectedFailure, type Failure, type KubetlsError, type Secret } from '../base/index.ts';
import { isPkcs12, readPkcs12 } from '../keystores/index.ts';
import { readPrivateKey, readPublicKey } from '../x509/index.ts';
import { readers } from './blocks.ts';
import { type Gathered, problem } from './gathered.ts';
import { readKeystore } from './keystore.ts';

export function readDer(
  bytes: Uint8Array,
  found: Gathered,
  place: string | undefined,
  password?: Secret,
): void {
  if (isPkcs12(bytes)) {
    readKeystore(readPkcs12(bytes, password), found, place);
    return;
  }
  const attempts = [
    () => readers.CERTIFICATE(bytes, found, place),
    () => readers['CERTIFICATE REQUEST'](bytes, found, place),
    () => readers['X509 CRL'](bytes, found, place),
    () => found.keys.push({ value: readPrivateKey(bytes).publicKey, place, private: true }),
    () => found.keys.push({ value: readPublicKey(bytes), place, private: false }),
  ];
  const failures: KubetlsError[] = [];
  for (const one of attempts) {
    try {
      one();
      return;
    } catch (error) {
      failures.push(expectedFailure(error));
    }
  }
  // The certificate's refusal is the telling one: that is what people mostly hand in.
  found.problems.push(container(bytes) ?? (failures[0] as KubetlsError));
}

/** What a browser or Windows hands out instead of a certificate: RFC 5652, 3. */
function container(bytes: Uint8Array): Failure | undefined {
  const start = asBuffer(bytes.subarray(0, CONTAINER_BYTES)).toString('hex');
  if (!start.includes('06092a864886f70d010702')) return undefined;
  const hint = `openssl pkcs7 -inform DER -print_certs -in FILE`;
  return problem('survey/container', 'is a PKCS#7 container', { hint });
}

const CONTAINER_BYTES = 32;
