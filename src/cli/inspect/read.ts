/** From bytes of unknown kind to the values in them: PEM with anything in it, DER, or a kubeconfig. */
import { expectedFailure, type Failure, type KubetlsError } from '../../base/index.ts';
import { type Kubeconfig, parseKubeconfig } from '../../kubeconfig/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  parseCertificate,
  parseRequest,
  type PemBlock,
  type PublicKey,
  readPem,
  readPrivateKey,
  readPublicKey,
  writePem,
} from '../../x509/index.ts';

export interface Inspected {
  readonly source: string;
  readonly certificates: readonly Placed<Certificate>[];
  readonly requests: readonly Placed<CertificateRequest>[];
  readonly kubeconfigs: readonly Kubeconfig[];
  /** Private keys are shown by their public half only. */
  readonly keys: readonly (Placed<PublicKey> & { readonly private: boolean })[];
  readonly problems: readonly Failure[];
}

/** A value and where in the source it stands: a line, or the name of a kubeconfig's entry. */
interface Placed<T> {
  readonly value: T;
  readonly place: string | undefined;
}

type Found = { -readonly [K in 'certificates' | 'requests' | 'keys' | 'problems']: Inspected[K][number][] };

export function inspectBytes(bytes: Uint8Array, source: string): Inspected {
  const found: Found = { certificates: [], requests: [], keys: [], problems: [] };
  const blocks = readPem(bytes, found.problems);
  for (const block of blocks) attempt(found, () => readBlock(block, found, `line ${block.line}`), block.line);
  const nothing = blocks.length === 0;
  if (nothing && bytes[0] === 0x30) readDer(bytes, found);
  const kubeconfigs = nothing && bytes[0] !== 0x30 ? readKubeconfig(bytes, source, found) : [];
  return { source, kubeconfigs, ...found };
}

const readers: Readonly<
  Record<string, (bytes: Uint8Array, found: Found, place: string | undefined) => void>
> = {
  CERTIFICATE: (bytes, found, place) => found.certificates.push({ value: parseCertificate(bytes), place }),
  'CERTIFICATE REQUEST': (bytes, found, place) => found.requests.push({ value: parseRequest(bytes), place }),
};

function readBlock(block: PemBlock, found: Found, place: string | undefined): void {
  const { label, bytes } = block;
  const again = Buffer.from(writePem(label, bytes));
  if (label === 'ENCRYPTED PRIVATE KEY') {
    found.problems.push({
      code: 'cli/file',
      message: 'a private key is encrypted and was not opened',
      where: { line: block.line },
    });
  } else if (label === 'PUBLIC KEY') found.keys.push({ value: readPublicKey(again), place, private: false });
  else if (label.endsWith('PRIVATE KEY'))
    found.keys.push({ value: readPrivateKey(again).publicKey, place, private: true });
  else if (label !== 'EC PARAMETERS') {
    const reader = readers[label === 'NEW CERTIFICATE REQUEST' ? 'CERTIFICATE REQUEST' : label];
    if (reader) reader(bytes, found, place);
    else
      found.problems.push({
        code: 'cli/file',
        message: `a block of type ${label} is not read here`,
        where: { line: block.line },
      });
  }
}

/** DER says nothing of its kind: a certificate, else a request, else a key. */
function readDer(bytes: Uint8Array, found: Found): void {
  const attempts = [
    () => readers['CERTIFICATE']?.(bytes, found, undefined),
    () => readers['CERTIFICATE REQUEST']?.(bytes, found, undefined),
    () => found.keys.push({ value: readPrivateKey(bytes).publicKey, place: undefined, private: true }),
    () => found.keys.push({ value: readPublicKey(bytes), place: undefined, private: false }),
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
  found.problems.push(failures[0] as KubetlsError);
}

function readKubeconfig(bytes: Uint8Array, source: string, found: Found): Kubeconfig[] {
  const text = Buffer.from(bytes).toString('utf8');
  if (!/^\s*("?kind"?\s*:|"?apiVersion"?\s*:|"?clusters"?\s*:|\{|---)/m.test(text)) return [];
  let config: Kubeconfig | undefined;
  attempt(found, () => {
    config = parseKubeconfig(text, source);
  });
  if (!config) return [];
  for (const { name, cluster } of config.clusters) {
    if (cluster.certificateAuthorityData)
      readEmbedded(cluster.certificateAuthorityData, `cluster ${name}`, found);
  }
  for (const { name, user } of config.users) {
    if (user.clientCertificateData) readEmbedded(user.clientCertificateData, `user ${name}`, found);
  }
  return [config];
}

function readEmbedded(bytes: Uint8Array, place: string, found: Found): void {
  for (const block of readPem(bytes, found.problems)) attempt(found, () => readBlock(block, found, place));
}

function attempt(found: Found, read: () => void, line?: number): void {
  try {
    read();
  } catch (error) {
    const { code, message, hint, where: inside } = expectedFailure(error);
    const where = { ...(line === undefined ? {} : { line }), ...inside };
    found.problems.push({ code, message, where, ...(hint === undefined ? {} : { hint }) });
  }
}
