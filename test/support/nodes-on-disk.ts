/** A command over nodes whose disks are directories, and a twin that runs from them. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  readonly #hosts: ReadonlyMap<string, string>;

  constructor(disks: Disks, cluster: Cluster, hosts: Record<string, string>) {
    this.disks = disks;
    this.#hosts = new Map(Object.entries(hosts));
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

  /** As if nobody had a file and a state: both are made from what stands on the disks. */
  /** Answers what it said. */
  async adopt(): Promise<string> {
    rmSync(this.disks.state, { recursive: true });
    rmSync(this.#yaml);
    const roots = [...this.#hosts].map(([node, root]) => `${node}=${root}`);
    const { code, out, err } = await this.run('adopt', roots);
    if (code !== 0) throw new Error(`adopt ended with ${code}: ${err}`);
    const text = readFileSync(this.#yaml, 'utf8').replaceAll(/\{ name: ([\w-]+),/g, (whole, node: string) => {
      const host = this.#hosts.get(node);
      return host === undefined ? whole : `{ name: ${node}, host: ${host},`;
    });
    writeFileSync(this.#yaml, text);
    return out;
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
      ...(['plan', 'adopt'].includes(command) ? [] : this.#connect),
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
