/**
 * The file as far as it can be understood, for the checks that look at several values at once: they run
 * even when some value is refused for itself, so that all problems come in one go.
 */
import type { Plain } from './yaml.ts';

export interface Draft {
  readonly profile: string;
  readonly minor: number | undefined;
  readonly algorithm: string | undefined;
  readonly lifetimes: Readonly<Record<'authority' | 'certificate' | 'renewBefore', string | undefined>>;
  readonly etcd: string | undefined;
  readonly clients: readonly (readonly [string, string])[];
  readonly kubeletServing: string | undefined;
  /** undefined when there is no list. */
  readonly nodes: readonly DraftNode[] | undefined;
  readonly users: readonly (string | undefined)[];
  readonly services: readonly (readonly [component: string, service: Plain])[];
}

export interface DraftNode {
  readonly name: string | undefined;
  readonly roles: readonly string[];
  /** undefined when there is no list. */
  readonly addresses: readonly (string | undefined)[] | undefined;
  readonly host: string | undefined;
  readonly become: string | undefined;
}

export function draftOf(file: Plain): Draft {
  const spec = at(file, 'spec');
  const lifetimes = at(spec, 'lifetimes');
  const nodes = at(spec, 'nodes');
  return {
    profile: text(at(spec, 'profile')) ?? 'flat',
    minor: Number(/^1\.(\d{1,3})$/.exec(text(at(spec, 'kubernetes')) ?? '')?.[1] ?? Number.NaN) || undefined,
    algorithm: text(at(at(spec, 'keys'), 'algorithm')),
    lifetimes: {
      authority: text(at(lifetimes, 'authority')),
      certificate: text(at(lifetimes, 'certificate')),
      renewBefore: text(at(lifetimes, 'renewBefore')),
    },
    etcd: text(at(at(spec, 'authorities'), 'etcd')),
    clients: Object.entries(map(at(spec, 'clients'))).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    ),
    kubeletServing: text(at(at(spec, 'kubelets'), 'serving')),
    nodes: Array.isArray(nodes) ? nodes.map(nodeOf) : undefined,
    users: list(at(spec, 'users')).map((user) => text(at(user, 'name'))),
    services: Object.entries(map(at(spec, 'services'))),
  };
}

function nodeOf(node: Plain): DraftNode {
  const roles = at(node, 'roles');
  const addresses = at(node, 'addresses');
  return {
    name: text(at(node, 'name')),
    roles: roles === undefined ? ['worker'] : list(roles).filter((role) => typeof role === 'string'),
    addresses: Array.isArray(addresses) ? addresses.map(text) : undefined,
    host: text(at(node, 'host')),
    become: text(at(node, 'become')),
  };
}

function at(value: Plain, key: string): Plain {
  const found = map(value);
  return Object.hasOwn(found, key) ? found[key] : undefined;
}

function map(value: Plain): { [key: string]: Plain } {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function list(value: Plain): Plain[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Plain): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
