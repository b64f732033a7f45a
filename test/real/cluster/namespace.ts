// A network and mount namespace of a cluster's own. It has no name and no file anywhere: when its last process
// has ended it is gone, whatever ended them.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../../scripts/setup.mjs';
import { type ChildProgram, startProgram, WITH_PARENT } from '../child-program.ts';
import { runProgram } from '../run-program.ts';
import { isOpen } from './dial.ts';
import { until } from './until.ts';

export interface Namespace {
  /** Puts a command inside: `nsenter` and what leads there. */
  inside(command: readonly string[]): [string, ...string[]];
  /** A unix socket, an HTTP proxy for CONNECT: dials from within. */
  readonly door: string;
  /** The process that keeps it alive. */
  readonly pid: number;
  close(): Promise<void>;
}

export interface NamespaceSettings {
  /** For its few files; at most some 80 characters, since a socket's path may have 107 (unix(7)). */
  directory: string;
  /** IPv4, each on the loopback device. */
  addresses: readonly string[];
  /** Address by name: /etc/hosts inside. */
  hosts: ReadonlyMap<string, string>;
  /** In a user namespace of its own, where who made it is root. */
  rootless: boolean;
  /** A TCP load balancer. */
  balance: { at: string; to: readonly string[] } | undefined;
}

const WARDEN = path.join(root, 'scripts', 'warden.mjs');
/** The kubelet's mounts want the real root; everything else does with a user namespace, as anybody may make. */
const unshare = (rootless: boolean): [string, ...string[]] => [
  'unshare',
  ...(rootless ? ['--map-root-user'] : []),
  '--net',
  '--mount',
  '--propagation',
  'private',
];

/** Undefined where namespaces can be made; else the reason. */
export async function namespacesMissing(rootless: boolean): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'network namespaces are Linux';
  const [program, ...args] = [...unshare(rootless), 'ip', 'link', 'set', 'lo', 'up'];
  const tried = await runProgram(program, args).catch((error: unknown) => ({
    code: 1,
    stderr: String(error),
  }));
  return tried.code === 0 ? undefined : `no namespace can be made here: ${tried.stderr.trim()}`;
}

export async function openNamespace(settings: NamespaceSettings): Promise<Namespace> {
  const { directory, addresses, hosts, balance, rootless } = settings;
  const hostsFile = path.join(directory, 'hosts');
  const lines = ['127.0.0.1 localhost', ...[...hosts].map(([name, address]) => `${address} ${name}`)];
  await writeFile(hostsFile, `${lines.join('\n')}\n`);
  const door = path.join(directory, 'door');
  // /32: the kernel then takes the address that is dialled as its own too, and not the first of all.
  const setUp = [
    'ip link set lo up',
    ...addresses.map((address) => `ip addr add ${address}/32 dev lo`),
    `mount --bind '${hostsFile}' /etc/hosts`,
    'exec "$@"',
  ].join(' && ');
  // The kernel forgets with whom a process wants to end when it becomes another user (prctl(2)).
  const again = rootless ? WITH_PARENT : [];
  const balanced = balance ? [`${balance.at}=${balance.to.join(',')}`] : [];
  const warden = await startProgram(
    [...unshare(rootless), 'sh', '-c', setUp, 'sh', ...again, process.execPath, WARDEN, door, ...balanced],
    { logFile: path.join(directory, 'warden.log') },
  );
  await until(`the namespace of ${directory}`, () => opened(warden, door));
  const enter = ['--target', String(warden.pid), '--net', '--mount'];
  const user = rootless ? ['--user', '--preserve-credentials'] : [];
  return {
    inside: (command) => ['nsenter', ...enter, ...user, '--', ...again, ...command],
    door,
    pid: warden.pid,
    close: () => warden.stop(),
  };
}

async function opened(warden: ChildProgram, door: string): Promise<boolean> {
  if (warden.ended()) throw new Error(`the namespace was not made:\n${warden.log()}`);
  return isOpen(door);
}
