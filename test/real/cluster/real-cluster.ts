// A real Kubernetes control plane with real kubelets, on the PKI that kubetls made, in a namespace of its own.
import { kubetlsCommand } from '../kubetls-program.ts';
import { temporaryDirectory } from '../last-rites.ts';
import { type Outcome, runProgram } from '../run-program.ts';
import { aggregationOf } from './aggregation.ts';
import { approveServing } from './approve.ts';
import { bootstrapObjects } from './bootstrap.ts';
import type { Tools } from './commands.ts';
import type { Component } from './component.ts';
import { newNode } from './new-node.ts';
import { faultsIn, type LogFault } from './faults.ts';
import { layOut, type Parts } from './parts.ts';
import { WAVES } from './programs.ts';
import { until } from './until.ts';
import { rbacOf } from './rbac.ts';
import type { Design } from './scenarios.ts';

export interface RealCluster extends Omit<Parts, 'directory'> {
  readonly directory: string;
  components(): readonly Component[];
  component(id: string): Component;
  /** Seconds from the start, by what was then reached. */
  readonly reached: ReadonlyMap<string, number>;
  /** A program inside, with what it printed. */
  run(command: readonly string[], stdin?: string, timeout?: number): Promise<Outcome>;
  /** As the administrator. */
  kubectl(args: readonly string[], stdin?: string): Promise<Outcome>;
  /** What it printed; an exit status other than 0 is an error that shows it. */
  mustKubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** `timeout`: milliseconds, a minute by default. */
  kubetls(args: readonly string[], stdin?: string, timeout?: number): Promise<Outcome>;
  /** The node's programs, once its files are on its disk; returns when it is Ready. */
  join(node: string): Promise<void>;
  /** Lines of any log that tell of a failed handshake or a rejected certificate, and are no known part of a start. */
  faults(): LogFault[];
  /** `keep`: logs and files stay, and the answer says where. */
  stop(keep?: boolean): Promise<string | undefined>;
}

const PATIENCE = 60; // seconds, until all nodes are ready
const TO_END = 2_000; // milliseconds; everything is thrown away

/** Builds the PKI with the program, starts everything in order, and returns when every node is Ready. */
export async function bootCluster(tools: Tools, scenario: Design): Promise<RealCluster> {
  const directory = await temporaryDirectory('real');
  const began = performance.now();
  const reached = new Map<string, number>();
  const mark = (what: string) => void reached.set(what, (performance.now() - began) / 1_000);
  let cluster: RealCluster | undefined;
  try {
    const parts = await layOut(tools, scenario, directory, mark);
    cluster = clusterOf(tools, parts, reached);
    await start(cluster, mark);
    return cluster;
  } catch (error) {
    await cluster?.stop(true);
    directory.keep();
    throw new Error(`${scenario.title} did not boot; logs and files are kept in ${directory.path}`, {
      cause: error,
    });
  }
}

function clusterOf(tools: Tools, parts: Parts, reached: ReadonlyMap<string, number>): RealCluster {
  const { directory, tree, wiring, namespace, programs } = parts;
  const components = (): Component[] => Object.values<readonly Component[]>({ ...programs }).flat();
  const run = (command: readonly string[], stdin = '', timeout = 60_000) => {
    const [entering, ...rest] = namespace.inside(command);
    const env = { PATH: process.env.PATH, HOME: directory.path };
    return runProgram(entering, rest, { stdin, env, timeout });
  };
  const kubectl = (words: readonly string[], stdin?: string) =>
    run([tools.kubectl, '--kubeconfig', wiring.admin, ...words], stdin);
  const cluster: RealCluster = {
    ...parts,
    directory: directory.path,
    components,
    component: (id) => {
      const found = components().find((one) => one.id === id);
      if (!found) throw new Error(`there is no ${id}`);
      return found;
    },
    reached,
    run,
    kubectl,
    async mustKubectl(words, stdin) {
      const { code, stdout, stderr } = await kubectl(words, stdin);
      if (code === 0) return stdout;
      throw new Error(`kubectl ${words.join(' ')} ended with ${code}\n${stdout}${stderr}`);
    },
    kubetls: async (words, stdin, timeout) => run(await kubetlsCommand(tree, words), stdin, timeout),
    async join(node) {
      const joining = await newNode(cluster, node);
      for (const wave of WAVES) {
        programs[wave].push(...joining[wave]);
        if (wave === 'kubeProxies') await ready(cluster, [node]);
        await together(joining[wave]);
      }
    },
    faults: () => faultsIn(components()),
    async stop(keep = false) {
      // What depends on others goes first, so that nobody complains of the last.
      for (const wave of WAVES.toReversed()) await Promise.all(programs[wave].map((one) => one.stop(TO_END)));
      await Promise.all(parts.sshds.map((one) => one.stop(TO_END)));
      await namespace.close();
      if (!keep) await directory.remove();
      else directory.keep();
      return keep ? directory.path : undefined;
    },
  };
  return cluster;
}

async function start(cluster: RealCluster, mark: (what: string) => void): Promise<void> {
  const { programs, wiring } = cluster;
  const apply = (objects: object) => cluster.mustKubectl(['apply', '-f', '-'], JSON.stringify(objects));
  await together(cluster.sshds);
  if (cluster.common.staticPods) {
    await together(programs.runtimes);
    const controlPlanes = wiring.apiservers.map(({ node }) => `kubelet@${node}`);
    await together(programs.kubelets.filter(({ id }) => controlPlanes.includes(id)));
  }
  await together(programs.etcd);
  mark('etcd');
  await together(programs.apiservers);
  mark('kube-apiserver');
  await apply(rbacOf(cluster.tree.cluster()));
  await apply(aggregationOf(wiring.aggregated));
  if (wiring.kubelets.some(({ client }) => client === 'rotated')) await apply(bootstrapObjects());
  await Promise.all([
    together(programs.controllers),
    together(programs.runtimes).then(() => together(programs.kubelets)),
  ]);
  mark('controllers and kubelets');
  await ready(
    cluster,
    wiring.kubelets.map(({ node }) => node),
  );
  mark('nodes ready');
  await together(programs.kubeProxies);
  const asking = wiring.kubelets.filter(({ serving }) => serving === 'rotated');
  await approveServing(
    cluster,
    asking.map(({ node }) => node),
  );
}

/** Those of a wave that do not run yet. */
async function together(wave: readonly Component[]): Promise<void> {
  await Promise.all(wave.filter((one) => !one.running()).map((one) => one.start()));
}

/** Returns when the nodes have said so. */
async function ready(
  { kubectl, mustKubectl }: Pick<RealCluster, 'kubectl' | 'mustKubectl'>,
  nodes: readonly string[],
): Promise<void> {
  if (nodes.length === 0) return;
  const names = nodes.map((node) => `node/${node}`);
  // Not `wait --for=create`: of several names it was seen to end at once, with NotFound.
  const registered = async () => (await kubectl(['get', ...names, '-o', 'name'])).code === 0;
  await until(`${names.join(', ')} registered`, registered, { timeout: PATIENCE * 1_000 });
  await mustKubectl(['wait', '--for=condition=Ready', ...names, `--timeout=${PATIENCE}s`]);
}
