// A real sshd on a node's own address, that lets root in by a key that is thrown away.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import { SSHD } from '../../../src/hosts/ssh/sshd.fixture.ts';
import { mustRun } from '../run-program.ts';
import type { Common } from './commands.ts';
import { type Component, componentIn } from './component.ts';
import { tunnel } from './dial.ts';
import { ground } from './ground.ts';
import { kubeletPid } from './kubelet.ts';
import { inView } from './node-view.ts';
import type { Place } from './programs.ts';
import type { Member } from './scenarios.ts';

/** A node that is reached by ssh, with static pods by the manifests of the kubeadm that is built, which is of 1.37. */
export const canBeReached = !('missing' in ground) && SSHD !== undefined && KUBERNETES === '1.37';

/** An sshd for each; who runs ssh in the namespace gets in by the node's address, and by its name. */
export async function reachable(
  common: Common,
  place: Place,
  nodes: readonly Member[],
): Promise<readonly Component[]> {
  if (SSHD === undefined) throw new Error('there is no sshd');
  const config = path.join(place.directory, 'ssh_config');
  const sshds = [];
  for (const node of nodes) {
    const bin = await standIns(common, place, node.name);
    sshds.push(await sshdOn(place, node, bin, config));
  }
  // OpenSSH's client goes by /etc/passwd to a person's own configuration, whatever HOME says.
  const [mount, ...words] = place.namespace.inside(['mount', '--bind', config, '/etc/ssh/ssh_config']);
  await mustRun(mount, words);
  return sshds;
}

/** What kubetls runs on a node, as far as it does; what it looks at and restarts is real. */
async function standIns({ tools }: Common, { directory, disks }: Place, node: string): Promise<string> {
  const bin = path.join(directory, 'bin', node);
  await mkdir(bin, { recursive: true });
  const pid = kubeletPid(disks.of(node));
  // The harness starts again what ends, as systemd does.
  const systemctl = [
    '[ "$*" = "restart -- kubelet" ] || [ "$*" = "restart -- kubelet.service" ] || exit 5',
    `old=$(cat '${pid}') || exit 1`,
    // One that is dead is started again at any moment.
    `[ "$(cat "/proc/$old/comm")" != kubelet ] || kill "$old"`,
    `while [ "$(cat '${pid}')" = "$old" ]; do sleep 0.1; done`,
  ];
  const socket = path.join(disks.of(node), 'cri.sock');
  const scripts = { systemctl, crictl: [`exec '${tools.cri}' 'unix://${socket}' crictl "$@"`] };
  for (const [name, lines] of Object.entries(scripts))
    await writeFile(path.join(bin, name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  return bin;
}

/** `config`: an ssh_config, appended to. */
async function sshdOn(place: Place, node: Member, bin: string, config: string): Promise<Component> {
  const directory = path.join(place.directory, 'ssh', node.name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const at = (name: string): string => path.join(directory, name);
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)]);
  await writeFile(at('authorized_keys'), await readFile(at('user.pub')), { mode: 0o600 });
  await writeFile(at('known_hosts'), `${node.address} ${await readFile(at('host.pub'), 'utf8')}`);
  const settings = {
    ListenAddress: node.address,
    Port: '22',
    HostKey: at('host'),
    AuthorizedKeysFile: at('authorized_keys'),
    PidFile: 'none',
    UsePAM: 'no',
    StrictModes: 'no',
    PermitRootLogin: 'prohibit-password',
    PasswordAuthentication: 'no',
    MaxSessions: '20',
    SetEnv: `PATH=${bin}:${process.env.PATH ?? ''}`,
  };
  await writeFile(at('sshd_config'), lines(settings));
  const client = {
    IdentityFile: at('user'),
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: at('known_hosts'),
    StrictHostKeyChecking: 'yes',
  };
  await appendFile(config, `Host ${node.address} ${node.name}\nHostName ${node.address}\n${lines(client)}`);
  await chmod(config, 0o644);
  // Where it drops its privileges; a package's init script makes it.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const command = inView(place.disks.of(node.name), [SSHD ?? 'sshd', '-D', '-e', '-f', at('sshd_config')]);
  return componentIn(place.namespace, path.join(place.directory, 'logs'), {
    id: `sshd@${node.name}`,
    command,
    ready: () =>
      tunnel(place.namespace.door, node.address, 22).then(
        (socket) => {
          socket.destroy();
          return true;
        },
        () => false,
      ),
  });
}

function lines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
