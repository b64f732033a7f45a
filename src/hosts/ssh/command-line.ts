/** What OpenSSH's client is told: ssh_config(5). The person's own configuration holds for everything else. */
import type { HostAddress } from '../../cluster/index.ts';

export type SshAddress = Extract<HostAddress, { readonly kind: 'ssh' }>;

/**
 * The same for every question: nothing of what is asked or written is in a process list. `sh` reads all of
 * its script before it runs any of it, so a connection that is cut has either done nothing or is not needed.
 */
const REMOTE = `sh -c 'eval "$(cat)"'`;

const OPTIONS: Readonly<Record<string, string>> = {
  // Nobody is there to answer: an unknown host key, a passphrase and a password are refusals.
  BatchMode: 'yes',
  ClearAllForwardings: 'yes',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  PermitLocalCommand: 'no',
  RemoteCommand: 'none',
  RequestTTY: 'no',
  LogLevel: 'ERROR',
  ConnectTimeout: '15',
  // A peer that has gone is noticed in half a minute.
  ServerAliveInterval: '10',
  ServerAliveCountMax: '3',
};

/** The one connection closes by itself when it has not been used for so many seconds: also after a kill of ours. */
const PERSIST = '60';

export interface SshSetting {
  /** Another ssh_config than the person's. */
  readonly config?: string | undefined;
  /** `sudo -n` on the other side. */
  readonly sudo?: boolean | undefined;
}

function base(
  { user, port }: SshAddress,
  { config }: SshSetting,
  socket: string | undefined,
): readonly string[] {
  return [
    ...(config === undefined ? [] : ['-F', config]),
    ...Object.entries(OPTIONS).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(socket === undefined
      ? ['-o', 'ControlPath=none']
      : ['-o', 'ControlMaster=auto', '-o', `ControlPath=${socket}`, '-o', `ControlPersist=${PERSIST}`]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
  ];
}

export function askWords(address: SshAddress, setting: SshSetting, socket: string | undefined): string[] {
  const remote = setting.sudo === true ? `exec sudo -n ${REMOTE}` : `exec ${REMOTE}`;
  return [...base(address, setting, socket), '-T', '--', address.host, remote];
}

export function exitWords(address: SshAddress, setting: SshSetting, socket: string): string[] {
  return [...base(address, setting, socket), '-O', 'exit', '--', address.host];
}
