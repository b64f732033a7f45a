import type { Edge } from '../cluster/index.ts';

/** Whether etcd's members could form a majority over connections that are made anew. */
export interface Quorum {
  readonly members: number;
  /** The most members that one of them, itself included, can talk with. */
  readonly talking: number;
  readonly survives: boolean;
}

/**
 * From the edges between peers. Two members talk when each can dial the other: etcd's streams are dialled by
 * the side that reads (server/etcdserver/api/rafthttp/stream.go), so that raft needs both. Undefined for
 * one member, or none: it asks nobody.
 */
export function quorumOf(peers: readonly Edge[], holds: (edge: Edge) => boolean): Quorum | undefined {
  const members = new Set(peers.flatMap(({ client, endpoint }) => [client.node, endpoint.node]));
  if (members.size < 2) return undefined;
  const good = new Set(peers.filter(holds).map(({ client, endpoint }) => linkOf(client.node, endpoint.node)));
  const talksWith = (one: string | undefined) =>
    [...members].filter((other) => good.has(linkOf(one, other)) && good.has(linkOf(other, one))).length;
  const talking = 1 + Math.max(...Array.from(members, talksWith));
  return { members: members.size, talking, survives: talking > members.size / 2 };
}

function linkOf(from: string | undefined, to: string | undefined): string {
  return `${from} ${to}`;
}
