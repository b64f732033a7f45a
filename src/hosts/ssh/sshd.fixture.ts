/** A real sshd on loopback, with a host key and a user key that are thrown away. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(existsSync);

export interface Sshd {
  readonly url: string;
  /** An ssh_config that has the keys. */
  readonly config: string;
  readonly directory: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startSshd(): Promise<Sshd> {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-sshd-'));
  const at = (name: string): string => join(directory, name);
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)]);
  const port = await freePort();
  writeFileSync(at('authorized_keys'), readFileSync(at('user.pub')), { mode: 0o600 });
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${readFileSync(at('host.pub'), 'utf8')}`);
  writeFileSync(
    at('sshd_config'),
    [
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${at('authorized_keys')}`,
      `PidFile ${at('pid')}`,
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'MaxSessions 20',
      '',
    ].join('\n'),
  );
  writeFileSync(
    at('ssh_config'),
    [
      `IdentityFile ${at('user')}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${at('known_hosts')}`,
      'StrictHostKeyChecking yes',
      '',
    ].join('\n'),
  );
  // Where it drops its privileges; a package's init script makes it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(SSHD ?? 'sshd', ['-D', '-e', '-f', at('sshd_config'), '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', end);
  await listening(child, port);
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    config: at('ssh_config'),
    directory,
    pid: child.pid ?? 0,
    stop: async () => {
      process.off('exit', end);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`sshd does not listen: ${said}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (found: boolean) => (): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('data', done(true)).once('error', done(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
