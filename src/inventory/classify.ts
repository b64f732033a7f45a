/** What a file holds, told by its content: names and endings are not looked at. */
import { asBuffer, type Failure, KubetlsError } from '../base/index.ts';
import { type Kubeconfig, parseKubeconfig } from '../kubeconfig/index.ts';
import { readCertificates, readPrivateKey, readPublicKey } from '../x509/index.ts';
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
  const labels = pemLabels(buffer);
  if (labels.size > 0) return pemContent(bytes, labels);
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
const DASHES = Buffer.from('-----');
const LINE_FEED = 0x0a;
const BOM_LENGTH = 3;

/**
 * The labels of what looks like blocks: at the start of a line, where encoding/pem looks for them; in YAML
 * they would be indented. Each reader then judges for itself whether they are blocks: a file is read once.
 */
function pemLabels(buffer: Buffer): Set<string> {
  const labels = new Set<string>();
  for (let at = buffer.indexOf(BEGIN); at >= 0; at = buffer.indexOf(BEGIN, at + 1)) {
    if (at !== 0 && buffer[at - 1] !== LINE_FEED && at !== BOM_LENGTH) continue;
    const start = at + BEGIN.length;
    const end = buffer.subarray(start, start + LABEL_BYTES).indexOf(DASHES);
    if (end > 0) labels.add(buffer.toString('latin1', start, start + end));
  }
  return labels;
}

/** Longer than any label of RFC 7468. */
const LABEL_BYTES = 64;

/**
 * A certificate counts before a key: kubelet-client-current.pem holds both, and is a client certificate
 * with its key (client-go util/certificate/certificate_store.go).
 */
function pemContent(bytes: Uint8Array, labels: ReadonlySet<string>): Content {
  const all = [...labels];
  if (all.some((label) => label.endsWith('CERTIFICATE'))) return certificatesContent(bytes);
  if (all.some((label) => label.endsWith('PRIVATE KEY'))) {
    return { kind: 'private-key', key: readPrivateKey(bytes) };
  }
  if (labels.has('PUBLIC KEY')) return { kind: 'public-key', key: readPublicKey(bytes) };
  const message = `the file holds neither a certificate nor a key, but: ${all.join(', ')}`;
  return refused('inventory/unknown-pem', message);
}

function certificatesContent(bytes: Uint8Array): Content {
  const { certificates, problems } = readCertificates(bytes);
  const [problem] = problems;
  return certificates.length === 0 && problem
    ? unreadable(problem)
    : { kind: 'certificates', certificates, problems };
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
