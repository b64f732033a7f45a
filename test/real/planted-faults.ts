// Faults that people make with the files of a cluster: each changes a copy of what was found, or when or by which name it is judged.
import { DAY, HOUR, SECOND, utf8, YEAR } from '../../src/base/index.ts';
import type { Edge, StatePath } from '../../src/cluster/index.ts';
import type { Inventory } from '../../src/inventory/index.ts';
import type { Scene } from './go-edges.ts';

/** Of one profile: the files that the faults are planted in. */
export interface Places {
  /** Bases, without `.crt` and `.key`, in the tree of the first control plane. */
  apiserver: string;
  etcd: string;
  /** A pair that is a client's and nothing else. */
  client: string;
  clusterCa: string;
  etcdCa: string;
  frontProxyCa: string;
}

/** The same cluster once more, with keys of its own, and an RSA key as PEM. */
export interface Others {
  twin: Inventory;
  rsa: Uint8Array;
}

type Fault = (scene: Scene, places: Places, others: Others) => Scene;

/** A file whose bytes are another's, or made from its own. */
type Change = readonly [StatePath, StatePath | Uint8Array | ((text: string) => string), Inventory?];

function plant(scene: Scene, ...changes: readonly Change[]): Scene {
  const { inventory } = scene;
  const files = changes.map(([path, source, from = inventory]) => {
    const there = (file: StatePath) => {
      const entry = from.get(file);
      if (!entry) throw new Error(`no ${file}`);
      return entry;
    };
    const bytes =
      typeof source === 'string'
        ? there(source).bytes
        : typeof source === 'function'
          ? utf8(source(Buffer.from(there(path).bytes).toString()))
          : source;
    return { path, mode: 0o600, bytes };
  });
  return { ...scene, inventory: inventory.withFiles(files) };
}

const pair = (base: string): [StatePath, StatePath] => [`${base}.crt`, `${base}.key`];

function renamed(scene: Scene, name: string): Scene {
  const edges = scene.edges.map((edge): Edge => ({ ...edge, name }));
  const servers = [...scene.inventory.entries.values()]
    .filter(({ content }) => content.kind === 'kubeconfig')
    .map(
      ({ path }): Change => [
        path,
        (text) => text.replace(/server: .*/, `server: https://${host(name)}:6443`),
      ],
    );
  return { ...plant(scene, ...servers), edges };
}

const host = (name: string) => (name.includes(':') ? `[${name}]` : name);

/** The end of the first certificate that ends. */
function firstEnd({ inventory }: Scene): number {
  const ends = [...inventory.entries.values()].flatMap(({ content }) =>
    content.kind === 'certificates' ? content.certificates.map(({ notAfter }) => notAfter) : [],
  );
  return Math.min(...ends);
}

const half = (text: string) => text.slice(0, text.length / 2);

/** Its last octet is of the signature. */
function damaged(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64');
  const base64 = Buffer.concat([der.subarray(0, -1), Buffer.of((der.at(-1) ?? 0) ^ 1)]).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  none: (scene) => scene,
  'leaves expired': (scene) => ({ ...scene, at: scene.at + YEAR + DAY }),
  'everything expired': (scene) => ({ ...scene, at: scene.at + 11 * YEAR }),
  'nothing valid yet': (scene) => ({ ...scene, at: scene.at - HOUR }),
  'the last second': (scene) => ({ ...scene, at: firstEnd(scene) }),
  'one second too late': (scene) => ({ ...scene, at: firstEnd(scene) + SECOND }),
  'dialled by a DNS name that no certificate has': (scene) => renamed(scene, 'elsewhere.example.test'),
  'dialled by an IPv4 address that no certificate has': (scene) => renamed(scene, '10.99.99.99'),
  'dialled by an IPv6 address that no certificate has': (scene) => renamed(scene, 'fd99::1'),
  'dialled by a name in capitals': (scene) => renamed(scene, 'KUBERNETES.default'),
  "a server's pair of another authority": (scene, { apiserver, client }, { twin }) =>
    plant(
      scene,
      [pair(apiserver)[0], pair(apiserver)[0], twin],
      [pair(apiserver)[1], pair(apiserver)[1], twin],
      [pair(client)[0], pair(client)[0], twin],
      [pair(client)[1], pair(client)[1], twin],
    ),
  "the cluster authority's file holds another cluster's of the same name": (scene, { clusterCa }, { twin }) =>
    plant(scene, [clusterCa, clusterCa, twin]),
  'the two of them in one file': (scene, { clusterCa }, { twin }) =>
    plant(scene, [clusterCa, (text) => Buffer.from(twin.get(clusterCa)?.bytes ?? []).toString() + text]),
  "etcd's file holds the cluster's authority": (scene, { etcdCa, clusterCa }) =>
    plant(scene, [etcdCa, clusterCa]),
  "etcd's file holds another cluster's authority of the same name": (scene, { etcdCa }, { twin }) =>
    plant(scene, [etcdCa, etcdCa, twin]),
  "the front proxy's file holds the cluster's authority": (scene, { frontProxyCa, clusterCa }) =>
    plant(scene, [frontProxyCa, clusterCa]),
  'a leaf where the authority should be': (scene, { etcdCa, etcd }) => plant(scene, [etcdCa, pair(etcd)[0]]),
  'keys swapped': (scene, { apiserver, etcd }) =>
    plant(scene, [pair(apiserver)[1], pair(etcd)[1]], [pair(etcd)[1], pair(apiserver)[1]]),
  'a key of another algorithm': (scene, { etcd }, { rsa }) => plant(scene, [pair(etcd)[1], rsa]),
  'certificate and key in the place of the other': (scene, { etcd }) =>
    plant(scene, [pair(etcd)[0], pair(etcd)[1]], [pair(etcd)[1], pair(etcd)[0]]),
  "a server's pair in a client's place": (scene, { apiserver, client }) =>
    plant(scene, [pair(client)[0], pair(apiserver)[0]], [pair(client)[1], pair(apiserver)[1]]),
  "a client's pair in a server's place": (scene, { apiserver, client }) =>
    plant(scene, [pair(apiserver)[0], pair(client)[0]], [pair(apiserver)[1], pair(client)[1]]),
  'half a certificate': (scene, { etcd }) => plant(scene, [pair(etcd)[0], half]),
  'half a key': (scene, { apiserver }) => plant(scene, [pair(apiserver)[1], half]),
  'an empty certificate': (scene, { apiserver }) => plant(scene, [pair(apiserver)[0], () => '\n']),
  'a damaged signature': (scene, { apiserver, client, etcd }) =>
    plant(scene, ...[apiserver, client, etcd].map((base): Change => [pair(base)[0], damaged])),
  'the authority behind the leaf': (scene, { etcd, etcdCa }) =>
    plant(scene, [
      pair(etcd)[0],
      (text) => text + Buffer.from(scene.inventory.get(etcdCa)?.bytes ?? []).toString(),
    ]),
  'the authority before the leaf': (scene, { etcd, etcdCa }) =>
    plant(scene, [
      pair(etcd)[0],
      (text) => Buffer.from(scene.inventory.get(etcdCa)?.bytes ?? []).toString() + text,
    ]),
  'words around the blocks, and line ends of another system': (scene, { etcd, etcdCa }) =>
    plant(
      scene,
      [pair(etcd)[0], (text) => `subject=etcd\n${text.replaceAll('\n', '\r\n')}the end`],
      [etcdCa, (text) => `issuer=etcd\n\n${text}\n# mine`],
    ),
};
