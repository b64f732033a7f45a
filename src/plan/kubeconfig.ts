/** Kubeconfigs in a plan: what is wrong with one that stands there, and what it becomes. */
import { concatBytes, equalBytes, utf8 } from '../base/index.ts';
import type { KubeconfigItem } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { buildKubeconfig, type Kubeconfig, writeKubeconfig } from '../kubeconfig/index.ts';
import {
  type Certificate,
  type PrivateKey,
  readCertificates,
  readPrivateKey,
  writePem,
} from '../x509/index.ts';
import type { Effect, Issuer, Ports } from './issuer.ts';
import { chainBehind } from './chain.ts';
import { certificateFinding, type Finding } from './checks.ts';
import { newFile } from './new-file.ts';
import { areAsWritten, authorityCertificate, type World } from './world.ts';
import type { Action, Reason } from './types.ts';

type Embedded = Extract<KubeconfigItem['credentials'], { embed: unknown }>['embed'];
type NamedCluster = Kubeconfig['clusters'][number];
type NamedUser = Kubeconfig['users'][number];

export type KubeconfigFinding =
  | ({ readonly kind: 'certificate' } & Finding)
  | { readonly kind: 'text'; readonly reason: Reason };

/** The first thing that keeps this kubeconfig from doing what it should; its certificate first. */
export function kubeconfigFinding(
  item: KubeconfigItem,
  config: Kubeconfig,
  world: World,
): KubeconfigFinding | undefined {
  const user = config.users.find(({ name }) => name === item.userName)?.user;
  if ('embed' in item.credentials) {
    const asWritten = areAsWritten(item.file.path, item.credentials.embed.issuer, world);
    const finding = embeddedFinding(item.credentials.embed, user, asWritten, world);
    if (finding) return { kind: 'certificate', ...finding };
  }
  const text = staleText(item, config, world);
  return text === undefined ? undefined : { kind: 'text', reason: { code: 'stale-content', text } };
}

function embeddedFinding(
  embed: Embedded,
  user: NamedUser['user'] | undefined,
  asWritten: boolean,
  world: World,
): Finding | undefined {
  const certificate = user && embeddedCertificate(user);
  const key = user && embeddedKey(user);
  if (!key) return { reason: { code: 'missing', text: 'holds no readable client key' }, key: 'new' };
  if (!certificate)
    return { reason: { code: 'missing', text: 'holds no readable client certificate' }, key: 'keep' };
  const issuer = authorityCertificate(embed.issuer, world);
  if (!issuer)
    return { reason: { code: 'issuer-replaced', text: 'its authority is made anew' }, key: 'keep' };
  return certificateFinding({
    certificate,
    key: key.publicKey,
    profile: embed.profile,
    algorithm: embed.algorithm,
    issuer,
    at: world.at,
    renewBefore: world.renewBefore,
    issuerRenewed: world.renewed.has(embed.issuer),
    asWritten,
    keepsKeys: world.keepsKeys,
  });
}

function staleText(item: KubeconfigItem, config: Kubeconfig, world: World): string | undefined {
  const cluster = config.clusters.find(({ name }) => name === item.clusterName)?.cluster;
  const context = config.contexts.find(({ name }) => name === item.contextName)?.context;
  const user = config.users.find(({ name }) => name === item.userName)?.user;
  if (!cluster) return `has no cluster ${item.clusterName}`;
  if (cluster.server !== item.server) return `server is ${cluster.server}, should be ${item.server}`;
  if (context?.cluster !== item.clusterName || context.user !== item.userName)
    return `has no context ${item.contextName}`;
  if (!keepsContext(item, config) && config.currentContext !== item.contextName) {
    return `its current context is ${config.currentContext || 'none'}, should be ${item.contextName}`;
  }
  const strange = strangeSetting(item, cluster);
  if (strange !== undefined) return `sets ${strange}, which kubetls.yaml does not ask for`;
  if ('path' in item.authority) {
    if (cluster.certificateAuthority !== item.authority.path)
      return `does not point at ${item.authority.path}`;
  } else if (world.renewed.has(item.authority.embed)) {
    return 'the authority that it trusts gets a new certificate';
  } else if (!holdsExactly(cluster, authorityCertificate(item.authority.embed, world))) {
    return `does not trust exactly the authority ${item.authority.embed}`;
  }
  if ('paths' in item.credentials) {
    const { certificate, key } = item.credentials.paths;
    if (user?.clientCertificate !== certificate || user.clientKey !== key)
      return `does not point at ${certificate}`;
  }
  return undefined;
}

/** People switch between contexts of their own; a component has one. */
function keepsContext(item: KubeconfigItem, config: Kubeconfig): boolean {
  return item.owner?.kind === 'user' && config.contexts.some(({ name }) => name === config.currentContext);
}

/** What would make the client verify another name, or nothing, or dial somewhere else. */
function strangeSetting(item: KubeconfigItem, cluster: NamedCluster['cluster']): string | undefined {
  if (cluster.insecureSkipTlsVerify === true) return 'insecure-skip-tls-verify';
  if (cluster.tlsServerName !== undefined) return 'tls-server-name';
  return item.owner?.kind === 'node' && cluster.proxyUrl !== undefined ? 'proxy-url' : undefined;
}

