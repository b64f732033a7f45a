import { asBuffer } from '../base/index.ts';
import type { Impersonation, ResolvedClient } from '../kubeconfig/index.ts';
import { failed } from './errors.ts';
import type { KubeError } from './types.ts';

/**
 * Refuses what we cannot be as: a request that went out without its credential would be one of
 * system:anonymous, and its answer would mislead.
 *
 * @throws KubeError `kube/authentication`
 */
export function requireUsable({ server, authentication, proxyUrl, user }: ResolvedClient): void {
  const said = authentication.find((method) => method in UNSUPPORTED);
  if (said !== undefined) throw unusable(`user ${JSON.stringify(user)}: ${UNSUPPORTED[said]}`);
  if (proxyUrl !== undefined) throw unusable('proxy-url: connections through a proxy are not made');
  if (server.scheme !== 'https') throw unusable('the server is plain HTTP: no credential is sent over it');
}

const UNSUPPORTED: Readonly<Record<string, string>> = {
  exec: 'programs that hand out credentials (exec) are not run',
  'auth-provider': 'auth-provider was removed from Kubernetes in 1.26',
  basic: 'passwords were removed from Kubernetes in 1.19',
};

function unusable(message: string): KubeError {
  return failed('kube/authentication', message, 'name a kubeconfig with a client certificate or a token');
}

export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What says who asks, beside the certificate. */
export function identityHeaders({ token, impersonates }: ResolvedClient): Headers {
  const bearer = token && `Bearer ${asBuffer(token.value.reveal()).toString('utf8')}`;
  return {
    ...(bearer !== undefined && { Authorization: bearer }),
    ...(impersonates && impersonationHeaders(impersonates)),
  };
}

/** client-go transport/round_trippers.go, impersonatingRoundTripper. */
function impersonationHeaders({ user, uid, groups, extra }: Impersonation): Headers {
  const extras = Array.from(extra, ([key, values]) => [
    `Impersonate-Extra-${escapedKey(key)}`,
    values,
  ]) satisfies [string, readonly string[]][];
  return {
    'Impersonate-User': user,
    ...(uid !== undefined && { 'Impersonate-Uid': uid }),
    ...(groups.length > 0 && { 'Impersonate-Group': groups }),
    ...Object.fromEntries(extras),
  };
}

/** headerKeyEscape: whatever is no token character (RFC 9110, 5.6.2), and the percent sign. */
function escapedKey(key: string): string {
  return Array.from(Buffer.from(key, 'utf8'), (octet) => {
    const character = String.fromCharCode(octet);
    return /[!#$&'*+.^_`|~0-9A-Za-z-]/.test(character)
      ? character
      : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
