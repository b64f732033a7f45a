// Real etcd members on loopback, with mutual TLS on both of their ports.
import path from 'node:path';
import type { ChildProgram } from './child-program.ts';
import {
  addressesFor,
  type EtcdAddresses,
  type EtcdLogLine,
  type EtcdMemberSettings,
  startMember,
  tlsErrors,
} from './etcd-member.ts';
import { portTaken, waitReady } from './etcd-wait.ts';
import { temporaryDirectory } from './last-rites.ts';
import { type Outcome, runProgram } from './run-program.ts';

/** PEM files of a client such as kube-apiserver or a health check. */
export interface EtcdClientTls {
  cert: string;
  key: string;
  ca: string;
}

export interface EtcdMember extends EtcdAddresses {
  readonly name: string;
  /** Changes when the member is restarted. */
  pid(): number;
  /** True once the process has ended. */
  ended(): boolean;
  log(): string;
  tlsErrors(): EtcdLogLine[];
  /** Answers on its metrics port, which it opens after the other two. */
  listening(): Promise<boolean>;
  /** /readyz says yes: it can read through a quorum. */
  ready(): Promise<boolean>;
  /** SIGTERM; SIGKILL after `patience` milliseconds, by default long enough for a leader's graceful stop. */
  stop(patience?: number): Promise<void>;
  /** Stops and starts on the same data and addresses: etcd reads its CA files at start only. */
  restart(): Promise<void>;
}

export interface EtcdCluster {
  members: readonly EtcdMember[];
  /** Of the members' data; gone after stop. */
  directory: string;
  /** Resolves when each of `names` (absent: all) is ready; throws with the logs' TLS errors after `timeout` ms. */
  waitReady(names?: readonly string[], timeout?: number): Promise<void>;
  /** `etcdctl` with this client's files, to all members. */
  etcdctl(client: EtcdClientTls, args: readonly string[]): Promise<Outcome>;
  /**
   * `etcdctl endpoint health` of each member: exit status 0 when all answer. Not `--cluster`, which asks the
   * member list and so says 0 of a cluster in which a member never joined: its client URL is unknown there.
   */
  health(client: EtcdClientTls): Promise<Outcome>;
  /** Ends every member and removes the data. */
  stop(): Promise<void>;
}

const GRACE = 30_000; // milliseconds; seven seconds were seen for a leader with connected peers
const TO_END = 500; // milliseconds; the data is thrown away

interface EtcdTools {
  etcd: string;
  etcdctl: string;
}

/**
 * Resolves when each member listens or has ended, and does not wait for a quorum: with bad certificates
 * there may never be one. Free ports are only probably free, hence three attempts.
 */
export async function startEtcdCluster(
  tools: EtcdTools,
  settings: readonly EtcdMemberSettings[],
): Promise<EtcdCluster> {
  for (let attempt = 1; ; attempt++) {
    const cluster = await launch(tools, settings);
    if (!(await portTaken(cluster.members)) || attempt === 3) return cluster;
    await cluster.stop();
  }
}

async function launch(tools: EtcdTools, settings: readonly EtcdMemberSettings[]): Promise<EtcdCluster> {
  const data = await temporaryDirectory('etcd');
  const placed: { one: EtcdMemberSettings; at: EtcdAddresses }[] = [];
  for (const one of settings) placed.push({ one, at: await addressesFor(one) });
  const initial = placed.map(({ one, at }) => `${one.name}=${at.peer}`).join(',');
  const members: EtcdMember[] = [];
  const stop = async () => {
    await Promise.all(members.map((member) => member.stop(TO_END)));
    await data.remove();
  };
  try {
    for (const { one, at } of placed) {
      const dataDir = path.join(data.path, one.name);
      members.push(await memberOf(one.name, at, () => startMember(tools.etcd, one, at, dataDir, initial)));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const etcdctl = (client: EtcdClientTls, args: readonly string[]) =>
    runProgram(tools.etcdctl, [...clientFlags(client, members), ...args], {
      env: { PATH: process.env.PATH },
    });
  return {
    members,
    directory: data.path,
    waitReady: (names, timeout) => waitReady(members, names, timeout),
    etcdctl,
    health: (client) => etcdctl(client, ['endpoint', 'health']),
    stop,
  };
}

async function memberOf(
  name: string,
  at: EtcdAddresses,
  start: () => Promise<ChildProgram>,
): Promise<EtcdMember> {
  let program = await start();
  return {
    name,
    ...at,
    pid: () => program.pid,
    ended: () => program.ended(),
    log: () => program.log(),
    tlsErrors: () => tlsErrors(program.log()),
    listening: async () => (await status(`${at.metrics}/livez`)) !== undefined,
    ready: async () => (await status(`${at.metrics}/readyz`)) === 200,
    stop: (patience = GRACE) => program.stop(patience),
    async restart() {
      await program.stop(GRACE);
      program = await start();
    },
  };
}

/** Without a quorum etcd thinks six seconds about /readyz; a healthy member answers in milliseconds. */
function status(url: string): Promise<number | undefined> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    (response) => response.status,
    () => undefined,
  );
}

function clientFlags({ cert, key, ca }: EtcdClientTls, members: readonly EtcdMember[]): string[] {
  const endpoints = members.map(({ client }) => client).join(',');
  return [
    '--command-timeout=2s',
    `--endpoints=${endpoints}`,
    `--cacert=${ca}`,
    `--cert=${cert}`,
    `--key=${key}`,
  ];
}
