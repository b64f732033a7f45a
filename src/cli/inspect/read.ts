/** From bytes of unknown kind to the values in them: PEM with anything in it, DER, or a kubeconfig. */
import { asBuffer, expectedFailure, type Failure, type KubetlsError } from '../../base/index.ts';
import { type Kubeconfig, parseKubeconfig } from '../../kubeconfig/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  parseCertificate,
  parseRequest,
  parseRevocationList,
  type PemBlock,
  type PublicKey,
  readPem,
  readPrivateKey,
  readPublicKey,
  type RevocationList,
  writePem,
} from '../../x509/index.ts';
import type { CliCode } from '../context.ts';

export interface Inspected {
  readonly source: string;
  readonly certificates: readonly Placed<Certificate>[];
  readonly requests: readonly Placed<CertificateRequest>[];
  readonly revocationLists: readonly Placed<RevocationList>[];
  readonly kubeconfigs: readonly Kubeconfig[];
  /** Private keys are shown by their public half only. */
  readonly keys: readonly (Placed<PublicKey> & { readonly private: boolean })[];
  readonly problems: readonly Failure[];
}

/** A value and where in the source it stands: a line, or the name of a kubeconfig's entry. */
export interface Placed<T> {
  readonly value: T;
  readonly place: string | undefined;
}

type Found = {
  -readonly [K in
    | 'certificates'
    | 'requests'
    | 'revocationLists'
    | 'keys'
    | 'problems']: Inspected[K][number][];
};

export function inspectBytes(bytes: Uint8Array, source: string): Inspected {
  const found: Found = { certificates: [], requests: [], revocationLists: [], keys: [], problems: [] };
  const blocks = readPem(bytes, found.problems);
  for (const block of blocks) attempt(found, () => readBlock(block, found, `line ${block.line}`), block.line);
  const kubeconfigs: Kubeconfig[] = [];
  if (blocks.length === 0) {
    if (bytes[0] === DER_SEQUENCE) readDer(bytes, found);
    else if (found.problems.length === 0) kubeconfigs.push(...readKubeconfig(bytes, source, found));
  }
  return { source, kubeconfigs, ...found };
}

/** What a kubeconfig names instead of holding it. `path` is as it stands there. */
export interface Reference {
  readonly path: string;
  readonly place: string;
}

export function references({ clusters, users }: Kubeconfig): Reference[] {
  const found: Reference[] = [];
  for (const { name, cluster } of clusters) {
    const { certificateAuthority: path, certificateAuthorityData: data } = cluster;
    if (path !== undefined && !data) found.push({ path, place: `cluster ${name}` });
  }
  for (const { name, user } of users) {
    const { clientCertificate, clientCertificateData, clientKey, clientKeyData } = user;
    if (clientCertificate !== undefined && !clientCertificateData)
      found.push({ path: clientCertificate, place: `user ${name}` });
    if (clientKey !== undefined && !clientKeyData) found.push({ path: clientKey, place: `user ${name}` });
  }
  return found;
}

const DER_SEQUENCE = 0x30;

type Reader = (bytes: Uint8Array, found: Found, place: string | undefined) => void;

const readers: Readonly<Record<string, Reader>> = {
  CERTIFICATE: (bytes, found, place) => found.certificates.push({ value: parseCertificate(bytes), place }),
  'CERTIFICATE REQUEST': (bytes, found, place) => found.requests.push({ value: parseRequest(bytes), place }),
  'NEW CERTIFICATE REQUEST': (bytes, found, place) =>
    found.requests.push({ value: parseRequest(bytes), place }),
  'X509 CRL': (bytes, found, place) =>
    found.revocationLists.push({ value: parseRevocationList(bytes), place }),
  'PUBLIC KEY': (bytes, found, place) =>
    found.keys.push({
      value: readPublicKey(Buffer.from(writePem('PUBLIC KEY', bytes))),
      place,
      private: false,
    }),
  // What goes before an EC key; it says nothing that the key does not.
  'EC PARAMETERS': () => {},
};

