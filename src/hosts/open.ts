import { parseHostAddress } from '../cluster/index.ts';
import { directoryHost } from './directory/index.ts';
import { hostError } from './errors.ts';
import { sshHost, type SshHostOptions } from './ssh/index.ts';
import type { Host } from './types.ts';

/** A node's `host` as the file says it: an absolute directory, or `ssh://user@host:port`. */
export function openHost(text: string, options: SshHostOptions = {}): Host {
  const address = parseHostAddress(text);
  if (address?.kind === 'directory') return directoryHost(address.path);
  if (address?.kind === 'ssh') return sshHost(text, options);
  throw hostError({
    code: 'hosts/path',
    message: 'this is no host',
    at: text,
    hint: 'an absolute directory, or ssh://user@host:port',
  });
}
