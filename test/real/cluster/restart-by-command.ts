// Programs of a cluster that a command on their node starts anew, as systemd does: it is asked over a socket, and goes
// on whatever becomes of who asked.
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../last-rites.ts';
import type { Component } from './component.ts';
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

/** On the disk of each node; the component is its only word. */
const COMMAND = '/var/lib/kubetls-test/restart';

/** A line of the spec, in YAML's flow style. */
export const servicesByCommand = (components: readonly string[]): string =>
  `services: { ${components.map((one) => `${one}: { command: [${COMMAND}, ${one}] }`).join(', ')} }`;

export interface Restarted {
  /** `kubelet@w1` */
  readonly id: string;
  /** Milliseconds since 1970, a moment before its process was made. */
  readonly at: number;
}

export interface Restarts {
  /** What was started anew, in order. */
  readonly done: readonly Restarted[];
  /** How long each takes between its end and its start; milliseconds. */
  pause: number;
  /** How long it may take to end, then it is killed; milliseconds. */
  patience: number | undefined;
  /** Returns when nothing is being restarted and all of it is ready. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function restartedByCommand(cluster: RealCluster): Promise<Restarts> {
  const socket = path.join(cluster.directory, 'restart');
  const done: Restarted[] = [];
  const last = new Map<string, Promise<void>>();
  /** One after another; it is not waited for until it is ready, only until it runs. */
  const restart = async (component: Component, asked: Socket): Promise<void> => {
    await last.get(component.id);
    await component.stop(restarts.patience);
    asked.write('stopped\n');
    await sleep(restarts.pause);
    const at = Date.now();
    const started = component.start();
    last.set(component.id, started);
    await until(`${component.id} runs`, async () => component.running());
    done.push({ id: component.id, at });
    asked.end('started\n');
  };
  const queues = new Map<string, Promise<void>>();
  const server = createServer((asked) => {
    // Who asked may be gone before it is answered.
    asked.on('error', () => undefined);
    asked.setEncoding('utf8').once('data', (text: string) => {
      const id = text.trim();
      const before = queues.get(id) ?? Promise.resolve();
      const now = before.then(() => restart(cluster.component(id), asked));
      queues.set(
        id,
        now.catch(() => void asked.destroy()),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const ended = atEnd(() => server.close());
  for (const { name } of cluster.tree.cluster().spec.nodes) await writeCommand(cluster, name, socket);
  const restarts: Restarts = {
    done,
    pause: 0,
    patience: undefined,
    settled: async () => {
      await Promise.all(queues.values());
      await Promise.all(last.values());
    },
    close: () =>
      new Promise((resolve) => {
        ended();
        server.close(() => resolve());
      }),
  };
  return restarts;
}

/** Ends well when it was told that the program was started. */
const ASK = [
  'const [, , socket, what] = process.argv;',
  "const asked = require('net').connect(socket, () => asked.write(what + '\\n'));",
  "let said = '';",
  "asked.on('data', (text) => (said += text, process.stdout.write(text)));",
  "asked.on('error', () => {}).on('close', () => (process.exitCode = said.endsWith('started\\n') ? 0 : 1));",
];

async function writeCommand({ disks }: RealCluster, node: string, socket: string): Promise<void> {
  const file = path.join(disks.of(node), COMMAND);
  await mkdir(path.dirname(file), { recursive: true });
  const script = `${file}.cjs`;
  await writeFile(script, `${ASK.join('\n')}\n`);
  const line = `exec '${process.execPath}' '${script}' '${socket}' "$1@${node}"`;
  await writeFile(file, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}
