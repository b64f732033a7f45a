/** What a file holds, told by its content: names and endings are not looked at. */
import { asBuffer, type Failure, KubetlsError } from '../base/index.ts';
import { type Kubeconfig, parseKubeconfig } from '../kubeconfig/index.ts';
import { type PemBlock, readCertificates, readPem, readPrivateKey, readPublicKey } from '../x509/index.ts';
import type { Content } from './types.ts';

export type InventoryCode =
  | 'inventory/too-large'
  | 'inventory/empty'
  | 'inventory/binary'
  | 'inventory/der'
  | 'inventory/unknown-pem'
  | 'inventory/unknown';

/** 1 MiB: what a Secret or a ConfigMap may hold (core/v1 MaxSecretSize), and 500 times a certificate. */
const MAX_BYTES = 1 << 20;

/** Never throws: what cannot be read is `unreadable`, with the reason. Failures name lines, not the file. */
export function classify(bytes: Uint8Array): Content {
  try {
    return contentOf(bytes);
  } catch (error) {
    if (error instanceof KubetlsError) return unreadable(error);
    throw error;
  }
}

function contentOf(bytes: Uint8Array): Content {
  if (bytes.length > MAX_BYTES) {
    return refused('inventory/too-large', `the file is larger than ${MAX_BYTES} bytes`);
  }
  const buffer = asBuffer(bytes);
  if (hasPem(buffer)) return pemContent(bytes);
  if (bytes[0] === DER_SEQUENCE) {
    const hint = 'convert it: openssl x509 -inform DER (or openssl pkey -inform DER)';
    return refused('inventory/der', 'the file is DER; Kubernetes reads PEM', hint);
  }
  if (buffer.includes(0)) return refused('inventory/binary', 'the file is binary');
  if (buffer.toString('latin1').trim() === '') return refused('inventory/empty', 'the file is empty');
  const config = parseKubeconfig(bytes);
  if (isEmpty(config)) return refused('inventory/unknown', 'the file is neither PEM nor a kubeconfig');
  return { kind: 'kubeconfig', config };
}

const DER_SEQUENCE = 0x30;
const BEGIN = Buffer.from('-----BEGIN ');
const LINE_FEED = 0x0a;

/** A block at the start of a line, where encoding/pem looks for it; in YAML it would be indented. */
function hasPem(buffer: Buffer): boolean {
  for (let at = buffer.indexOf(BEGIN); at >= 0; at = buffer.indexOf(BEGIN, at + 1)) {
    if (at === 0 || buffer[at - 1] === LINE_FEED || at === BOM_LENGTH) return true;
  }
  return false;
}

const BOM_LENGTH = 3;

/**
 * A certificate counts before a key: kubelet-client-current.pem holds both, and is a client certificate
 * with its key (client-go util/certificate/certificate_store.go).
 */
function pemContent(bytes: Uint8Array): Content {
  const problems: Failure[] = [];
  const blocks = readPem(bytes, problems);
  if (blocks.some(isCertificate)) return certificatesContent(bytes);
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))) {
    return { kind: 'private-key', key: readPrivateKey(bytes) };
  }
  if (blocks.some(({ label }) => label === 'PUBLIC KEY')) {
    return { kind: 'public-key', key: readPublicKey(bytes) };
  }
  const [problem] = problems;
  if (problem) return unreadable(problem);
  const labels = [...new Set(blocks.map(({ label }) => label))].join(', ');
  return refused('inventory/unknown-pem', `the file holds neither a certificate nor a key, but: ${labels}`);
}

function isCertificate({ label }: PemBlock): boolean {
  return label.endsWith('CERTIFICATE');
}

function certificatesContent(bytes: Uint8Array): Content {
  const { certificates, problems } = readCertificates(bytes);
  const [problem] = problems;
  return certificates.length === 0 && problem ? unreadable(problem) : { kind: 'certificates', certificates };
}

/** Any YAML mapping is a kubeconfig to client-go, one with nothing in it. */
function isEmpty({ clusters, users, contexts, currentContext }: Kubeconfig): boolean {
  return clusters.length + users.length + contexts.length === 0 && currentContext === '';
}

function refused(code: InventoryCode, message: string, hint?: string): Content {
  return { kind: 'unreadable', failure: { code, message, ...(hint !== undefined && { hint }) } };
}

function unreadable({ code, message, where, hint }: Failure): Content {
  const failure = { code, message, ...(where && { where }), ...(hint !== undefined && { hint }) };
  return { kind: 'unreadable', failure };
}
