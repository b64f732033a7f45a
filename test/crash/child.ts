/** A process that applies the scenario's second run for real, and tells of each operation before it. */
import { writeSync } from 'node:fs';
import { directoryStore } from '../../src/stores/index.ts';
import { hookedFs } from './faulty-fs.ts';
import { after, apply } from './scenario.ts';

const [root = '', pace = '0'] = process.argv.slice(2);
const never = new Int32Array(new SharedArrayBuffer(4));

/** One byte on stdout, and a little wait, so that a signal finds the process in the midst of things. */
const ops = hookedFs(() => {
  writeSync(1, '.');
  Atomics.wait(never, 0, 0, Number(pace));
});

await apply(directoryStore(root, { ops }), 'r2', after);
