import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../../../test/support/as-nobody.ts';
import type { TreeFile } from '../../survey/index.ts';
import { NamedFiles, readTrees } from '../index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kubetls-tree-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string | Buffer = 'text'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

async function read(path = root, ...names: readonly string[]): Promise<TreeFile[]> {
  const found: TreeFile[] = [];
  const roots = (names.length === 0 ? ['n'] : names).map((name) => ({ name, path }));
  for await (const file of readTrees(roots)) found.push(file);
  return found;
}

/** Path by path what came of it: its text, or why there is none. */
async function outcome(): Promise<Record<string, string>> {
  const text = ({ bytes, failure }: TreeFile) =>
    failure?.message ?? (bytes ? Buffer.from(bytes).toString() : 'passed over');
  return Object.fromEntries((await read()).map((file) => [file.path, text(file)]));
}

describe('a tree is read', () => {
  it('in order, with mode and owner, several roots one after the other', async () => {
    put('b/z.crt', 'one');
    put('a.key', 'two');
    chmodSync(join(root, 'a.key'), 0o640);
    const { uid, gid } = statSync(join(root, 'a.key'));
    const [first, second] = await read();
    expect(first).toMatchObject({ root: 'n', path: 'a.key', mode: 0o640, owner: { uid, gid } });
    expect(second).toMatchObject({ path: 'b/z.crt', bytes: Buffer.from('one') });
    expect((await read(root, 'x', 'y')).map((file) => file.root)).toEqual(['x', 'x', 'y', 'y']);
  });

  it('when it is a single file', async () => {
    put('a.key', 'two');
    expect(await read(join(root, 'a.key'))).toMatchObject([{ path: 'a.key', bytes: Buffer.from('two') }]);
  });

  it('and one that is not there is refused', async () => {
    await expect(read(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'stores/io' });
  });
});

describe('links', () => {
  it('are followed inside of the tree, absolute ones as on the machine that it is a copy of', async () => {
    put('var/lib/kubelet/pki/kubelet-client-2026.pem', 'pem');
    link('var/lib/kubelet/pki/kubelet-client-current.pem', '/var/lib/kubelet/pki/kubelet-client-2026.pem');
    put('srv/pki/ca.crt', 'ca');
    link('etc/kubernetes/pki', '../../srv/pki');
    expect(await outcome()).toMatchObject({
      'var/lib/kubelet/pki/kubelet-client-current.pem': 'pem',
      'etc/kubernetes/pki/ca.crt': 'ca',
    });
    const [current] = (await read()).filter(({ path }) => path.endsWith('current.pem'));
    expect(current?.target).toBe('var/lib/kubelet/pki/kubelet-client-2026.pem');
  });

  it("the kubelet's absolute link is followed also in a tree of its directory alone", async () => {
    put('kubelet-client-2026.pem', 'pem');
    link('kubelet-client-current.pem', '/var/lib/kubelet/pki/kubelet-client-2026.pem');
    expect(await outcome()).toMatchObject({ 'kubelet-client-current.pem': 'pem' });
  });

  it.each([
    ['to itself', 'a', 'a', 'the link leads to itself'],
    ['to nothing', 'a', 'b', 'the link leads nowhere'],
    ['out of the tree', 'a', '../../etc/passwd', 'the link leads out of the tree'],
    ['to the same name elsewhere', 'd/a', '/usr/share/a', 'the link leads out of the tree'],
    ['to where it stands', 'd/a', '..', 'the link leads to a directory that it stands in'],
  ])('%s is told', async (_, path, target, message) => {
    link(path, target);
    expect(await outcome()).toEqual({ [path]: message });
  });

  it('through a directory that is a link out of the tree is not followed', async () => {
    link('out', '/etc');
    link('x', 'out/passwd');
    expect(await outcome()).toEqual({
      out: 'the link leads nowhere',
      x: 'the link leads out of the tree',
    });
  });

  it('to directories that would multiply the tree without end are followed once', async () => {
    for (let i = 0; i < 20; i++) {
      put(`d${i}/f`, 'x');
      for (let j = 0; j < 20; j++) if (j !== i) link(`d${i}/l${j}`, `../d${j}`);
    }
    const found = await read();
    expect(found.length).toBeLessThan(20 * 20 * 22);
    expect(found.some(({ failure }) => failure?.message.includes('behind another'))).toBe(true);
  });
});

describe('a hostile tree', () => {
  // A running kubelet has four sockets: only what is called like a certificate is worth a word.
  it.skipIf(process.platform === 'win32')('of a FIFO and a socket opens neither', async () => {
    execFileSync('mkfifo', [join(root, 'ca.crt')]);
    const server = createServer().listen(join(root, 'kubelet.sock'));
    await new Promise((resolve) => server.once('listening', resolve));
    const found = await outcome();
    server.close();
    const said = 'is a FIFO, a socket or a device, and was not opened';
    expect(found).toEqual({ 'ca.crt': said, 'kubelet.sock': 'passed over' });
  });

  it('of 10 GB in a file reads its head alone', async () => {
    put('ca.crt', '-----BEGIN CERTIFICATE-----\n'.padEnd(5_000, 'A'));
    put('database', '');
    for (const name of ['ca.crt', 'database']) truncateSync(join(root, name), 10 * 1024 ** 3);
    expect(await outcome()).toEqual({
      'ca.crt': 'has 10737418240 bytes, of 67108864 that are read at most',
      database: 'passed over',
    });
  });

  it('of names that would move a cursor is handed on as it is, of names that are no text not opened', async () => {
    put('a\u001b[2Jb.crt', 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from('ff2e637274', 'hex')]), 'x');
    expect(await outcome()).toEqual({
      'a\u001b[2Jb.crt': 'x',
      '\ufffd.crt': 'has a name that is no UTF-8, and was not opened',
    });
  });

  it('nested without end is entered so far', async () => {
    put(`${'d/'.repeat(200)}f`);
    const found = await read();
    expect(found).toHaveLength(1);
    expect(found[0]?.failure?.message).toContain('nested deeper than 64');
  });

  it('of which a part may not be read gives the rest', async () => {
    put('a', 'x');
    put('b', 'y');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'b'), 0o644);
    chmodSync(join(root, 'a'), 0);
    const found = await asNobody(outcome);
    expect(found).toEqual({ a: 'cannot be read: permission denied', b: 'y' });
  });
});

