import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubetlsError } from '../../base/index.ts';
import { change, codeOf, hostContract } from '../contract.ts';
import { temporaryTree } from '../tree.fixture.ts';
import { fakeSsh } from './fake-ssh.fixture.ts';
import { sshHost } from './index.ts';
import { SSHD, type Sshd, startSshd } from './sshd.fixture.ts';

const isRoot = process.getuid?.() === 0;

describe.skipIf(SSHD === undefined)('over a real sshd (needs sshd)', () => {
  let sshd: Sshd;
  const fake = fakeSsh();
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd.stop();
    fake.remove();
  });

  const open = (program = 'ssh') => sshHost(sshd.url, { program, config: sshd.config });

  async function inTree(
    work: (tree: ReturnType<typeof temporaryTree> & { readonly base: string }) => Promise<void>,
  ): Promise<void> {
    const tree = temporaryTree();
    try {
      await work({ ...tree, base: `${tree.directory.slice(1)}/` });
    } finally {
      tree.clear();
    }
  }

  hostContract('sshHost', async () => {
    const tree = temporaryTree();
    const host = open();
    const remove = async (): Promise<void> => {
      await host.close();
      tree.clear();
    };
    return { ...tree, host, base: `${tree.directory.slice(1)}/`, remove };
  });

  it('follows links, keeps owners, and closes backups', () =>
    inTree(async ({ at, base, seed, look, mode }) => {
      seed('etc/pki/real', 'old', 0o640);
      if (isRoot) fs.chownSync(at('etc/pki/real'), 1234, 4321);
      fs.symlinkSync('pki', at('etc/by'));
      fs.symlinkSync(at('etc/by/real'), at('link'));
      fs.symlinkSync('nowhere/at/all', at('dangling'));
      fs.symlinkSync('b', at('a'));
      fs.symlinkSync('a', at('b'));
      fs.symlinkSync('../../../../../../../../../..', at('up'));
      const host = open();
      const options = { run: 'r1', backup: `${base}deep/backup` };
      const paths = ['link', 'dangling', `up/${base}new`].map((path) => `${base}${path}`);
      await host.write(
        paths.map((path) => ({ id: path, changes: [change(path, path, 0o640)] })),
        options,
      );
      const files = await host.read(paths);
      expect(files.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(paths);
      expect(['etc/pki/real', 'nowhere/at/all', 'new'].map(look)).toEqual(paths.map((path) => `640 ${path}`));
      expect(fs.readlinkSync(at('link'))).toBe(at('etc/by/real'));
      expect(look(`deep/backup/${base}etc/pki/real`)).toBe('640 old');
      expect(['deep', 'deep/backup', `deep/backup/${base}etc`].map(mode)).toEqual(['755', '700', '700']);
      if (isRoot) {
        for (const path of ['etc/pki/real', `deep/backup/${base}etc/pki/real`]) {
          const { uid, gid } = fs.statSync(at(path));
          expect([uid, gid]).toEqual([1234, 4321]);
        }
      }
      for (const path of ['a', 'a/x', 'etc']) {
        expect(await codeOf(host.read([`${base}${path}`]))).toBe('hosts/path');
        const write = host.write([{ id: 'x', changes: [change(`${base}${path}`, 'y')] }], options);
        expect(await codeOf(write)).toBe('hosts/path');
      }
      await host.close();
    }));

  it('runs a command as it is, with its status, its words and its limits', async () => {
    const host = open();
    const run = (command: readonly string[], timeout = 20_000, signal?: AbortSignal) =>
      host.run(command, { timeout, ...(signal && { signal }) });
    const words = ["it's", '$HOME', '`id`', 'a\nb', '-n', '*', ''];
    expect(await run(['printf', '%s|', ...words])).toEqual({
      status: 0,
      stdout: words.map((word) => `${word}|`).join(''),
      stderr: '',
    });
    expect(await run(['sh', '-c', 'cat; echo no >&2; exit 3'])).toMatchObject({ status: 3, stderr: 'no\n' });
    expect((await run(['sh', '-c', 'exit 255'])).status).toBe(255);
    expect((await run(['sh', '-c', 'kill -TERM $$'])).status).toBe(143);
    expect((await run(['no-such-program'])).status).toBe(127);
    const long = await run(['sh', '-c', 'head -c 200000 /dev/zero; exit 4']);
    expect(long.status).toBe(4);
    expect(long.stdout.length).toBeGreaterThan(60_000);
    expect(long.stdout.length).toBeLessThanOrEqual(64 << 10);
    expect(await codeOf(run(['yes'], 60_000))).toBe('hosts/too-large');
    expect(await codeOf(run(['sleep', '61'], 300))).toBe('hosts/timeout');
    expect(await codeOf(run(['sleep', '62'], 20_000, AbortSignal.timeout(300)))).toBe('hosts/interrupted');
    for (const command of [[], [''], ['a', '\0'], ['\ud800']])
      expect(await codeOf(run(command))).toBe('hosts/command');
    // And goes on afterwards.
    expect((await run(['true'])).status).toBe(0);
    await host.close();
  });

  it('has one connection, by a socket that is ours alone, and leaves nothing of it', () =>
    inTree(async ({ base }) => {
      const log = `${fake.directory}/words`;
      const host = open(fake.program(`printf '%s\\n' "$@" >>${log}; exec ssh "$@"`));
      const secret = 'MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
      const options = { run: 'r1', backup: `${base}backup` };
      await host.write([{ id: 'a', changes: [change(`${base}secret-name`, secret, 0o600)] }], options);
      await host.run(['echo', 'private-word'], { timeout: 9_000 });
      const said = fs.readFileSync(log, 'utf8');
      const socket = /^ControlPath=(.*)$/m.exec(said)?.[1] ?? '';
      expect(fs.statSync(socket).isSocket()).toBe(true);
      expect((fs.statSync(`${socket}/..`.replace(/\/[^/]*\/\.\.$/, '')).mode & 0o777).toString(8)).toBe(
        '700',
      );
      expect(said.match(/^ControlPath=/gm)).toHaveLength(3);
      expect(new Set(said.match(/^ControlPath=.*/gm))).toHaveLength(1);
      // Neither contents nor paths nor commands stand where `ps` shows them.
      for (const word of [secret, Buffer.from(secret).toString('base64'), 'secret-name', 'private-word'])
        expect(said).not.toContain(word);
      await host.close();
      expect(fs.existsSync(socket)).toBe(false);
      expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(socket);
    }));

  it('a client that is killed at any moment leaves whole files, and the next write ends it', async () => {
    const seen = new Set<string>();
    for (let delay = 0; delay < 320; delay += 40) {
      await inTree(async ({ base, seed, look, list }) => {
        seed('pki/crt', 'old crt');
        seed('pki/key', 'old key', 0o600);
        const set = {
          id: 'pair',
          changes: [
            { path: `${base}pki/crt`, remove: true as const },
            change(`${base}pki/key`, `new key${'.'.repeat(500_000)}`, 0o600),
            change(`${base}pki/crt`, 'new crt'),
          ],
        };
        const options = { run: 'r1', backup: `${base}backup` };
        // Looking goes through; the writing is killed.
        const body = `script=$(mktemp -p ${fake.directory}); cat >$script
if grep -q '^P()' $script; then ssh "$@" <$script & pid=$!; sleep ${delay / 1000}; kill -9 $pid; wait $pid; else exec ssh "$@" <$script; fi`;
        const host = open(fake.program(body));
        seen.add(String(await codeOf(host.write([set], options))));
        const [crt, key] = [look('pki/crt'), look('pki/key')];
        expect(['644 old crt', '644 new crt', undefined]).toContain(crt);
        expect(['600 old key', `600 new key${'.'.repeat(500_000)}`].includes(key ?? '')).toBe(true);
        await host.close();
        const again = open();
        await again.write([set], options);
        await again.close();
        expect(look('pki/crt')).toBe('644 new crt');
        expect(look('pki/key')?.slice(0, 11)).toBe('600 new key');
        expect(list().filter((path) => path.includes('.kubetls-'))).toEqual([]);
        expect(look(`backup/${base}pki/key`)).toBe('600 old key');
      });
    }
    expect(seen).toContain('hosts/unreachable');
  }, 180_000);

  it(
    'a script that is cut anywhere does nothing at all',
    () =>
      inTree(async ({ base, seed, list, look }) => {
        seed('crt', 'old');
        const script = `${fake.directory}/script`;
        const set = { id: 'a', changes: [change(`${base}crt`, 'new'), change(`${base}key`, 'new')] };
        const options = { run: 'r1', backup: `${base}backup` };
        const cut = (bytes: string) =>
          fake.program(`cat >${script}; if grep -q '^P()' ${script}
then head -c ${bytes} ${script} | ssh "$@"; else exec ssh "$@" <${script}; fi`);
        for (const bytes of ['-1', '-2', '-3', '-40', '-200', '2000', '1000', '100', '4', '0']) {
          const host = open(cut(bytes));
          expect(await codeOf(host.write([set], options)), bytes).toBe('hosts/unreachable');
          await host.close();
          expect(list()).toEqual(['crt']);
        }
        expect(look('crt')).toBe('644 old');
      }),
    120_000,
  );

  it('goes on when the one connection has gone', async () => {
    const host = open();
    const answers = async () => (await host.run(['echo', 'x'], { timeout: 9_000 })).stdout === 'x\n';
    expect(await answers()).toBe(true);
    // The sshd of each connection is a child of ours.
    const children = fs.readFileSync(`/proc/${sshd.pid}/task/${sshd.pid}/children`, 'utf8').trim();
    expect(children).not.toBe('');
    for (const pid of children.split(' ')) process.kill(Number(pid), 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await answers()).toBe(true);
    await host.close();
  });

  it('says what to do where nobody lets it in', async () => {
    const failure = async (url: string, config: string) => {
      const path = `${sshd.directory}/config-${Math.random()}`;
      fs.writeFileSync(path, config);
      const host = sshHost(url, { config: path });
      const error: unknown = await host.read(['etc/hostname']).catch((thrown: unknown) => thrown);
      await host.close();
      return error instanceof KubetlsError ? `${error.code}: ${error.message} (${error.hint})` : error;
    };
    const good = fs.readFileSync(sshd.config, 'utf8');
    const stranger = good.replace(/UserKnownHostsFile .*/, 'UserKnownHostsFile /dev/null');
    expect(await failure(sshd.url, stranger)).toMatch(
      /^hosts\/unreachable: Host key verification failed\. \(see whose key it is, and connect once by hand: ssh ssh:/,
    );
    const keyless = good.replace(/IdentityFile .*/, `IdentityFile ${sshd.directory}/host`);
    expect(await failure(sshd.url, keyless)).toMatch(
      /Permission denied \(publickey.*\(let ssh log in without/,
    );
    expect(await failure('ssh://root@127.0.0.1:1', good)).toMatch(
      /Connection refused.*see that sshd listens/,
    );
    expect(await failure('ssh://root@no-such-host.invalid', good)).toMatch(/hosts\/unreachable: .*resolve/);
  });

  it.each(['ssh://-oProxyCommand=touch', 'ssh://-v@127.0.0.1', 'ssh://root@127.0.0.1 -v', '/etc', 'x'])(
    'never gets as far as starting ssh for %s',
    async (url) => {
      expect(await codeOf((async () => sshHost(url, { program: '/no/such/program' }))())).toBe('hosts/path');
    },
  );

  it.skipIf(!isRoot)('a user without rights is told so, and nothing is half done (needs root)', () =>
    inTree(async ({ base, seed, at, list }) => {
      seed('closed/key', 'key', 0o600);
      seed('open/crt', 'old');
      for (const path of ['', 'open']) fs.chmodSync(at(path), 0o755);
      fs.chmodSync(at('closed'), 0o700);
      const setpriv = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
      const host = sshHost('ssh://node', { program: fake.program(`exec ${setpriv} sh -c "$remote"`) });
      fs.chmodSync(fake.directory, 0o755);
      expect(await codeOf(host.read([`${base}closed/key`]))).toBe('hosts/read');
      const options = { run: 'r1', backup: `${base}backup` };
      for (const path of ['closed/key', 'open/crt']) {
        const write = host.write([{ id: 'a', changes: [change(`${base}${path}`, 'new')] }], options);
        expect(['hosts/read', 'hosts/write']).toContain(await codeOf(write));
      }
      await host.close();
      expect(list()).toEqual(['closed/key', 'open/crt']);
    }),
  );
});
