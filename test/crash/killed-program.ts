/**
 * kubetls itself, killed by SIGKILL before its k-th operation that changes a file: in the state, on a node, or in its
 * own notes. `k` is the first word, 0 for never; how many there were is said at the end, on stderr.
 */
import { writeSync } from 'node:fs';
import { run } from '../../src/cli/run.ts';
import { type FsOps, nodeFs, O_CREAT, type OpenFile } from '../../src/stores/directory/fs-ops.ts';

const [last = '0', ...words] = process.argv.slice(2);
const never = new Int32Array(new SharedArrayBuffer(4));
const original = { ...nodeFs };
let count = 0;

/** `half`: what a kill in the midst of it leaves. */
function step(half?: () => void): void {
  if (++count !== Number(last)) return;
  half?.();
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(never, 0, 0);
}

function told<Given extends readonly unknown[], Result>(operation: (...given: Given) => Result) {
  return (...given: Given): Result => {
    step();
    return operation(...given);
  };
}

const hands: Partial<FsOps> = {
  open: (path, flags, mode) => {
    if ((flags & O_CREAT) !== 0) step();
    return original.open(path, flags, mode);
  },
  write: (file: OpenFile, bytes: Uint8Array) => {
    step(() => original.write(file, bytes.subarray(0, Math.floor(bytes.length / 2))));
    original.write(file, bytes);
  },
  fsync: told(original.fsync),
  truncate: told(original.truncate),
  fchmod: told(original.fchmod),
  fchown: told(original.fchown),
  mkdir: told(original.mkdir),
  chmod: told(original.chmod),
  rmdir: told(original.rmdir),
  rename: told(original.rename),
  link: told(original.link),
  unlink: told(original.unlink),
};
Object.assign(nodeFs, hands);
process.on('exit', () => void writeSync(2, `operations: ${count}\n`));
void run(words, 'killed').then((code) => (process.exitCode = code));
