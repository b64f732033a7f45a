// Both directions of every edge as Go's own crypto/tls and crypto/x509 judge them, from the files of a state.
// How components find those files is written down here once more, so that kubetls' rules are not asked about themselves.
import path from 'node:path';
import { parse } from 'yaml';
import type { Edge, StatePath } from '../../src/cluster/index.ts';
import type { Inventory } from '../../src/inventory/index.ts';
import { goKeyPair, goVerify, type VerifyQuestion } from './oracle.ts';

export interface Scene {
  edges: readonly Edge[];
  inventory: Inventory;
  at: number;
}

/** What one side says to the other; undefined: it has nothing to judge by certificates. */
export interface GoVerdict {
  edge: Edge;
  side: 'server' | 'client';
  error: string | undefined;
}

/** PEM that a program presents, with the key that it has for it. */
interface Pair {
  cert: string;
  key: string;
}

interface Judgement {
  edge: Edge;
  side: 'server' | 'client';
  pair: Pair;
  /** PEM of whom the other side trusts. */
  roots: string;
  name: string;
  wrapped: boolean;
  at: number;
}

/** One list of verdicts for each scene, in the order of its edges, the server before the client. */
export async function goVerdicts(oracle: string, scenes: readonly Scene[]): Promise<GoVerdict[][]> {
  const judgements = scenes.map((scene) => scene.edges.flatMap((edge) => judgementsOf(edge, scene)));
  const all = judgements.flat();
  const pairs = await goKeyPair(
    oracle,
    all.map(({ pair }) => pair),
  );
  const chains = await goVerify(oracle, all.map(questionOf));
  const verdicts = all.map(({ edge, side, wrapped }, i): GoVerdict => {
    const refused = chains[i]?.ok ? undefined : (chains[i]?.error ?? 'no answer');
    const said = refused && wrapped ? `tls: failed to verify certificate: ${refused}` : refused;
    return { edge, side, error: pairs[i]?.ok ? said : pairs[i]?.error };
  });
  return judgements.map((list) => verdicts.splice(0, list.length));
}

function judgementsOf(edge: Edge, { inventory, at }: Scene): Judgement[] {
  const text = (file: StatePath) => Buffer.from(inventory.get(file)?.bytes ?? []).toString('latin1');
  const { endpoint } = edge;
  const client = clientOf(edge, text);
  const judgements: Judgement[] = [];
  if (endpoint.serves !== 'self-signed' && client.roots !== undefined) {
    const pair = { cert: text(endpoint.serves.certificate), key: text(endpoint.serves.key) };
    judgements.push({
      edge,
      side: 'server',
      pair,
      roots: client.roots,
      name: client.name,
      wrapped: true,
      at,
    });
  }
  if (client.pair) {
    const { verified, anchors, frontProxy } = endpoint.clients;
    const files = edge.as === 'front-proxy' && frontProxy ? [frontProxy.anchors] : anchors;
    const roots = files.map(text).join('\n');
    // kube-apiserver's and the kubelet's handshakes only ask; their authenticators verify, and log x509's own words.
    const wrapped = verified === 'handshake';
    judgements.push({ edge, side: 'client', pair: client.pair, roots, name: '', wrapped, at });
  }
  return judgements;
}

interface Client {
  pair: Pair | undefined;
  /** undefined: it does not look. */
  roots: string | undefined;
  name: string;
}

function clientOf({ presents, trusts, name }: Edge, text: (file: StatePath) => string): Client {
  const config = [presents, trusts].find((side) => side.kind === 'kubeconfig');
  const read = config && kubeconfigOf(config.file, text);
  const pair =
    presents.kind === 'pair' ? { cert: text(presents.certificate), key: text(presents.key) } : undefined;
  return {
    pair: presents.kind === 'kubeconfig' ? read?.pair : pair,
    roots:
      trusts.kind === 'skipped' ? undefined : trusts.kind === 'anchors' ? text(trusts.file) : read?.roots,
    name: trusts.kind === 'kubeconfig' ? (read?.name ?? name) : name,
  };
}

interface Config {
  clusters: [{ cluster: { server: string } & Material }];
  users: [{ user: Material }];
}
type Material = Partial<
  Record<'certificate-authority' | 'client-certificate' | 'client-key', string> &
    Record<'certificate-authority-data' | 'client-certificate-data' | 'client-key-data', string>
>;

function kubeconfigOf(file: StatePath, text: (file: StatePath) => string): Client {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kubetls wrote it, kubectl reads it in another test
  const { clusters, users } = parse(text(file)) as Config;
  const { cluster } = clusters[0];
  const { user } = users[0];
  const pem = (entry: Material, what: 'certificate-authority' | 'client-certificate' | 'client-key') => {
    const data = entry[`${what}-data`];
    if (data !== undefined) return Buffer.from(data, 'base64').toString('latin1');
    return text(path.posix.join(path.posix.dirname(file), entry[what] ?? ''));
  };
  return {
    pair: { cert: pem(user, 'client-certificate'), key: pem(user, 'client-key') },
    roots: pem(cluster, 'certificate-authority'),
    name: new URL(cluster.server).hostname.replace(/^\[(.*)\]$/, '$1'),
  };
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function questionOf({ side, pair, roots, name, at }: Judgement): VerifyQuestion {
  const [leaf = '', ...intermediates] = pair.cert.match(BLOCK) ?? [];
  const anchors = roots.match(BLOCK) ?? [];
  return { leaf, intermediates, roots: anchors, at: new Date(at).toISOString(), usage: side, name };
}
