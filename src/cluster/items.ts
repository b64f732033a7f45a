/** Makers of items: what stands where, with which mode. */
import { type Leaf, styleOf } from './certificates.ts';
import type {
  AnchorsItem,
  AuthorityId,
  AuthorityItem,
  ClusterSpec,
  CopyItem,
  Item,
  KeyPairItem,
  KubeconfigItem,
  PairItem,
  StatePath,
} from './types.ts';

/** client-go's and kubeadm's modes: what is public may be read by all, keys and kubeconfigs by their owner only. */
export const PUBLIC = 0o644;
const PRIVATE = 0o600;

type Owner = NonNullable<Item['owner']>;

/** Where an authority's material is kept; generation 1 until it is rotated. */
export function authorityFile(authority: AuthorityId | 'service-account', file: string): StatePath {
  return `authorities/${authority}/g1/${file}`;
}

/** `etc/kubernetes/pki/ca.crt` on a node, as a path in the state. */
export function onNode(node: string, file: string): StatePath {
  return `nodes/${node}/${file}`;
}

/** An authority of the cluster, in the state's own area. */
export function authorityItem(spec: ClusterSpec, authority: AuthorityId, commonName: string): AuthorityItem {
  return {
    kind: 'authority',
    id: `authority/${authority}`,
    owner: undefined,
    authority,
    generation: 1,
    profile: styleOf(spec).authority(commonName, spec.lifetimes.authority),
    algorithm: spec.keys.algorithm,
    certificate: { path: authorityFile(authority, 'ca.crt'), mode: PUBLIC },
    key: { path: authorityFile(authority, 'ca.key'), mode: PRIVATE },
  };
}

/**
 * Tokens are signed with RSA or ECDSA only (pkg/serviceaccount/jwt.go: "unknown private key type"), whatever
 * keys the certificates have.
 */
export function serviceAccountItem({ keys }: ClusterSpec): KeyPairItem {
  return {
    kind: 'key-pair',
    id: 'authority/service-account',
    owner: undefined,
    algorithm: keys.algorithm === 'ed25519' ? 'ecdsa-p256' : keys.algorithm,
    privateKey: { path: authorityFile('service-account', 'sa.key'), mode: PRIVATE },
    publicKey: { path: authorityFile('service-account', 'sa.pub'), mode: PUBLIC },
  };
}

/** Files that a kubeconfig points at, relative to its own directory. */
interface KubeconfigPaths {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makers for the tree of one node or user; `file` is relative to that tree. */
export interface TreeItems {
  anchors(file: string, of: readonly AuthorityId[]): AnchorsItem;
  copy(file: string, from: StatePath, mode?: number): CopyItem;
  /** `base.crt` and `base.key`. */
  pair(base: string, issuer: AuthorityId, leaf: Leaf): PairItem;
  kubeconfig(file: string, user: string, server: string, paths: KubeconfigPaths): KubeconfigItem;
  /** With the cluster's authority and a pair of its own inside. */
  embeddedKubeconfig(file: string, user: string, server: string, leaf: Leaf): KubeconfigItem;
}

export function treeItems(spec: ClusterSpec, owner: Owner): TreeItems {
  const style = styleOf(spec);
  const { algorithm } = spec.keys;
  const path = (file: string) => `${owner.kind}s/${owner.name}/${file}`;
  const id = (file: string) =>
    `${owner.kind}/${owner.name}/${file.replace(/^etc\/kubernetes\/(pki\/)?/, '')}`;
  const profile = (leaf: Leaf) => style.leaf(leaf, spec.lifetimes.certificate);
  const kubeconfig = (
    file: string,
    user: string,
    server: string,
    authority: KubeconfigItem['authority'],
    credentials: KubeconfigItem['credentials'],
  ): KubeconfigItem => ({
    kind: 'kubeconfig',
    id: id(file),
    owner,
    file: { path: path(file), mode: PRIVATE },
    clusterName: spec.name,
    server,
    userName: user,
    contextName: `${user}@${spec.name}`,
    authority,
    credentials,
  });
  return {
    anchors: (file, of) => ({
      kind: 'anchors',
      id: id(file),
      owner,
      of,
      file: { path: path(file), mode: PUBLIC },
    }),
    copy: (file, from, mode = PRIVATE) => ({
      kind: 'copy',
      id: id(file),
      owner,
      from,
      file: { path: path(file), mode },
    }),
    pair: (base, issuer, leaf) => ({
      kind: 'pair',
      id: id(base),
      owner,
      issuer,
      profile: profile(leaf),
      algorithm,
      certificate: { path: path(`${base}.crt`), mode: PUBLIC },
      key: { path: path(`${base}.key`), mode: PRIVATE },
    }),
    kubeconfig: (file, user, server, { authority, certificate, key }) =>
      kubeconfig(file, user, server, { path: authority }, { paths: { certificate, key } }),
    embeddedKubeconfig: (file, user, server, leaf) =>
      kubeconfig(
        file,
        user,
        server,
        { embed: 'cluster' },
        { embed: { issuer: 'cluster', profile: profile(leaf), algorithm } },
      ),
  };
}
