import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asNobody } from '../../../test/support/as-nobody.ts';
import { put } from '../contract.ts';
import { CRT, failure, freshState, KEY, pair } from './state.fixture.ts';

const state = freshState();
const hasMkfifo = spawnSync('mkfifo', ['--version']).error === undefined;

describe('links', () => {
  it.each([
    ['a file that is a link out', () => fs.symlinkSync('/etc/hostname', state.at('nodes/a/pki/a.crt'))],
    ['a link that leads nowhere', () => fs.symlinkSync('nowhere', state.at('nodes/a/pki/a.crt'))],
    ['a link to itself', () => fs.symlinkSync('a.crt', state.at('nodes/a/pki/a.crt'))],
  ])('%s is not read and not written through', async (_, make) => {
    fs.mkdirSync(state.at('nodes/a/pki'), { recursive: true });
    make();
    const read = await failure(state.store.read());
    expect(read.code).toBe('stores/link');
    expect(read.where?.file).toBe(state.at(CRT));
    expect((await failure(state.store.readFile(CRT))).code).toBe('stores/link');
    expect((await failure(state.store.commit(pair))).code).toBe('stores/link');
    expect(fs.existsSync(state.at(KEY))).toBe(false);
    expect(fs.readdirSync(state.at('nodes/a/pki'))).toEqual(['a.crt']);
  });

  it.each(['nodes', 'nodes/a', 'nodes/a/pki'])(
    'a directory %s that is a link out is not entered',
    async (path) => {
      const outside = fs.mkdtempSync(join(state.base, 'outside-'));
      fs.mkdirSync(join(outside, 'a/pki'), { recursive: true });
      fs.mkdirSync(join(state.at(path), '..'), { recursive: true });
      fs.symlinkSync(outside, state.at(path));
      expect((await failure(state.store.commit(pair))).code).toBe('stores/link');
      expect((await failure(state.store.readFile(`${path}/x`))).code).toBe('stores/link');
      expect((await failure(state.store.read())).code).toMatch(/^stores\/(link|not-a-file)$/);
      expect(fs.readdirSync(outside, { recursive: true })).toEqual(['a', join('a', 'pki')]);
    },
  );

  it('a link inside the root is read as what it names, as the kubelet keeps its current certificate', async () => {
    await state.write();
    fs.symlinkSync('a.crt', state.at('nodes/a/pki/current.pem'));
    const files = await state.store.read('nodes/a/pki/current.pem');
    expect(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['nodes/a/pki/current.pem', 'c1'],
    ]);
  });

  it('a root that is a link is followed', async () => {
    fs.mkdirSync(state.at('../real'));
    fs.symlinkSync('real', state.root);
    await state.write();
    expect(fs.existsSync(state.at('../real/nodes/a/pki/a.crt'))).toBe(true);
  });
});

describe('what is no file', () => {
  it.skipIf(!hasMkfifo)('a FIFO is refused without being opened (needs mkfifo)', async () => {
    await state.write();
    execFileSync('mkfifo', [state.at('nodes/a/pki/pipe')]);
    const error = await failure(state.store.read());
    expect([error.code, error.where?.file]).toEqual(['stores/not-a-file', state.at('nodes/a/pki/pipe')]);
    const over = { run: 'r2', sets: [{ id: 'a', changes: [put('nodes/a/pki/pipe', 'x')] }] };
    expect((await failure(state.store.commit(over))).code).toBe('stores/not-a-file');
  });

  it('a directory where a file should be, and a file where a directory should be', async () => {
    await state.write();
    const onDirectory = { run: 'r2', sets: [{ id: 'a', changes: [put('nodes/a/pki', 'x')] }] };
    const below = { run: 'r3', sets: [{ id: 'a', changes: [put(`${CRT}/x`, 'x')] }] };
    expect((await failure(state.store.commit(onDirectory))).code).toBe('stores/not-a-file');
    expect((await failure(state.store.commit(below))).code).toBe('stores/not-a-file');
    expect(fs.readFileSync(state.at(CRT), 'utf8')).toBe('c1');
  });

  it('a file above 1 MiB, and directories nested too deep', async () => {
    await state.write();
    fs.writeFileSync(state.at('nodes/a/pki/big'), Buffer.alloc((1 << 20) + 1));
    expect((await failure(state.store.read())).code).toBe('stores/too-large');
    fs.rmSync(state.at('nodes/a/pki/big'));
    fs.mkdirSync(state.at(`nodes/${'d/'.repeat(70)}`), { recursive: true });
    expect((await failure(state.store.read())).code).toBe('stores/too-many');
  });
});

describe('without rights', () => {
  /** The way down to the state is open to others. */
  async function asOther<T>(work: () => Promise<T>): Promise<T> {
    for (const path of [state.base, join(state.root, '..')]) fs.chmodSync(path, 0o755);
    return asNobody(work);
  }

  it('an unreadable file or directory is a coded failure with its path and a hint', async () => {
    await state.write();
    fs.chmodSync(state.root, 0o755);
    fs.chmodSync(state.at(KEY), 0);
    const error = await failure(asOther(() => state.store.read()));
    expect([error.code, error.where?.file]).toEqual(['stores/permission', state.at(KEY)]);
    expect(error.hint).toContain('owner');
    fs.chmodSync(state.at('nodes/a/pki'), 0);
    expect((await failure(asOther(() => state.store.read()))).where?.file).toBe(state.at('nodes/a/pki'));
  });

  it('a directory that cannot be written is a coded failure, and nothing is written', async () => {
    await state.write();
    for (const path of ['', 'nodes', 'nodes/a', 'nodes/a/pki']) fs.chmodSync(state.at(path), 0o555);
    const batch = { run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'c2')] }] };
    const error = await failure(asOther(() => state.store.commit(batch)));
    expect(error.code).toBe('stores/permission');
    expect(error.where?.file).toContain(state.root);
    expect(fs.readFileSync(state.at(CRT), 'utf8')).toBe('c1');
    expect(fs.readdirSync(state.root).toSorted()).toEqual(['journal', 'nodes']);
    for (const path of ['', 'nodes', 'nodes/a', 'nodes/a/pki']) fs.chmodSync(state.at(path), 0o755);
  });
});

it('refuses to write what it would refuse to read', async () => {
  const big = { path: CRT, mode: 0o644, bytes: Buffer.alloc((1 << 20) + 1) };
  expect((await failure(state.store.commit({ run: 'r1', sets: [{ id: 'a', changes: [big] }] }))).code).toBe(
    'stores/too-large',
  );
  expect(fs.existsSync(state.root)).toBe(false);
});
