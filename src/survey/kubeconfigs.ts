/** Kubeconfigs, with what is embedded in them and what they name instead. */
import { KubetlsError } from '../base/index.ts';
import { type Kubeconfig, parseKubeconfig } from '../kubeconfig/index.ts';
import { readPem } from '../x509/index.ts';
import { readBlock } from './blocks.ts';
import { attempt, type Gathered } from './gathered.ts';

/** Whether a text may be one: client-go takes any mapping, most of which are something else. */
export function mayBeKubeconfig(text: string): boolean {
  const [, kind] = /^ {0,4}"?kind"?: *["']?(\w+)/m.exec(text) ?? [];
  if (kind !== undefined) return kind === 'Config';
  return (
    /^[ \t]*("?apiVersion"?\s*:|"?clusters"?\s*:|\{|---)/m.test(text) && /"?(clusters|users)"?\s*:/.test(text)
  );
}

/** False when it is a mapping of another kind, to client-go a kubeconfig with nothing in it. */
export function readKubeconfig(bytes: Uint8Array, source: string, found: Gathered, prefix = ''): boolean {
  let read = true;
  attempt(found, () => {
    const config = kubeconfigIn(bytes, source);
    if (!config) {
      read = false;
      return;
    }
    const { clusters, users, contexts, currentContext } = config;
    read = clusters.length + users.length + contexts.length > 0 || currentContext !== '';
    if (!read) return;
    found.kubeconfigs.push(config);
    for (const { name, cluster } of clusters) {
      readEmbedded(cluster.certificateAuthorityData, `${prefix}cluster ${name}`, found);
    }
    for (const { name, user } of users) {
      readEmbedded(user.clientCertificateData, `${prefix}user ${name}`, found);
      readEmbedded(user.clientKeyData?.reveal(), `${prefix}user ${name}`, found);
    }
  });
  return read;
}

/** Undefined for an object of another kind. */
function kubeconfigIn(bytes: Uint8Array, source: string): Kubeconfig | undefined {
  try {
    return parseKubeconfig(bytes, source);
  } catch (error) {
    if (error instanceof KubetlsError && error.code === 'kubeconfig/kind') return undefined;
    throw error;
  }
}

function readEmbedded(bytes: Uint8Array | undefined, place: string, found: Gathered): void {
  if (!bytes) return;
  for (const block of readPem(bytes, found.problems)) attempt(found, () => readBlock(block, found, place));
}

/** What a kubeconfig names instead of holding it. `path` is as it stands there. */
export interface Reference {
  readonly path: string;
  readonly place: string;
}

export function references({ clusters, users }: Kubeconfig): Reference[] {
  const found: Reference[] = [];
  for (const { name, cluster } of clusters) {
    const { certificateAuthority: path, certificateAuthorityData: data } = cluster;
    if (path !== undefined && !data) found.push({ path, place: `cluster ${name}` });
  }
  for (const { name, user } of users) {
    const { clientCertificate, clientCertificateData, clientKey, clientKeyData } = user;
    if (clientCertificate !== undefined && !clientCertificateData)
      found.push({ path: clientCertificate, place: `user ${name}` });
    if (clientKey !== undefined && !clientKeyData) found.push({ path: clientKey, place: `user ${name}` });
  }
  return found;
}
