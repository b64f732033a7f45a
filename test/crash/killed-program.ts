/**
 * kubetls itself, killed by SIGKILL before its k-th operation: one that changes a file in the state, on a node or in
 * its own notes; one that starts another program, and the middle of that; a pause between two looks at a gate. `k` is
 * the first word, 0 for never; or how the operation's name begins, `3:start ssh` for the third of that, several apart
 * by `|`. What it was killed before, or all that there were, is said at the end, on stderr.
 */
import childProcess from 'node:child_process';
import { writeSync } from 'node:fs';
import path from 'node:path';
import timers from 'node:timers/promises';
import { run } from '../../src/cli/run.ts';
import { type FsOps, nodeFs, O_CREAT, type OpenFile } from '../../src/stores/directory/fs-ops.ts';

const [last = '0', ...words] = process.argv.slice(2);
const never = new Int32Array(new SharedArrayBuffer(4));
const original = { ...nodeFs };
const names: string[] = [];
const named = Number.isNaN(Number(last)) ? last.split('|').map(beginning) : [];

/** Says of each operation, in turn, whether it is the one. */
function beginning(text: string): (name: string) => boolean {
  const [, count = '1', start = ''] = /^(?:(\d+):)?(.+)$/.exec(text) ?? [];
  let left = Number(count);
  return (name) => name.startsWith(start) && --left === 0;
}

/** `half`: what a kill in the midst of it leaves. */
function step(name: string, half?: () => void): void {
  pauses = 0;
  const at = names.push(name);
  if (at !== Number(last) && !named.some((one) => one(name))) return;
  half?.();
  writeSync(2, `killed before: ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(never, 0, 0);
}

function told<Given extends readonly unknown[], Result>(
  name: string,
  operation: (...given: Given) => Result,
): (...given: Given) => Result {
  return (...given) => {
    step(typeof given[0] === 'string' ? `${name} ${path.basename(given[0])}` : name);
    return operation(...given);
  };
}

const hands: Partial<FsOps> = {
  open: (file, flags, mode) => {
    if ((flags & O_CREAT) !== 0) step(`create ${path.basename(file)}`);
    return original.open(file, flags, mode);
  },
  write: (file: OpenFile, bytes: Uint8Array) => {
    step('write', () => original.write(file, bytes.subarray(0, Math.floor(bytes.length / 2))));
    original.write(file, bytes);
  },
  fsync: told('fsync', original.fsync),
  truncate: told('truncate', original.truncate),
  fchmod: told('fchmod', original.fchmod),
  fchown: told('fchown', original.fchown),
  mkdir: told('mkdir', original.mkdir),
  chmod: told('chmod', original.chmod),
  rmdir: told('rmdir', original.rmdir),
  rename: told('rename', original.rename),
  link: told('link', original.link),
  unlink: told('unlink', original.unlink),
};
Object.assign(nodeFs, hands);

const { spawn } = childProcess;
Object.assign(childProcess, {
  spawn: (...given: Parameters<typeof spawn>) => {
    const name = path.basename(given[0]);
    step(`start ${name}`);
    const child = spawn(...given);
    child.stdout?.once('data', () => step(`amid ${name}`));
    return child;
  },
});

/** Of a row of pauses the first: how many there are is chance. */
let pauses = 0;
const pause = timers.setTimeout;
Object.assign(timers, {
  setTimeout: (...given: Parameters<typeof pause>) => {
    if (pauses === 0) step('the pause at a gate');
    pauses++;
    return pause(...given);
  },
});

process.on('exit', () => void writeSync(2, `operations: ${JSON.stringify(names)}\n`));
void run(words, 'killed').then((code) => (process.exitCode = code));
