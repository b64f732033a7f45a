/** Other shells and tools than this machine's on the other side; and sides that are broken or hostile. */
import { existsSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { KubetlsError } from '../../base/index.ts';
import { change, codeOf, hostContract } from '../contract.ts';
import { temporaryTree } from '../tree.fixture.ts';
import { fakeSsh } from './fake-ssh.fixture.ts';
import { sshHost as openSsh, type SshHostOptions } from './index.ts';
import type { Host } from '../types.ts';

const fake = fakeSsh();
afterAll(() => fake.remove());

const hosts: Host[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

function sshHost(url: string, options: SshHostOptions): Host {
  const host = openSsh(url, options);
  hosts.push(host);
  return host;
}

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync);

function contractOver(name: string, program: () => string): void {
  hostContract(name, async () => {
    const tree = temporaryTree();
    const host = sshHost('ssh://node', { program: program() });
    const remove = async (): Promise<void> => {
      await host.close();
      tree.clear();
    };
    return { ...tree, host, base: `${tree.directory.slice(1)}/`, remove };
  });
}

describe.skipIf(BUSYBOX === undefined)('busybox on the other side (needs busybox)', () => {
  let path: string | undefined;
  contractOver('sshHost to busybox', () => {
    path ??= fake.busybox(BUSYBOX ?? '');
    return fake.program(`PATH=${path} exec ${path}/sh -c "$remote"`);
  });
});

describe.skipIf(!existsSync('/bin/bash'))('bash on the other side (needs bash)', () => {
  contractOver('sshHost to bash', () =>
    fake.program('eval "set -- ${remote#exec sh}"; exec bash --posix "$@"'),
  );
});

const failureOf = (operation: Promise<unknown>): Promise<KubetlsError> =>
  operation.then(
    () => {
      throw new Error('no failure');
    },
    (error: unknown) => {
      if (error instanceof KubetlsError) return error as KubetlsError;
      throw error;
    },
  );

const SAYS = String.raw`nonce=$(sed -n "s/^echo 'kubetls \(.*\)'$/\1/p" | head -n 1)`;
const wraps = (lines: string): string =>
  `${SAYS}\necho "kubetls $nonce"\n${lines}\necho\necho "end $nonce $s"`;

describe('a hostile other side', () => {
  it.each([
    ['says nothing', 'true', 'hosts/unreachable'],
    ['fails without a word', 'exit 255', 'hosts/unreachable'],
    ['talks without end', 'yes', 'hosts/too-large'],
    ['talks without end, without a line break', 'cat /dev/zero', 'hosts/too-large'],
    ['complains without end', 'yes >&2', 'hosts/too-large'],
    ['never answers', 'sleep 600', 'hosts/timeout'],
    ['knows not what was asked', 'echo kubetls 123; echo end 123', 'hosts/unreachable'],
    ['begins and is cut', `${SAYS}; echo "kubetls $nonce"`, 'hosts/unreachable'],
    ['answers nothing', wraps(''), 'hosts/answer'],
    ['answers another kind', wraps('echo Z /etc/a'), 'hosts/answer'],
    ['answers a path that climbs by a control character', wraps('printf "M /a\\033[2J\\n"'), 'hosts/answer'],
    ['answers a relative path', wraps('echo M etc/a'), 'hosts/answer'],
    ['answers too much', wraps('echo M /a; echo M /b; echo M /c'), 'hosts/answer'],
    ['answers half of it', wraps('echo F /a; echo 644 0 0 1'), 'hosts/answer'],
    ['answers numbers that are none', wraps('echo F /a; echo 999 x 0 1; echo 00'), 'hosts/answer'],
  ])('that %s is refused, and nothing hangs', async (_, body, code) => {
    const host = sshHost('ssh://node', { program: fake.program(body), timeout: 4_000 });
    const write = host.write([{ id: 'a', changes: [change('a', 'x')] }], { run: 'r', backup: 'b' });
    expect(await codeOf(write)).toBe(code);
    await host.close();
  });

  it('cannot say that a file was read when it was not', async () => {
    for (const said of ['F /a\nAAAA\n.\n600 5', 'F /a\n.\n600 9999999', 'F /a\nAAAA\n600 3', 'F /a\n.']) {
      const host = sshHost('ssh://node', { program: fake.program(wraps(`printf '%s\\n' '${said}'`)) });
      expect(['hosts/answer', 'hosts/too-large']).toContain(await codeOf(host.read(['a'])));
    }
  });

  it('cannot say that sets stand which it did not write', async () => {
    // It looks as it must, and says of the writing what it likes.
    for (const said of ['echo all', 'echo done 0', 'echo done 0; echo done 1', 'true']) {
      const program = fake.program(
        `script=$(cat)\ncase $script in *'P()'*) printf '%s\\n' "$script" | { ${wraps(said)}; } ;;\n*) eval "$script" ;; esac`,
      );
      const sets = ['a', 'b'].map((id) => ({ id, changes: [change(`no-such/${id}`, 'x')] }));
      const write = sshHost('ssh://node', { program }).write(sets, { run: 'r', backup: 'b' });
      expect(await codeOf(write), said).toBe('hosts/answer');
    }
  });

  it('has its words escaped, and cut', async () => {
    const program = fake.program(`printf 'one\\nsee \\033[2J%05000d' 1 >&2; exit 1`);
    const { message } = await failureOf(sshHost('ssh://node', { program }).read(['a']));
    expect(message).toMatch(/^see \\x1b\[2J0+$/);
    expect(message.length).toBeLessThan(320);
  });
});

describe('what people meet', () => {
  const local = 'sh -c "$remote"';

  it('a login that greets, before and on both sides', async () => {
    const tree = temporaryTree();
    tree.seed('a', 'text');
    const program = fake.program(`echo Welcome; echo kubetls; echo careful >&2\n${local}`);
    const host = sshHost('ssh://node', { program });
    const [file] = await host.read([`${tree.directory.slice(1)}/a`]);
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('text');
    expect((await host.run(['echo', 'x'], { timeout: 9_000 })).stdout).toBe('x\n');
    await host.close();
    tree.clear();
  });

  it('no ssh, no sudo, no rights, no tools: with a word on what to do', async () => {
    const ask = (body: string, sudo = false) =>
      failureOf(sshHost('ssh://node', { program: fake.program(body), sudo }).read(['etc/hostname']));
    const none = await failureOf(sshHost('ssh://node', { program: '/no/such/ssh' }).read(['a']));
    expect([none.code, none.hint]).toEqual(['hosts/unreachable', "install OpenSSH's client"]);
    const refuses = fake.tools({ sudo: 'echo "sudo: a password is required" >&2; exit 1' });
    const asked = await ask(`PATH=${refuses}:$PATH ${local}`, true);
    expect([asked.message, asked.hint]).toEqual([
      'sudo: a password is required',
      'let this user run sh by sudo without a password (NOPASSWD), or log in as root',
    ]);
    const broken = fake.tools({ base64: 'echo "base64: not here" >&2; exit 127' });
    expect((await ask(`PATH=${broken}:$PATH ${local}`)).message).toBe('base64: not here');
  });

  it('sudo -n, where it lets us', async () => {
    const sudo = fake.tools({ sudo: '[ "$1" = -n ] || exit 9; shift; ROOT=yes exec "$@"' });
    const program = fake.program(`export PATH=${sudo}:$PATH; ${local}`);
    const host = sshHost('ssh://core@node', { program, sudo: true });
    expect((await host.run(['sh', '-c', 'echo $ROOT'], { timeout: 9_000 })).stdout).toBe('yes\n');
  });

  it('a tool that fails in the middle: all of the set or nothing, and what was there stays', async () => {
    for (const tool of ['mv', 'cp', 'base64', 'chmod', 'mkdir', 'rm', 'chown']) {
      for (let nth = 1; nth <= 4; nth++) {
        const tree = temporaryTree();
        tree.seed('pki/crt', 'old crt');
        tree.seed('pki/key', 'old key', 0o600);
        // Fails once, the nth time that it is called.
        const real = `/usr/bin/${tool}`;
        const broken = fake.tools({
          [tool]: `n=$(($(cat ${tree.directory}/n 2>/dev/null || echo 0) + 1)); echo $n >${tree.directory}/n
[ $n = ${nth} ] && { echo "${tool}: No space left on device" >&2; exit 1; }; exec ${real} "$@"`,
        });
        const base = `${tree.directory.slice(1)}/`;
        const set = {
          id: 'pair',
          changes: [
            { path: `${base}pki/crt`, remove: true as const },
            change(`${base}pki/key`, 'new key', 0o600),
            change(`${base}pki/crt`, 'new crt'),
          ],
        };
        const options = { run: 'r', backup: `${base}backup` };
        const program = fake.program(`export PATH=${broken}:$PATH; ${local}`);
        const host = sshHost('ssh://node', { program });
        const outcome = await codeOf(host.write([set], options));
        const files = [tree.look('pki/crt'), tree.look('pki/key')];
        const [old, fresh] = [
          ['644 old crt', '600 old key'],
          ['644 new crt', '600 new key'],
        ];
        expect(files, `${tool} ${nth}`).toEqual(outcome === 'no failure' ? fresh : old);
        if (outcome !== 'no failure') expect(outcome).toBe('hosts/write');
        await host.write([set], options);
        expect([tree.look('pki/crt'), tree.look('pki/key')]).toEqual(fresh);
        // What a dead process holds is held by nobody; the lock is taken over by the next that writes.
        const left = tree.list().filter((path) => path.includes('.kubetls-'));
        expect(left.filter((path) => tool !== 'rm' || path !== '.kubetls-lock')).toEqual([]);
        await host.close();
        tree.clear();
      }
    }
  }, 120_000);
});
