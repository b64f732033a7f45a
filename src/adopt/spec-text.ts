/** The `kubetls.yaml` as text: one key a line, with the reason of what no certificate says. */
import type { ClusterSpec } from '../cluster/index.ts';

type Lists = Readonly<Partial<Record<string, readonly string[]>>>;

export interface SpecDraft {
  readonly profile: ClusterSpec['profile'];
  readonly name: string;
  readonly kubernetes: { readonly minor: number; readonly because: string };
  readonly endpoint: string | undefined;
  readonly dnsDomain: string;
  readonly serviceSubnet: { readonly text: string; readonly because: string };
  readonly algorithm: string;
  readonly lifetimes: { readonly authority: string; readonly certificate: string };
  readonly etcd: ClusterSpec['authorities']['etcd'];
  readonly clients: ClusterSpec['clients'];
  readonly kubelets: ClusterSpec['kubelets'];
  readonly admins: readonly string[];
  readonly groups: Lists;
  readonly nodes: readonly {
    readonly name: string;
    readonly roles: readonly string[];
    readonly address: string;
  }[];
  readonly sans: Lists;
  readonly users: readonly {
    readonly name: string;
    readonly groups: readonly string[];
    readonly id?: 'none';
  }[];
}

export function specText(draft: SpecDraft): string {
  const { kubernetes, endpoint, serviceSubnet, lifetimes, kubelets, clients, admins } = draft;
  const kubeadm = draft.profile === 'kubeadm';
  const lines = [
    `profile: ${draft.profile}`,
    `kubernetes: "1.${kubernetes.minor}"  # ${kubernetes.because}`,
    ...(endpoint === undefined ? [] : [`endpoint: ${scalar(endpoint)}`]),
    `dnsDomain: ${scalar(draft.dnsDomain)}`,
    `serviceSubnet: ${scalar(serviceSubnet.text)}  # ${serviceSubnet.because}`,
    `keys: { algorithm: ${draft.algorithm} }`,
    `lifetimes: { authority: ${lifetimes.authority}, certificate: ${lifetimes.certificate} }`,
    ...(kubeadm
      ? []
      : [`authorities: { etcd: ${draft.etcd} }`, `clients: ${inline(Object.entries(clients))}`]),
    `kubelets: { serving: ${kubelets.serving}, client: ${kubelets.client} }`,
    ...(kubeadm && admins.length < 2 ? [`admins: ${list(admins)}`] : []),
    ...block('groups', draft.groups),
    'nodes:',
    ...draft.nodes.map(
      ({ name, roles, address }) =>
        `  - { name: ${scalar(name)}, roles: [${roles.join(', ')}], addresses: [${scalar(address)}] }`,
    ),
    ...block('sans', draft.sans),
    draft.users.length === 0 ? 'users: []' : 'users:',
    ...draft.users.map(
      ({ name, groups, id }) =>
        `  - { name: ${scalar(name)}, groups: ${list(groups)}${id === undefined ? '' : `, id: ${id}`} }`,
    ),
  ];
  return `# Written by kubetls adopt, from what was found. kubetls plan shows what differs, and why.
apiVersion: kubetls/v1
kind: Cluster
metadata: { name: ${scalar(draft.name)} }
spec:
${lines.map((line) => `  ${line}\n`).join('')}`;
}

function block(key: string, lists: Lists): string[] {
  const entries = Object.entries(lists).flatMap(([name, values]) =>
    values ? [[name, values] as const] : [],
  );
  if (entries.length === 0) return [];
  return [`${key}:`, ...entries.map(([name, values]) => `  ${scalar(name)}: ${list(values)}`)];
}

function inline(entries: readonly (readonly [string, string])[]): string {
  return `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}

function list(values: readonly string[]): string {
  return `[${values.map(scalar).join(', ')}]`;
}

/** Quoted unless every reader of YAML takes it for this very text. */
function scalar(text: string): string {
  return /^[A-Za-z][A-Za-z0-9./_@-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