describe('of a whole machine', () => {
  const machine = (...files: readonly string[]): void => {
    for (const file of ['proc/1/environ', 'usr/share/x.crt', 'etc/hostname', ...files]) put(file);
  };

  it('is read what a cluster or a person may have put there', async () => {
    const files = [
      'etc/kubernetes/pki/etcd/ca.crt',
      'home/ada/.kube/config',
      'opt/rke/etc/kubernetes/ssl/kube-ca.pem',
      'root/ca.key',
      'srv/kubernetes/ca.crt',
      'usr/lib/systemd/system/kubelet.service',
      'usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
      'usr/local/etc/etcd/etcd.crt',
      'var/lib/kubelet/pki/kubelet.crt',
      'var/lib/rancher/k3s/server/tls/server-ca.crt',
      'var/snap/microk8s/current/certs/ca.crt',
    ];
    machine(...files);
    expect(Object.keys(await outcome())).toEqual(['etc/hostname', ...files]);
  });

  it('are passed over programs, caches, volumes and the shares of other machines', async () => {
    machine(
      'data/database/x.key',
      'etc/ssl/certs/x.pem',
      'home/ada/.cache/x/x.crt',
      'home/ada/src/app/test/tls/x.crt',
      'mnt/share/x.crt',
      'opt/app/node_modules/x/x.crt',
      'root/go/pkg/mod/x.crt',
      'tmp/x.crt',
      'usr/lib/systemd/system/x.service.d/x.conf',
      'usr/lib/x.crt',
      'usr/lib/x/x.crt',
      'var/lib/containerd/x/x.crt',
      'var/lib/kubelet/pods/1/volumes/x.crt',
      'var/lib/postgresql/x.key',
    );
    expect(Object.keys(await outcome())).toEqual(['etc/hostname']);
  });

  it('a link from where a cluster keeps things is followed, wherever it leads; others are not', async () => {
    machine('data/kubernetes/pki/ca.crt', 'data/kubelet/pki/kubelet.crt', 'data/kubelet/pods/1/x.crt');
    machine('mnt/share/x.crt');
    for (const below of ['etc', 'var/lib', 'opt']) mkdirSync(join(root, below), { recursive: true });
    link('etc/kubernetes', '/data/kubernetes');
    link('var/lib/kubelet', '/data/kubelet');
    link('opt/share', '/mnt/share');
    link('etc/kube-proc', '/proc');
    machine('data/home/ada/.kube/config', 'data/home/ada/src/app/test/x.crt');
    link('home', 'data/home');
    expect(Object.keys(await outcome())).toEqual([
      'etc/hostname',
      'etc/kubernetes/pki/ca.crt',
      'home/ada/.kube/config',
      'var/lib/kubelet/pki/kubelet.crt',
    ]);
  });

  it("what could not be read is told where it may be the cluster's", async () => {
    machine();
    link('etc/fonts.conf', 'nowhere');
    link('etc/kubernetes.conf', 'nowhere');
    link('etc/web.crt', 'nowhere');
    const told = 'the link leads nowhere';
    expect(await outcome()).toEqual({
      'etc/hostname': 'text',
      'etc/kubernetes.conf': told,
      'etc/web.crt': told,
    });
  });

  it('one file is read wherever it stands, once, if it is one and stands in it', () => {
    machine('data/ca.crt', 'data/real.crt', 'data/walked.crt');
    link('data/linked.crt', 'real.crt');
    link('data/out.crt', '/../../etc/passwd');
    link('data/around', '.');
    execFileSync('mkfifo', [join(root, 'data/fifo.crt')]);
    const files = new NamedFiles([{ name: 'n', path: root }]);
    files.add({ root: 'n', path: 'data/walked.crt', mode: 0, owner: undefined, bytes: undefined });
    const named = (path: string) => files.read('n', path);
    expect(named('data/ca.crt')).toMatchObject({
      root: 'n',
      path: 'data/ca.crt',
      bytes: Buffer.from('text'),
    });
    expect(named('data/linked.crt')).toMatchObject({ path: 'data/linked.crt', target: 'data/real.crt' });
    const none = ['data', 'data/nothing.crt', 'data/out.crt', 'data/fifo.crt', '../../../etc/passwd'];
    const again = ['data/ca.crt', 'data/around/ca.crt', 'data/real.crt', 'data/walked.crt'];
    const hostile = ['data/\0', `data/${'a/'.repeat(40_000)}x`];
    for (const path of [...none, ...again, ...hostile]) expect(named(path), path).toBeUndefined();
    expect(files.read('other', 'data/ca.crt')).toBeUndefined();
  });

  it('no more files are read by their names than a machine can have', () => {
    machine(...Array.from({ length: 1_100 }, (_, i) => `data/${i}.crt`));
    const files = new NamedFiles([{ name: 'n', path: root }]);
    const read = Array.from({ length: 1_100 }, (_, i) => files.read('n', `data/${i}.crt`));
    expect(read.filter((file) => file !== undefined)).toHaveLength(1_000);
  });
});
