// kubetls itself, killed before one of its operations (test/crash/killed-program.ts), at a running cluster.
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { type TemporaryDirectory, temporaryDirectory } from '../last-rites.ts';
import type { Outcome } from '../run-program.ts';
import { inView } from './node-view.ts';
import type { RealCluster } from './real-cluster.ts';

export interface KilledOutcome extends Outcome {
  /** What it was about to do when it was killed. */
  readonly before: string | undefined;
  /** All that there were, of one that was not killed. */
  readonly operations: readonly string[];
}

export interface Killable {
  /** `at`: the operation before which it is killed, by its number or by names (crash/killed-program.ts); 0: never. */
  run(cluster: RealCluster, at: number | string, words: readonly string[]): Promise<KilledOutcome>;
  remove(): Promise<void>;
}

/** Milliseconds: whoever is not ended by then waits for what does not come. */
const PATIENCE = 180_000;

/** `within`: puts the command where it is to run, beside the cluster's namespace. */
export async function killableKubetls(
  within: (command: readonly string[]) => readonly string[] = (command) => command,
): Promise<Killable> {
  const directory: TemporaryDirectory = await temporaryDirectory('killed');
  const program = path.join(directory.path, 'kubetls.cjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, '../../crash/killed-program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  return {
    async run(cluster, at, words) {
      const { yaml, state } = cluster.tree;
      const command = [process.execPath, program, String(at), '-f', yaml, '--state', state, ...words];
      const ended = await cluster.run(within([...command, ...cluster.connect]), '', PATIENCE);
      return {
        ...ended,
        before: /^killed before: (.+)$/m.exec(ended.stderr)?.[1],
        operations: operationsIn(ended.stderr),
      };
    },
    remove: () => directory.remove(),
  };
}

/** On a node of its own, from which the others are reached by ssh: its design has `ssh`. */
export async function killableOn({ directory, disks }: RealCluster, node: string): Promise<Killable> {
  // An overlay shows what is below it, and not what was mounted there.
  const ssh = path.join(disks.of(node), 'etc/ssh');
  await mkdir(ssh, { recursive: true });
  await copyFile(path.join(directory, 'ssh_config'), path.join(ssh, 'ssh_config'));
  return killableKubetls((command) => inView(disks.of(node), command));
}

function operationsIn(text: string): readonly string[] {
  const [, list] = /^operations: (.*)$/m.exec(text) ?? [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- crash/killed-program.ts prints it
  return list === undefined ? [] : (JSON.parse(list) as string[]);
}
