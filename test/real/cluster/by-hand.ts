/**
 * A real cluster for a person: up until it is interrupted, with what he needs to look around.
 *
 *   up [TOPOLOGY] [PROFILE]
 *   down
 */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../../scripts/setup.mjs';
import type { Tools } from './commands.ts';
import { ground } from './ground.ts';
import { orderOf } from './hammer.ts';
import { bootCluster, type RealCluster } from './real-cluster.ts';
import { TOPOLOGIES } from './scenarios.ts';
import { until } from './until.ts';

/** Of the one that is up: its process. */
const RECORD = path.join(tmpdir(), `kubetls-cluster-${process.getuid?.() ?? 0}.pid`);
const USAGE = `usage: npm run cluster -- up [${Object.keys(TOPOLOGIES).join('|')}] [flat|kubeadm]
       npm run cluster -- down`;

const [command, ...words] = process.argv.slice(2);
if (command === 'up') await up(words);
else if (command === 'down') await down();
else fail(USAGE);

async function up([topology = 'single', profile = 'flat']: readonly string[]): Promise<void> {
  if (!isTopology(topology) || !isProfile(profile)) return fail(USAGE);
  if ('missing' in ground) return fail(`error: no cluster can be booted here: ${ground.missing}`);
  if ((await running()) !== undefined) return fail('error: one is up already\nhint: npm run cluster -- down');
  await writeFile(RECORD, String(process.pid));
  const ended = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  try {
    const scenario = { title: topology, topology: TOPOLOGIES[topology], profile, spec: [] };
    const cluster = await bootCluster(ground.tools, scenario);
    console.log(await introduction(cluster, ground.tools));
    await ended;
    await cluster.stop();
  } finally {
    await rm(RECORD, { force: true });
  }
  process.exit(0);
}

async function down(): Promise<void> {
  const pid = await running();
  if (pid === undefined) return fail('error: none is up');
  process.kill(pid, 'SIGTERM');
  await until('it is down', async () => (await running()) === undefined);
}

async function introduction(cluster: RealCluster, tools: Tools): Promise<string> {
  const { directory, namespace, wiring, reached } = cluster;
  const components = cluster.components();
  const inside = path.join(directory, 'in');
  const bin = [...new Set(Object.values<string>({ ...tools }).map((tool) => path.dirname(tool)))].join(':');
  const script = [
    '#!/bin/sh',
    `export KUBECONFIG='${wiring.admin}' PATH="${bin}:${root}:$PATH"`,
    `exec ${namespace.inside([]).join(' ')} "$@"`,
  ];
  await writeFile(inside, `${script.join('\n')}\n`);
  await chmod(inside, 0o755);
  const order = path.join(directory, 'hammer.json');
  await writeFile(order, orderOf(cluster, { rate: 20 }));
  const sizes = await Promise.all(components.map((one) => megabytes(one.pid())));
  const memory = sizes.reduce((sum, size) => sum + size, 0);
  return `
Up in ${reached.get('nodes ready')?.toFixed(1)} s, ${components.length} programs, ${memory} MB: ${directory}

  ${inside} kubectl get nodes
  ${inside} ${['kubetls', '-f', cluster.tree.yaml, 'prove', ...cluster.connect].join(' ')}
  sleep 10 | ${inside} hammer ${order}

  state and kubetls.yaml   ${directory}
  a node's files           ${directory}/nodes/NODE
  logs                     ${directory}/logs

Ctrl-C, or npm run cluster -- down, ends it and removes everything.`;
}

/** Resident, which counts what is shared once a program. */
async function megabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

async function running(): Promise<number | undefined> {
  const pid = Number(await readFile(RECORD, 'utf8').catch(() => '0'));
  try {
    process.kill(pid, 0);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isTopology(name: string): name is keyof typeof TOPOLOGIES {
  return Object.hasOwn(TOPOLOGIES, name);
}

function isProfile(name: string): name is 'flat' | 'kubeadm' {
  return name === 'flat' || name === 'kubeadm';
}

function fail(text: string): void {
  console.error(text);
  process.exitCode = 2;
}