function holdsExactly(cluster: NamedCluster['cluster'], authority: Certificate | undefined): boolean {
  const data = cluster.certificateAuthorityData;
  if (!data || !authority) return false;
  // As we write it, which thousands of nodes have it: then nothing needs to be read.
  if (equalBytes(data, certificatePem(authority))) return true;
  const { certificates, problems } = readCertificates(data);
  const [only] = certificates;
  return certificates.length === 1 && problems.length === 0 && equalBytes(only?.der ?? data, authority.der);
}

function embeddedCertificate(user: NamedUser['user']): Certificate | undefined {
  return user.clientCertificateData && readCertificates(user.clientCertificateData).certificates[0];
}

function embeddedKey(user: NamedUser['user']): PrivateKey | undefined {
  try {
    return user.clientKeyData && readPrivateKey(user.clientKeyData.reveal());
  } catch {
    return undefined;
  }
}

/** The file anew. Entries of the same name are replaced; others, and fields that we do not know, stay. */
export function kubeconfigChange(
  item: KubeconfigItem,
  action: Action,
  inventory: Inventory,
  issuer: Issuer,
  ports: Ports,
): Effect {
  const content = inventory.get(item.file.path)?.content;
  const found = content?.kind === 'kubeconfig' ? content.config : undefined;
  const { credentials, issued } = credentialsFor(item, action, found, issuer, ports);
  const wanted = buildKubeconfig({
    clusterName: item.clusterName,
    server: item.server,
    authority:
      'path' in item.authority
        ? item.authority
        : { data: certificatePem(issuer.certificate(item.authority.embed)) },
    userName: item.userName,
    credentials,
    contextName: item.contextName,
  });
  const config = found ? overlay(item, found, wanted) : wanted;
  const change = newFile(item.file, { kind: 'kubeconfig', config }, () => writeKubeconfig(config).reveal());
  return { changes: [change], issued };
}

type Credentials = Parameters<typeof buildKubeconfig>[0]['credentials'];

function credentialsFor(
  item: KubeconfigItem,
  action: Action,
  found: Kubeconfig | undefined,
  issuer: Issuer,
  ports: Ports,
): { credentials: Credentials; issued: Effect['issued'] } {
  if ('paths' in item.credentials) {
    const { certificate, key } = item.credentials.paths;
    return { credentials: { certificate: { path: certificate }, key: { path: key } }, issued: [] };
  }
  const { embed } = item.credentials;
  const user = found?.users.find(({ name }) => name === item.userName)?.user;
  if (action.verb === 'rewrite' && user?.clientCertificateData && user.clientKeyData) {
    const { clientCertificateData: data, clientKeyData } = user;
    return { credentials: { certificate: { data }, key: { data: clientKeyData } }, issued: [] };
  }
  const key = (action.key === 'keep' && user && embeddedKey(user)) || ports.keys.generate(embed.algorithm);
  const certificate = issuer.issue(embed.issuer, embed.profile, key);
  const shown = user?.clientCertificateData ? readCertificates(user.clientCertificateData).certificates : [];
  const chain = [certificate, ...chainBehind(shown, issuer.certificate(embed.issuer), ports.now)];
  return {
    credentials: {
      certificate: { data: concatBytes(chain.map(certificatePem)) },
      key: { data: ports.writeKey(key) },
    },
    issued: [{ certificate, by: embed.issuer }],
  };
}

function certificatePem(certificate: Certificate): Uint8Array {
  return utf8(writePem('CERTIFICATE', certificate.der));
}

function overlay(item: KubeconfigItem, found: Kubeconfig, wanted: Kubeconfig): Kubeconfig {
  return {
    ...found,
    clusters: byName(found.clusters, wanted.clusters, (old, next) => ({
      ...old,
      cluster: { ...kept(old.cluster), ...proxyOf(item, old.cluster), ...next.cluster },
    })),
    users: byName(found.users, wanted.users, (old, next) => ({
      ...old,
      user: { ...kept(old.user), ...next.user },
    })),
    contexts: byName(found.contexts, wanted.contexts, (old, next) => ({
      ...old,
      context: { ...old.context, ...next.context },
    })),
    currentContext: keepsContext(item, found) ? found.currentContext : wanted.currentContext,
  };
}

/** How a person reaches the cluster is theirs to say. */
function proxyOf(
  { owner }: KubeconfigItem,
  { proxyUrl }: NamedCluster['cluster'],
): Pick<NamedCluster['cluster'], 'proxyUrl'> {
  return owner?.kind === 'user' && proxyUrl !== undefined ? { proxyUrl } : {};
}

/** Of an entry that is written anew, what is not ours to write. */
function kept<T extends { readonly extensions?: unknown; readonly unknown?: unknown }>(
  entry: T,
): Pick<T, 'extensions' | 'unknown'> {
  const { extensions, unknown } = entry;
  return { ...(extensions ? { extensions } : {}), ...(unknown ? { unknown } : {}) };
}

function byName<T extends { readonly name: string }>(
  found: readonly T[],
  wanted: readonly T[],
  merge: (old: T, next: T) => T,
): T[] {
  const names = new Set(wanted.map(({ name }) => name));
  const replaced = wanted.map((next) => {
    const old = found.find(({ name }) => name === next.name);
    return old ? merge(old, next) : next;
  });
  return [...found.filter(({ name }) => !names.has(name)), ...replaced];
}
