import { asBuffer, expectedFailure } from '../base/index.ts';
import type { ComponentName } from '../cluster/index.ts';
import { type GoRules, newestRules, parseRefusal } from '../verify/index.ts';
import { type Certificate, parseCertificateBy, type PemBlock, readPemAsGo } from '../x509/index.ts';
import { type Broken, broken } from './sources.ts';

/**
 * Which program reads a bundle of authorities how. They differ in what they do with a block that is no good
 * certificate, and in what they look at as one. How a certificate with its key is read: `pair.ts`.
 */
export type Loader = keyof typeof LOADERS;

interface Rule {
  /** Only blocks of label CERTIFICATE without headers count; else every block does. */
  readonly onlyCertificates: boolean;
  /** What becomes of one that does not parse. */
  readonly bad: 'passed over' | 'refused';
  /** Why the bundle is refused when there was none in it; undefined: it is an empty pool then. */
  readonly none:
    | ((bytes: Uint8Array, blocks: readonly PemBlock[], rules: GoRules) => string | undefined)
    | undefined;
  /** How many there must be, if that matters. */
  readonly exactly?: number;
}

const NO_CERTIFICATES = 'data does not contain any valid RSA or ECDSA certificates';

const LOADERS = {
  /**
   * client-go transport/transport.go, rootCertPool: what a kubeconfig, kubectl, or kube-apiserver as the client of
   * kubelets trusts. x509.CertPool.AppendCertsFromPEM.
   */
  'client-go': { onlyCertificates: true, bad: 'passed over', none: whyClientGoFoundNone },
  /**
   * apiserver pkg/server/dynamiccertificates, newCABundleAndVerifier, by client-go util/cert NewPoolFromBytes:
   * whom kube-apiserver, kubelet (cmd/kubelet/app/auth.go), controller manager and scheduler let in.
   */
  'dynamic-ca': { onlyCertificates: true, bad: 'refused', none: () => NO_CERTIFICATES },
  /**
   * etcd client/pkg/tlsutil/tlsutil.go, NewCertPool: etcd on both sides, and whoever dials it with etcd's client,
   * kube-apiserver too (--etcd-cafile). It looks at no label, so that a key in the file is a broken certificate.
   */
  etcd: { onlyCertificates: false, bad: 'refused', none: undefined },
  /** kubernetes pkg/controller/certificates/signer/ca_provider.go: --cluster-signing-cert-file. */
  'csr-signer': { onlyCertificates: true, bad: 'refused', none: () => NO_CERTIFICATES, exactly: 1 },
} satisfies Record<string, Rule>;

/** How an endpoint of this component reads the anchors of its clients. */
export function serverLoader(component: ComponentName): Loader {
  return component === 'etcd' ? 'etcd' : 'dynamic-ca';
}

/** How a client reads the anchors of an endpoint of this component. */
export function clientLoader(endpoint: ComponentName): Loader {
  return endpoint === 'etcd' ? 'etcd' : 'client-go';
}

/** The certificates that this loader takes, in order, or why it refuses the bundle, in its words. */
export function loadBundle(
  loader: Loader,
  bytes: Uint8Array,
  rules: GoRules = newestRules,
): readonly Certificate[] | Broken {
  const { onlyCertificates, bad, none, exactly }: Rule = LOADERS[loader];
  const blocks = readPemAsGo(bytes);
  const certificates: Certificate[] = [];
  for (const block of blocks) {
    if (onlyCertificates && !isPlain(block)) continue;
    const read = parsed(block, rules);
    if (typeof read !== 'string') certificates.push(read);
    else if (bad === 'refused') return broken(read);
  }
  const missing = certificates.length === 0 ? none?.(bytes, blocks, rules) : undefined;
  if (missing !== undefined) return broken(missing);
  if (exactly !== undefined && certificates.length !== exactly) {
    return broken(`expected ${exactly} certificate, found ${certificates.length}`);
  }
  return certificates;
}

function isPlain({ label, headers }: PemBlock): boolean {
  return label === 'CERTIFICATE' && Object.keys(headers).length === 0;
}

/** Go's text when it is no certificate. */
function parsed({ bytes }: PemBlock, rules: GoRules): Certificate | string {
  try {
    return parseCertificateBy(bytes, rules);
  } catch (error) {
    return parseRefusal(expectedFailure(error), rules);
  }
}

/** createErrorParsingCAData. An empty bundle is an empty pool since client-go 0.36; before, it meant the system's roots. */
function whyClientGoFoundNone(
  bytes: Uint8Array,
  blocks: readonly PemBlock[],
  rules: GoRules,
): string | undefined {
  if (bytes.length === 0) return undefined;
  const reason = blocks
    .filter(isPlain)
    .map((block) => parsed(block, rules))
    .find((read) => typeof read === 'string');
  const why = reason === undefined ? whyNoBlock(bytes, blocks) : `failed to parse certificate: ${reason}`;
  return `unable to load root certificates: ${why}`;
}

/** It asks for blocks until nothing is left: what follows the last one makes another sentence. */
function whyNoBlock(bytes: Uint8Array, blocks: readonly PemBlock[]): string {
  const last = blocks.at(-1);
  const lines = asBuffer(bytes).toString('latin1').split('\n');
  const ends = lines.slice((last?.line ?? 1) - 1).join('\n');
  return last && /^[^]*?\n-----END [^\n]*\n?$/.test(ends) && ends.split('\n-----END ').length === 2
    ? 'no valid certificate authority data seen'
    : 'unable to parse bytes as PEM block';
}
