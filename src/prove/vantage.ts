/**
 * From where a proof is made: a machine that is one of the nodes, or none. What listens on a node's loopback
 * address is seen on that node only, and etcd looks at the address that a peer comes from.
 */
import { isIP, isIPv6, SocketAddress } from 'node:net';
import type { Endpoint, NodeSpec } from '../cluster/index.ts';

export interface Vantage {
  /** IP addresses of this machine. */
  readonly addresses: ReadonlySet<string>;
  /** Names of the nodes that it is. */
  readonly nodes: ReadonlySet<string>;
}

/** `names`: this machine's IP addresses and its host name. */
export function vantageFrom(nodes: readonly NodeSpec[], names: readonly string[]): Vantage {
  const own = new Set(names.map(canonical));
  const isHere = (name: string): boolean => own.has(canonical(name)) || isLoopback(name);
  const here = nodes.filter((node) => [node.name, ...node.addresses].some(isHere));
  return {
    addresses: new Set([...own].filter((name) => isIP(name) !== 0)),
    nodes: new Set(here.map(({ name }) => name)),
  };
}

/** Why an endpoint cannot be seen from here at its own address; `target` is what would be dialled. */
export function outOfSight(
  { address, node }: Endpoint,
  target: Endpoint['address'],
  { nodes }: Vantage,
): string | undefined {
  if (!isLoopback(address.host) || !isSame(target, address) || nodes.has(node)) return undefined;
  return `it listens on ${node}'s loopback address only: prove it there, or reach it with --connect`;
}

/**
 * The address to dial from as that of the client's own node, where this machine has it; undefined: the system
 * chooses. `target` is what is dialled.
 */
export function sourceFor(
  endpoint: Endpoint,
  target: Endpoint['address'],
  from: string | undefined,
  { addresses }: Vantage,
): string | undefined {
  if (!endpoint.clients.peerAddressCheck || !isSame(target, endpoint.address)) return undefined;
  if (from === undefined || isIP(from) !== isIP(target.host)) return undefined;
  return addresses.has(canonical(from)) ? from : undefined;
}

const isSame = (one: Endpoint['address'], other: Endpoint['address']): boolean =>
  one.host === other.host && one.port === other.port;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || canonical(host) === '::1';
}

/** IPv6 in the one form of RFC 5952; everything else as it is. */
function canonical(name: string): string {
  return isIPv6(name) ? new SocketAddress({ address: name, family: 'ipv6' }).address : name;
}
