/** A command over nodes whose disks are directories, and a twin that runs from them. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bundle } from '../../scripts/setup.mjs';
import type { Cluster } from '../../src/cluster/index.ts';
import type { Disks } from './disks.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command over directories, each a node's root; others are reached by nobody. */
export class NodesOnDisk {
  readonly disks: Disks;
  readonly #yaml: string;
  readonly #connect: readonly string[];

  constructor(disks: Disks, cluster: Cluster, hosts: Record<string, string>) {
    this.disks = disks;
    this.#yaml = path.join(path.dirname(disks.state), 'kubetls.yaml');
    const { profile, nodes } = cluster.spec;
    const spec = {
      profile,
      keys: { algorithm: 'ecdsa-p256' },
      nodes: nodes.map(({ name, roles, addresses }) => ({ name, roles, addresses, host: hosts[name] })),
    };
    writeFileSync(this.#yaml, JSON.stringify({ metadata: { name: 'demo' }, spec }));
    this.#connect = cluster.endpoints.flatMap(({ id }) => {
      const { host, port } = disks.twin.address(id);
      return ['--connect', `${id}=${host}:${port}`];
    });
  }

  renew(words: readonly string[], killedAfter?: number): Promise<Ended> {
    return this.run('renew', words, killedAfter);
  }

  /** `kubetls COMMAND WORDS`, killed after so many milliseconds. */
  run(command: string, words: readonly string[], killedAfter?: number): Promise<Ended> {
    const args = [
      bundle,
      '-f',
      this.#yaml,
      '--state',
      this.disks.state,
      command,
      ...words,
      ...(command === 'plan' ? [] : this.#connect),
    ];
    const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    program.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    program.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    if (killedAfter !== undefined) void setTimeout(killedAfter).then(() => program.kill('SIGKILL'));
    return new Promise((resolve) => program.once('close', (code) => resolve({ code, out, err })));
  }

  bytes(file: string): { readonly state: Buffer; readonly disk: Buffer } {
    return {
      state: readFileSync(path.join(this.disks.state, file)),
      disk: readFileSync(this.disks.file(file)),
    };
  }
}
