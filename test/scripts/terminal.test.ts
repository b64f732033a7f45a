/** What a person at a terminal sees and types, in tmux; and the lines that `up` prints, run as they stand. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle, ensureBuilt } from '../../scripts/setup.mjs';
import { mayMount, mountSmall, remount, unmount } from '../support/small-disk.ts';

const has = (program: string, ...words: string[]) => spawnSync(program, words).status === 0;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const node = JSON.stringify(process.execPath);
const kubetls = `${node} ${JSON.stringify(bundle)}`;

let directory: string;
beforeAll(() => ensureBuilt());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubetls-terminal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!has('tmux', '-V'))('at a terminal (needs tmux)', () => {
  it('asks before it writes; no, the end of input and Ctrl-C write nothing', async () => {
    await inTerminal(100, async ({ type, until }) => {
      await type(`${kubetls} init && clear`, 'Enter');
      for (const [key, code] of [
        ['n', 4],
        ['C-d', 4],
        ['C-c', 130],
      ] as const) {
        await type(`clear; ${kubetls} apply; echo code $?`, 'Enter');
        await until('Carry this out? [y/N]');
        await type(...(key === 'n' ? ['n', 'Enter'] : [key]));
        await until(`code ${code}`);
        expect(existsSync(join(directory, 'kubetls-state')), key).toBe(false);
      }
      await type(`clear; ${kubetls} apply; echo code $?`, 'Enter');
      await until('Carry this out? [y/N]');
      await type('y', 'Enter');
      expect(await until('code 0')).toContain('Done: 45 changes written');
    });
  });

  it('cuts its tables to the width, and colours only where that is wanted', async () => {
    const [wide, narrow, tiny] = [
      await screenOf(140, ''),
      await screenOf(80, ''),
      await screenOf(20, 'TERM=dumb '),
    ];
    expect(wide).toContain('kube-controller-manager@master  kube-apiserver@master');
    expect(wide).toContain('✓ proven');
    // Not a row is broken in two.
    const rows = narrow.split('\n').filter((line) => line.includes('proven') && !line.includes('edges'));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) expect(row).toMatch(/^\S.* (in 365 days|-) +✓ proven$/);
    // Names keep their ends: nodes can be told apart.
    expect(narrow).toMatch(/kube…?.*ker-1 .*\n.*ker-2 .*\n.*ker-3 /);
    expect(tiny).toContain('proven');
  });

  async function screenOf(columns: number, environment: string): Promise<string> {
    let screen = '';
    await inTerminal(columns, async ({ type, until }) => {
      await type(`clear; ${environment}${kubetls} up --once -q; echo ended $?`, 'Enter');
      screen = await until('ended 0');
    });
    return screen;
  }
});

/** One server for each test, ended by it. */
let servers = 0;

interface Terminal {
  /** Keys as tmux names them. */
  readonly type: (...keys: readonly string[]) => Promise<void>;
  /** The screen, once it shows this. */
  readonly until: (text: string) => Promise<string>;
}

async function inTerminal(columns: number, work: (terminal: Terminal) => Promise<void>): Promise<void> {
  const socket = join(directory, `tmux-${servers++}`);
  const tmux = (...words: readonly string[]) =>
    spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], {
      encoding: 'utf8',
      cwd: directory,
      env: { ...process.env, LC_ALL: 'C.UTF-8', CI: '', NO_COLOR: '', TERM: 'xterm' },
    }).stdout;
  tmux('-u', 'new-session', '-d', '-x', `${columns}`, '-y', '60', 'env PS1="$ " sh');
  try {
    await work({
      async type(...keys) {
        tmux('send-keys', ...keys);
        await wait(20);
      },
      async until(text) {
        for (const started = Date.now(); Date.now() - started < 20_000; await wait(50)) {
          const screen = tmux('capture-pane', '-p', '-J');
          if (screen.split('\n').some((line) => line.startsWith(text) || line.endsWith(text))) return screen;
        }
        throw new Error(`no ${text} on the screen:\n${tmux('capture-pane', '-p')}`);
      },
    });
  } finally {
    tmux('kill-server');
  }
}

describe('what up prints to be tried', () => {
  it.skipIf(!has('curl', '--version'))('works as it stands, whatever the paths (needs curl)', async () => {
    const state = `it's a "state"\nwith \${break} -and *`;
    const up = spawn(process.execPath, [bundle, 'up', '--state', state], { cwd: directory });
    try {
      let out = '';
      up.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      for (let left = 200; !out.includes('Ctrl-C ends it') && left > 0; left--) await wait(50);
      const [, curl = '', kubectl = ''] = /^ {2}(curl .*?)^ {2}(kubectl .*?)^$/ms.exec(out) ?? [];
      writeFileSync(join(directory, 'try.sh'), curl);
      const ran = run('sh', ['try.sh']);
      expect(JSON.parse(ran.stdout), curl).toMatchObject({ kind: 'PodList' });
      if (has('kubectl', 'version', '--client')) {
        writeFileSync(join(directory, 'try.sh'), kubectl);
        expect(run('sh', ['try.sh']).stdout, kubectl).toContain('kube-apiserver-master');
      }
    } finally {
      const ended = new Promise((resolve) => up.once('exit', resolve));
      up.kill('SIGINT');
      expect(await ended).toBe(130);
    }
  });

  function run(program: string, words: readonly string[]) {
    return spawnSync(program, words, { cwd: directory, encoding: 'utf8' });
  }
});

describe('a state on a disk that is full or read-only', () => {
  it.skipIf(!mayMount)('is told, and nothing is torn (needs root and mount)', () => {
    const mounted = join(directory, 'disk');
    spawnSync('mkdir', [mounted]);
    const apply = () =>
      spawnSync(process.execPath, [bundle, 'apply', '-y', '--state', 'disk/state'], {
        cwd: directory,
        encoding: 'utf8',
      });
    spawnSync(process.execPath, [bundle, 'init'], { cwd: directory });
    mountSmall(mounted, 64);
    try {
      const full = apply();
      expect([full.status, full.stderr]).toEqual([2, expect.stringContaining('no space is left')]);
      expect(full.stderr).toContain('hint: free some space');
      remount(mounted, 'size=10m');
      expect(apply().stdout).toContain('Done:');
      rmSync(join(mounted, 'state/users'), { recursive: true });
      remount(mounted, 'ro');
      const readOnly = apply();
      expect([readOnly.status, readOnly.stderr]).toEqual([2, expect.stringContaining('read-only')]);
    } finally {
      unmount(mounted);
    }
  });
});
