/** A clean tree for each profile, and ways to plant one fault in it. */
import type { FileChange, Inventory } from '../../src/inventory/index.ts';
import { makePlan } from '../../src/plan/index.ts';
import type { Cluster } from '../../src/cluster/index.ts';
import {
  type Certificate,
  type PrivateKey,
  readCertificates,
  writePem,
  writePrivateKey,
} from '../../src/x509/index.ts';
import { applied, clusterOf, NOW } from '../support/small-cluster.ts';
import { type Draft, mint } from './mint.ts';

/** A file to be. */
export type Written = Exclude<FileChange, { readonly remove: true }>;

const NODES = [
  { name: 'cp1', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.11'] },
  { name: 'cp2', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.12'] },
  { name: 'cp3', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.13'] },
  { name: 'worker-1', roles: ['worker'], addresses: ['10.0.0.21'] },
];

export interface AuditedTree {
  readonly cluster: Cluster;
  readonly inventory: Inventory;
  readonly written: ReadonlyMap<string, string>;
}

export async function cleanTree(profile: 'flat' | 'kubeadm'): Promise<AuditedTree> {
  const { cluster, store, inventory } = await applied(clusterOf({ profile, nodes: NODES }));
  return { cluster, inventory, written: await store.written() };
}

export function planFor({ cluster, written }: AuditedTree, inventory: Inventory, at = NOW) {
  return makePlan({ cluster, inventory, at, written });
}

/** An authority of the tree: its certificate and its key. */
export function authority({ inventory }: AuditedTree, id: 'cluster' | 'etcd' | 'front-proxy') {
  const certificate = certificateAt(inventory, `authorities/${id}/g1/ca.crt`);
  return { certificate, key: keyAt(inventory, `authorities/${id}/g1/ca.key`) };
}

export function certificateAt(inventory: Inventory, path: string): Certificate {
  const [certificate] = readCertificates(inventory.get(path)?.bytes ?? new Uint8Array()).certificates;
  if (!certificate) throw new Error(`no certificate at ${path}`);
  return certificate;
}

export function keyAt(inventory: Inventory, path: string): PrivateKey {
  const content = inventory.get(path)?.content;
  if (content?.kind !== 'private-key') throw new Error(`no key at ${path}`);
  return content.key;
}

/** What a certificate says, to be changed and signed anew by its own issuer, with its own key. */
export function draftOf(certificate: Certificate, key: PrivateKey, signedBy: PrivateKey): Draft {
  const { subject, issuer, notBefore, notAfter } = certificate;
  const { basicConstraints, keyUsage, extendedKeyUsage, subjectKeyId, authorityKeyId } = certificate;
  return {
    subject,
    issuer,
    key,
    signedBy,
    notBefore,
    notAfter,
    basicConstraints,
    keyUsage,
    extendedKeyUsage,
    names: certificate.subjectAltNames,
    nameConstraints: undefined,
    subjectKeyId,
    authorityKeyId,
    more: [],
    claims: undefined,
    tampered: false,
  };
}

export const pem = (...certificates: readonly Certificate[]): Buffer =>
  Buffer.from(certificates.map(({ der }) => writePem('CERTIFICATE', der)).join(''));

export const crt = (path: string, ...certificates: readonly Certificate[]): Written => ({
  path,
  mode: 0o644,
  bytes: pem(...certificates),
});

export const keyFile = (path: string, key: PrivateKey, mode = 0o600): Written => ({
  path,
  mode,
  bytes: Buffer.from(writePrivateKey(key, 'traditional').reveal()),
});

const ISSUERS = { cluster: 'cluster', etcd: 'etcd', 'front-proxy': 'front-proxy' } as const;

/** Re-issues what stands at `base`.crt with its own key, changed. */
export function reissued(
  tree: AuditedTree,
  base: string,
  change: Partial<Draft> | ((draft: Draft) => Partial<Draft>),
  by: keyof typeof ISSUERS = 'cluster',
): Written {
  const certificate = certificateAt(tree.inventory, `${base}.crt`);
  const draft = draftOf(certificate, keyAt(tree.inventory, `${base}.key`), authority(tree, by).key);
  const changed = typeof change === 'function' ? change(draft) : change;
  return crt(`${base}.crt`, mint({ ...draft, ...changed }));
}
