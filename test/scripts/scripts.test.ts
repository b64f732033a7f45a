/**
 * The command line, tested by scripts that a person could type. Each `*.txt` beside this file is one:
 *
 *   kubetls plan                runs it in a directory of its own; it must exit 0
 *   [2] kubetls plan --frob     must exit 2
 *   sh echo 'x: 1' >> a.yaml    a line for sh; `kubetls` is on its PATH
 *   stdout text                 the last output has this text; /…/ is a regular expression
 *   ! stderr text               the last error output does not have it
 *   exists path, ! exists path
 *   mode path 0600
 *   -- name --                  what follows, to the next such line, is a file that is there from the start
 *
 * `unprivileged-*.txt` run as an ordinary user: to root no mode means anything.
 */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle, ensureBuilt, root } from '../../scripts/setup.mjs';

beforeAll(() => ensureBuilt());

const isRoot = process.getuid?.() === 0;
/** The user `nobody` of most systems; it need not exist by name. */
const NOBODY = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const nobodyMayRun =
  spawnSync(process.execPath, ['-e', 'fs.accessSync(process.argv[1], fs.constants.X_OK)', root], NOBODY)
    .status === 0;

describe('scripts', () => {
  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'))) {
    const unprivileged = name.startsWith('unprivileged-');
    const title = name.replace(/\.txt$/, '');
    const run = () =>
      runScript(readFileSync(join(import.meta.dirname, name), 'utf8'), unprivileged ? NOBODY : {});
    if (unprivileged && !nobodyMayRun) it.skip(`${title} (needs a checkout that others may read)`, run);
    else it(title, run, 120_000);
  }
});

interface Output {
  stdout: string;
  stderr: string;
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

function runScript(text: string, user: User): void {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-script-'));
  try {
    const bin = join(directory, '.bin');
    mkdirSync(bin);
    symlinkSync(bundle, join(bin, 'kubetls'));
    const [commands = '', ...files] = text.split(/^-- (.+) --\n/m);
    for (let i = 0; i < files.length; i += 2) {
      const file = join(directory, files[i] as string);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, files[i + 1] as string);
    }
    if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
    let last: Output = { stdout: '', stderr: '' };
    for (const [number, line] of commands.split('\n').entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      last = runLine(line, `line ${number + 1}: ${line}`, { directory, bin, user }, last);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Place {
  readonly directory: string;
  readonly bin: string;
  readonly user: User;
}

function runLine(line: string, where: string, { directory, bin, user }: Place, last: Output): Output {
  const [, not = '', code = '0', word = '', rest = ''] = /^(! )?(?:\[(\d+)\] )?(\S+) ?(.*)$/.exec(line) ?? [];
  const path = (name: string) => resolve(directory, name);
  switch (word) {
    case 'kubetls':
    case 'sh': {
      const command = word === 'sh' ? rest : `kubetls ${rest}`;
      const run = spawnSync('sh', ['-c', command], {
        cwd: directory,
        ...user,
        maxBuffer: 64 * 1024 * 1024,
        timeout: 100_000,
        encoding: 'utf8',
        env: { ...process.env, PATH: bin + delimiter + process.env['PATH'], HOME: directory },
      });
      expect(run.status, `${where}\n${run.stdout}${run.stderr}`).toBe(Number(code));
      return run;
    }
    case 'stdout':
    case 'stderr':
      expect(matches(last[word], rest), `${where}\n${last[word]}`).toBe(not === '');
      return last;
    case 'exists':
      expect(existsSync(path(rest)), where).toBe(not === '');
      return last;
    case 'mode': {
      const [name = '', mode = ''] = rest.split(' ');
      expect((statSync(path(name)).mode & 0o7777).toString(8).padStart(4, '0'), where).toBe(mode);
      return last;
    }
    default:
      throw new Error(`${where}: unknown word ${word}`);
  }
}

function matches(output: string, wanted: string): boolean {
  const pattern = /^\/(.*)\/$/.exec(wanted)?.[1];
  return pattern === undefined ? output.includes(wanted) : new RegExp(pattern, 'm').test(output);
}
