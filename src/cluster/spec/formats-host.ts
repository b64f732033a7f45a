/** How a node is reached: a directory that is its root, or OpenSSH's client. */
import { type Format, quoted, type Refusal } from './formats.ts';
import { parseIp } from '../../x509/index.ts';

export type HostAddress =
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'ssh';
      readonly user: string | undefined;
      /** A name, one of ssh_config's too, or an IP address without brackets. */
      readonly host: string;
      readonly port: number | undefined;
    };

/**
 * Each part begins with a letter or a digit, so none can be read as an option; and none holds what a shell
 * reads, since ssh_config hands them to shells (`ProxyCommand`, `Match exec`: %h, %r, %p).
 */
const SSH = /^ssh:\/\/(?:([^@/]*)@)?(\[[^\]]*\]|[^:@/[\]]*)(?::([^/]*))?$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;
const HINT = 'an absolute directory, or ssh://user@host:port';

type Read = { readonly address: HostAddress } | { readonly refusal: Refusal };

function read(text: string): Read {
  if (text.startsWith('/')) {
    if (/\p{Cc}/u.test(text)) return refuse(`${quoted(text)} is no directory`);
    return text.split('/').includes('..')
      ? refuse(`${quoted(text)} climbs by ".."`)
      : { address: { kind: 'directory', path: text.replace(/(?<=.)\/+$/, '') } };
  }
  const match = SSH.exec(text);
  if (!match) return refuse(`${quoted(text)} is no host`);
  const [, user, name = '', port] = match;
  if (user?.includes(':') === true)
    return refuse('a password does not belong into the file', 'let ssh use a key: ssh://user@host');
  if (user !== undefined && !USER.test(user)) return refuse(`${quoted(user)} is no user of ssh`);
  const host = name.startsWith('[') ? name.slice(1, -1) : name;
  const isAddress = name.startsWith('[') && host.includes(':') && parseIp(host) !== undefined;
  if (!isAddress && !HOST.test(name)) return refuse(`${quoted(name)} is no host of ssh`);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return refuse(`${quoted(port)} is no port`, '1 to 65535');
  return { address: { kind: 'ssh', user, host, port: port === undefined ? undefined : Number(port) } };
}

function refuse(message: string, hint = HINT): Read {
  return { refusal: { message, hint } };
}

export const host: Format = (text) => {
  const found = read(text);
  return 'refusal' in found ? found.refusal : undefined;
};

/** Of a text that a file may hold as a node's `host`; undefined for every other. */
export function parseHostAddress(text: string): HostAddress | undefined {
  const found = read(text);
  return 'address' in found ? found.address : undefined;
}