/** Kinds of blocks that are not read, and what reads them. */
const elsewhere: Readonly<Record<string, string>> = {
  PKCS7: 'openssl pkcs7 -print_certs -in FILE | kubetls inspect -',
  'TRUSTED CERTIFICATE': 'openssl x509 -in FILE | kubetls inspect -',
};

function readBlock({ label, bytes, headers, line }: PemBlock, found: Found, place: string | undefined): void {
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || headers['Proc-Type']?.includes('ENCRYPTED');
  const reader = ownEntry(readers, label);
  if (encrypted) found.problems.push(problem('a private key is encrypted and was not opened', line));
  else if (reader) reader(bytes, found, place);
  else if (label.endsWith('PRIVATE KEY')) {
    const { publicKey } = readPrivateKey(Buffer.from(writePem(label, bytes)));
    found.keys.push({ value: publicKey, place, private: true });
  } else
    found.problems.push(
      problem(`a block of type ${label} is not read here`, line, ownEntry(elsewhere, label)),
    );
}

/** A label is anything that a file says, `__proto__` too, which is in every object. */
function ownEntry<T>(table: Readonly<Record<string, T>>, label: string): T | undefined {
  return Object.hasOwn(table, label) ? table[label] : undefined;
}

function problem(message: string, line?: number, hint?: string): Failure<CliCode> {
  return {
    code: 'cli/file',
    message,
    ...(line !== undefined && { where: { line } }),
    ...(hint !== undefined && { hint }),
  };
}

/** DER says nothing of its kind: a certificate, else a request, a CRL or a key. */
function readDer(bytes: Uint8Array, found: Found): void {
  const attempts = [
    () => readers['CERTIFICATE']?.(bytes, found, undefined),
    () => readers['CERTIFICATE REQUEST']?.(bytes, found, undefined),
    () => readers['X509 CRL']?.(bytes, found, undefined),
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
  found.problems.push(container(bytes) ?? (failures[0] as KubetlsError));
}

/** What a browser or Windows hands out instead of a certificate: RFC 7292, 4 (version 3) and RFC 5652, 3. */
function container(bytes: Uint8Array): Failure | undefined {
  const start = asBuffer(bytes.subarray(0, CONTAINER_BYTES)).toString('hex');
  if (/^30(80|8.(..)+?|[0-7].)020103/.test(start)) {
    return problem(
      'is a PKCS#12 container',
      undefined,
      'openssl pkcs12 -in FILE -nokeys | kubetls inspect -',
    );
  }
  return start.includes('06092a864886f70d010702')
    ? problem('is a PKCS#7 container', undefined, `openssl pkcs7 -inform DER -print_certs -in FILE`)
    : undefined;
}

const CONTAINER_BYTES = 32;

function readKubeconfig(bytes: Uint8Array, source: string, found: Found): Kubeconfig[] {
  const text = asBuffer(bytes).toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
  if (text.includes('-----BEGIN ')) {
    found.problems.push(problem('is PEM in UTF-16: Go programs read nothing in it', 1, 'save it as UTF-8'));
    return [];
  }
  const [, kind = 'Config'] = /^kind: *["']?(\w+)/m.exec(text) ?? [];
  if (kind !== 'Config' || !/^\s*("?kind"?\s*:|"?apiVersion"?\s*:|"?clusters"?\s*:|\{|---)/m.test(text)) {
    return [];
  }
  let config: Kubeconfig | undefined;
  attempt(found, () => {
    config = parseKubeconfig(bytes, source);
  });
  if (!config) return [];
  for (const { name, cluster } of config.clusters)
    readEmbedded(cluster.certificateAuthorityData, `cluster ${name}`, found);
  for (const { name, user } of config.users) {
    readEmbedded(user.clientCertificateData, `user ${name}`, found);
    readEmbedded(user.clientKeyData?.reveal(), `user ${name}`, found);
  }
  return [config];
}

function readEmbedded(bytes: Uint8Array | undefined, place: string, found: Found): void {
  if (!bytes) return;
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
