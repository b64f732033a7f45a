/** Clusters that cannot be, each with the place that makes it so. One small check each. */
import { canonicalIp, isIp } from '../addresses.ts';
import type { Draft, DraftNode } from './draft.ts';
import { parseDuration } from './duration.ts';
import { impossibleForKubeadm } from './impossible-kubeadm.ts';
import { impossibleServices } from './impossible-services.ts';
import { type Path, pathText, type Problem } from './problems.ts';

const NODES: Path = ['spec', 'nodes'];

type Check = (draft: Draft) => Problem[];

export function impossible(draft: Draft): Problem[] {
  return checks.flatMap((check) => check(draft));
}

const checks: readonly Check[] = [
  hasControlPlane,
  hasEtcd,
  uniqueNodeNames,
  uniqueAddresses,
  uniqueRoles,
  dialable,
  uniqueUsers,
  leafWithinAuthority,
  renewalWithinLife,
  reusedIsIssued,
  ...impossibleServices,
  impossibleForKubeadm,
];

function hasControlPlane({ nodes }: Draft): Problem[] {
  if (!nodes || nodes.some(({ roles }) => roles.includes('control-plane'))) return [];
  const hint = 'give one node the role control-plane';
  return [
    { code: 'cluster/spec-no-control-plane', path: NODES, message: 'no node is a control plane', hint },
  ];
}

/** kubeadm's control planes are etcd members unless some node is said to be one: see `build.ts`. */
function hasEtcd({ nodes, profile }: Draft): Problem[] {
  if (!nodes || profile === 'kubeadm' || nodes.some(({ roles }) => roles.includes('etcd'))) return [];
  const hint = 'give the role etcd to the control-plane nodes, or to nodes of its own';
  return [{ code: 'cluster/spec-no-etcd', path: NODES, message: 'no node is an etcd member', hint }];
}

/** A pair that serves and dials is one that kubetls makes. */
function reusedIsIssued({ clients, kubeletServing = 'issued' }: Draft): Problem[] {
  const reused = clients.some(([key, value]) => key === 'kubelet-apiserver' && value === 'reuse-server');
  if (!reused || kubeletServing === 'issued') return [];
  return [
    {
      code: 'cluster/spec-value',
      path: ['spec', 'clients', 'kubelet-apiserver'],
      message: `kubelets cannot reuse a serving pair that is ${kubeletServing}`,
      hint: 'leave it "own", or let kubelets.serving be issued',
    },
  ];
}

function uniqueNodeNames({ nodes = [] }: Draft): Problem[] {
  return repeated(nodes.map(({ name }, i) => [name, [...NODES, i, 'name']]));
}

/** An address is one node's; a node's name is an address too. */
function uniqueAddresses({ nodes = [] }: Draft): Problem[] {
  const owners = new Map<string, Path>();
  for (const [i, { name }] of nodes.entries())
    if (name !== undefined) owners.set(name, [...NODES, i, 'name']);
  const problems: Problem[] = [];
  for (const [i, node] of nodes.entries()) {
    for (const [j, text] of (node.addresses ?? []).entries()) {
      if (text === undefined || text === node.name) continue;
      const path = [...NODES, i, 'addresses', j];
      const address = canonicalIp(text) ?? text.toLowerCase();
      const owner = owners.get(address);
      if (owner) problems.push(duplicate(text, path, owner));
      else owners.set(address, path);
    }
  }
  return problems;
}

function uniqueRoles({ nodes = [] }: Draft): Problem[] {
  return nodes.flatMap(({ roles }, i) => repeated(roles.map((role, j) => [role, [...NODES, i, 'roles', j]])));
}

/**
 * kube-apiserver's --advertise-address and etcd's listen URLs take IP addresses only; a kubelet can be
 * dialled by name (--kubelet-preferred-address-types).
 */
function dialable({ nodes = [] }: Draft): Problem[] {
  return nodes.flatMap((node, i): Problem[] => {
    if (!node.addresses) return [];
    const code = 'cluster/spec-no-address';
    const path = [...NODES, i, 'addresses'];
    if (node.addresses.length === 0) return [{ code, path, message: `node ${label(node)} has no address` }];
    const needsIp = node.roles.find((role) => role === 'control-plane' || role === 'etcd');
    if (needsIp === undefined || node.addresses.some((address) => isIp(address ?? ''))) return [];
    const message = `node ${label(node)} has no IP address, which the role ${needsIp} needs`;
    return [{ code, path, message, hint: 'add the IP address that it listens on' }];
  });
}

function uniqueUsers({ users }: Draft): Problem[] {
  // Their files stand in directories of their names, which some file systems compare without case.
  return repeated(users.map((name, i) => [name?.toLowerCase(), ['spec', 'users', i, 'name']]));
}

function leafWithinAuthority({ lifetimes }: Draft): Problem[] {
  const authority = parseDuration(lifetimes.authority ?? '10y') ?? 0;
  const certificate = parseDuration(lifetimes.certificate ?? '1y') ?? 0;
  if (authority === 0 || certificate <= authority) return [];
  const path = ['spec', 'lifetimes', lifetimes.certificate === undefined ? 'authority' : 'certificate'];
  const message = 'certificates would outlive their authority';
  return [{ code: 'cluster/spec-lifetime', path, message, hint: 'a certificate ends with its issuer' }];
}

function renewalWithinLife({ lifetimes }: Draft): Problem[] {
  const certificate = parseDuration(lifetimes.certificate ?? '1y') ?? 0;
  const renewBefore = parseDuration(lifetimes.renewBefore ?? '') ?? 0;
  if (certificate === 0 || renewBefore < certificate) return [];
  const path = ['spec', 'lifetimes', 'renewBefore'];
  const message = `renewBefore is not shorter than a certificate's life (${lifetimes.certificate ?? '1y'})`;
  return [{ code: 'cluster/spec-lifetime', path, message, hint: 'it would be renewed without end' }];
}

function repeated(values: readonly (readonly [string | undefined, Path])[]): Problem[] {
  const first = new Map<string, Path>();
  return values.flatMap(([value, path]) => {
    const owner = value === undefined ? undefined : first.get(value);
    if (value !== undefined && !owner) first.set(value, path);
    return value !== undefined && owner ? [duplicate(value, path, owner)] : [];
  });
}

function duplicate(value: string, path: Path, owner: Path): Problem {
  return { code: 'cluster/spec-duplicate', path, message: `${value} is ${pathText(owner)} already` };
}

function label({ name }: DraftNode): string {
  return name ?? 'without a name';
}
