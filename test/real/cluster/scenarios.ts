// Clusters as data: each row both builds one and says what must be true of it.
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import type { Role } from '../../../src/cluster/index.ts';

export interface Member {
  name: string;
  roles: readonly Role[];
  address: string;
}

export interface Topology {
  nodes: readonly Member[];
  /** Of a load balancer in front of the kube-apiservers. */
  balancer: string | undefined;
}

/** How one is built. */
export interface Design {
  title: string;
  topology: Topology;
  profile: 'flat' | 'kubeadm';
  /** Who makes the PKI; absent: kubetls. */
  pki?: 'kubetls' | 'kubeadm' | 'openssl';
  /** The control plane as kubeadm runs it, by the kubelets of its nodes; one control plane, all of them reached by ssh. */
  staticPods?: true;
  /** An sshd on each node; static pods have one in any case. */
  ssh?: true;
  /** Nothing of RSA, also of what programs make for themselves (own-pairs.ts); not for static pods. */
  cheapHandshakes?: true;
  /** No kubelets and no kube-proxies, and then no root is needed. */
  rootless?: true;
  /** More lines of the spec, in YAML's flow style: `kubelets: { serving: rotated }`. */
  spec: readonly string[];
  /** How many milliseconds ago kubetls made it; it was kept alive since. */
  born?: number;
  /** kube-apiserver verifies the kubelets' certificates by the cluster's authority, also where kubeadm would not. */
  verifyKubelets?: true;
}

export interface Scenario extends Design {
  expect: {
    /** TLS relations that the tables say, and connections that must be refused. */
    edges: number;
    refusals: number;
    /** Another controller manager leads when the leader ends. */
    failover?: true;
  };
}

const address = (last: number) => `10.20.0.${last}`;
const several = (prefix: string, count: number, from: number, roles: readonly Role[]): Member[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${prefix}${i + 1}`, roles, address: address(from + i) }));

const STACKED: readonly Role[] = ['control-plane', 'etcd'];

export const TOPOLOGIES = {
  single: {
    nodes: [...several('cp', 1, 11, STACKED), ...several('w', 1, 21, ['worker'])],
    balancer: undefined,
  },
  ha: {
    nodes: [...several('cp', 3, 11, STACKED), ...several('w', 3, 21, ['worker'])],
    balancer: address(10),
  },
  /** The third member of etcd is there for the majority. */
  two: {
    nodes: [
      ...several('cp', 2, 11, STACKED),
      ...several('etcd', 1, 14, ['etcd']),
      ...several('w', 3, 21, ['worker']),
    ],
    balancer: address(10),
  },
  externalEtcd: {
    nodes: [
      ...several('cp', 2, 11, ['control-plane']),
      ...several('etcd', 3, 14, ['etcd']),
      ...several('w', 1, 21, ['worker']),
    ],
    balancer: address(10),
  },
} satisfies Readonly<Record<string, Topology>>;

/** What people and workers call kube-apiserver. */
export const API_NAME = 'kube-apiserver';

export function yamlOf({ topology: { nodes }, profile, spec }: Design): string {
  const members = nodes.map(
    ({ name, roles, address: ip }) => `{ name: ${name}, roles: [${roles.join(', ')}], addresses: [${ip}] }`,
  );
  const users = profile === 'flat' ? ['users: [{ name: kube-admin, groups: ["system:masters"] }]'] : [];
  const lines = [
    `profile: ${profile}`,
    `kubernetes: "${KUBERNETES}"`,
    `endpoint: ${API_NAME}:6443`,
    ...users,
    ...spec,
    `nodes: [${members.join(', ')}]`,
  ];
  return `apiVersion: kubetls/v1\nkind: Cluster\nmetadata: { name: real }\nspec: {\n  ${lines.join(',\n  ')}\n}\n`;
}

/** `hostOf`: how each node is reached; undefined: it is not. */
export function hosted(text: string, hostOf: (node: string) => string | undefined): string {
  return text.replaceAll(/\{ name: (\w+),/g, (whole, node: string) => {
    const host = hostOf(node);
    return host === undefined ? whole : `{ name: ${node}, host: "${host}",`;
  });
}

/** Where the nodes have an sshd. */
export const sshOf =
  ({ nodes }: Topology) =>
  (name: string): string | undefined => {
    const node = nodes.find((one) => one.name === name);
    return node && `ssh://root@${node.address}`;
  };

/** By who is on one of them. */
export const fromWithin = (here: string, topology: Topology) => (name: string) =>
  name === here ? '/' : sshOf(topology)(name);

const { single, ha, externalEtcd } = TOPOLOGIES;

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'single, flat',
    topology: single,
    profile: 'flat',
    spec: [],
    expect: { edges: 17, refusals: 28 },
  },
  {
    title: 'single, kubeadm',
    topology: single,
    profile: 'kubeadm',
    spec: [],
    expect: { edges: 20, refusals: 28 },
  },
  {
    title: 'single, kubeadm, kubelets with certificates of the controller manager',
    topology: single,
    profile: 'kubeadm',
    spec: ['kubelets: { serving: rotated }'],
    verifyKubelets: true,
    expect: { edges: 20, refusals: 28 },
  },
  {
    title: 'three of each, flat',
    topology: ha,
    profile: 'flat',
    spec: [],
    expect: { edges: 111, refusals: 88, failover: true },
  },
  {
    title: 'three of each, kubeadm',
    topology: ha,
    profile: 'kubeadm',
    spec: [],
    expect: { edges: 108, refusals: 88 },
  },
  {
    title: "external etcd, flat, the server's pair shown to etcd and kubelets",
    topology: externalEtcd,
    profile: 'flat',
    spec: ['clients: { apiserver-etcd: reuse-server, apiserver-kubelet: reuse-server }'],
    expect: { edges: 55, refusals: 61 },
  },
  {
    title: 'external etcd, kubeadm',
    topology: externalEtcd,
    profile: 'kubeadm',
    spec: [],
    expect: { edges: 64, refusals: 64 },
  },
];
