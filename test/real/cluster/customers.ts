// Who uses a cluster while something is done to it: `kubectl get` over and over, and one `kubectl get --watch`.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../last-rites.ts';
import { YIELDING } from './hammer.ts';
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

export interface Customers {
  /** `kubectl get nodes` that ended well, each a process and a connection of its own. */
  served: number;
  /** What kubectl said of the others. */
  refused: string[];
  /** The watch was one connection from before the work to after it: it has shown what was changed at the end. */
  watched: boolean;
}

const PAUSE = 300; // milliseconds; each asks of the processor what a hundred handshakes do

/** However short the work is. */
const ENOUGH = 10;

export async function servedWhile(cluster: RealCluster, work: () => Promise<void>): Promise<Customers> {
  const { tools } = cluster.common;
  const get = [...YIELDING, tools.kubectl, '--kubeconfig', cluster.wiring.admin, 'get', 'nodes'];
  const seen: Customers = { served: 0, refused: [], watched: false };
  const watch = await watchIn(cluster);
  const over = new AbortController();
  const loop = async () => {
    while (!over.signal.aborted) {
      const { code, stderr } = await cluster.run(get);
      if (code === 0) seen.served++;
      else seen.refused.push(stderr);
      await sleep(PAUSE);
    }
  };
  const looping = loop();
  try {
    await work();
    const enough = async () => seen.served >= ENOUGH || seen.refused.length > 0;
    await until('kubectl was served', enough);
  } finally {
    over.abort();
    await looping;
    seen.watched = await watch.sees();
    await watch.stop();
  }
  return seen;
}

async function watchIn(cluster: RealCluster) {
  const words = ['get', 'configmaps', '--watch', '-o', 'jsonpath={.metadata.name}{"\\n"}'];
  const kubectl = [cluster.common.tools.kubectl, '--kubeconfig', cluster.wiring.admin];
  const [program, ...rest] = cluster.namespace.inside([...kubectl, ...words]);
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const done = atEnd(() => child.kill('SIGKILL'));
  let shown = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const end = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void end.then(() => (ended = true));
  let count = 0;
  /** Whether an object that is made now is shown, by the watch as it was begun. */
  const sees = async (): Promise<boolean> => {
    const name = `seen-${++count}`;
    await cluster.mustKubectl(['create', 'configmap', name]);
    await until(`the watch shows ${name}`, async () => ended || shown.includes(name), { why: () => shown });
    return !ended;
  };
  if (!(await sees())) throw new Error(`the watch has ended:\n${shown}`);
  return {
    sees,
    stop: async () => {
      child.kill();
      await end;
      done();
    },
  };
}
