/**
 * What client-go's tools/clientcmd/validation.go refuses, in its order and its words, full stops included.
 * Each function is one of its functions.
 */
import type { KubetlsError, Secret } from '../base/index.ts';
import { asBuffer } from '../base/index.ts';
import { failure, type KubeconfigCode } from './errors.ts';
import type { Cluster, Context, Exec, Kubeconfig, User } from './types.ts';

export interface Problem {
  readonly code: KubeconfigCode;
  readonly text: string;
}

/** Is there a file under this path? */
export type Exists = (path: string) => boolean;

/** utilerrors.Aggregate: a single text stands alone, several stand in brackets, each once. */
export function invalidConfiguration(problems: readonly Problem[]): KubetlsError {
  const texts = [...new Set(problems.map(({ text }) => text))];
  const [only] = problems;
  const message = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  return failure(
    texts.length === 1 && only ? only.code : 'kubeconfig/invalid',
    `invalid configuration: ${message}`,
  );
}

export const EMPTY: Problem = {
  code: 'kubeconfig/empty',
  text: 'no configuration has been provided, try setting KUBERNETES_MASTER environment variable',
};

export const EMPTY_CLUSTER: Problem = { code: 'kubeconfig/server', text: 'cluster has no server defined' };

/** validateClusterInfo. */
export function clusterProblems(name: string, cluster: Cluster, exists: Exists): Problem[] {
  const { server, proxyUrl, certificateAuthority: path, certificateAuthorityData: data } = cluster;
  const problems: Problem[] = [];
  if (server === '') {
    const text =
      name === '' ? 'default cluster has no server defined' : `no server found for cluster ${quote(name)}`;
    problems.push({ code: 'kubeconfig/server', text });
  }
  if (proxyUrl !== undefined) problems.push(...proxyProblems(name, proxyUrl));
  if (path !== undefined && data !== undefined) {
    const text = `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`;
    problems.push({ code: 'kubeconfig/ambiguous', text });
  }
  return [...problems, ...unreadable('certificate-authority', path, name, exists)];
}

/** The URL may hold a password, so that it is not repeated as client-go does. */
function proxyProblems(cluster: string, proxyUrl: Secret): Problem[] {
  const url = asBuffer(proxyUrl.reveal()).toString('utf8');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase() ?? '';
  if (['http', 'https', 'socks5'].includes(scheme)) return [];
  const text = `invalid 'proxy-url' for cluster ${quote(cluster)}: unsupported scheme ${quote(scheme)}, must be http, https, or socks5`;
  return [{ code: 'kubeconfig/proxy-url', text }];
}

/** validateAuthInfo. */
export function userProblems(name: string, user: User, exists: Exists): Problem[] {
  const basic = user.username !== undefined || user.password !== undefined;
  return [
    ...certificateProblems(name, user, exists),
    ...(user.exec === undefined ? [] : execProblems(name, user.exec, user.authProvider !== undefined)),
    ...authentication(
      user.token !== undefined && basic,
      `more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`,
    ),
    ...authentication(
      user.as === undefined && (user.asUid ?? user.asGroups ?? user.asUserExtra) !== undefined,
      `requesting uid, groups or user-extra for ${name} without impersonating a user`,
    ),
  ];
}

/** A key without a certificate is no error: client-go does not look at it. */
function certificateProblems(name: string, user: User, exists: Exists): Problem[] {
  const { clientCertificate, clientCertificateData, clientKey, clientKeyData } = user;
  if (clientCertificate === undefined && clientCertificateData === undefined) return [];
  const problems: Problem[] = [];
  if (clientCertificate !== undefined && clientCertificateData !== undefined) {
    const text = `client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`;
    problems.push({ code: 'kubeconfig/ambiguous', text });
  }
  if (clientKey !== undefined && clientKeyData !== undefined) {
    const text = `client-key-data and client-key are both specified for ${name}; client-key-data will override`;
    problems.push({ code: 'kubeconfig/ambiguous', text });
  }
  if (clientKey === undefined && clientKeyData === undefined) {
    const text = `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`;
    problems.push({ code: 'kubeconfig/key-missing', text });
  }
  return [
    ...problems,
    ...unreadable('client-cert', clientCertificate, name, exists),
    ...unreadable('client-key', clientKey, name, exists),
  ];
}

function execProblems(name: string, exec: Exec, withProvider: boolean): Problem[] {
  const { command, apiVersion, env, interactiveMode = '' } = exec;
  const to = `for ${name} to use exec authentication plugin`;
  return [
    ...authentication(
      withProvider,
      `authProvider cannot be provided in combination with an exec plugin for ${name}`,
    ),
    ...authentication(command === '', `command must be specified ${to}`),
    ...authentication(apiVersion === undefined, `apiVersion must be specified ${to}`),
    ...env.flatMap((variable) =>
      authentication(variable.name === '', `env variable name must be specified ${to}`),
    ),
    ...interactiveModeProblems(name, interactiveMode, apiVersion),
  ];
}

/** Before v1 the mode had a default (api/v1/defaults.go, SetDefaults_ExecConfig). */
function interactiveModeProblems(name: string, mode: string, apiVersion: string | undefined): Problem[] {
  const optional = /^client\.authentication\.k8s\.io\/v1(?:alpha|beta)1$/.test(apiVersion ?? '');
  const missing = `interactiveMode must be specified for ${name} to use exec authentication plugin`;
  if (mode === '') return authentication(!optional, missing);
  const known = ['Never', 'IfAvailable', 'Always'].includes(mode);
  return authentication(!known, `invalid interactiveMode for ${name}: ${quote(mode)}`);
}

/** validateContext: `kubectl` and the components do not ask it, `clientcmd.ConfirmUsable` does. */
export function contextProblems(name: string, context: Context, config: Kubeconfig): Problem[] {
  const problems: Problem[] = [];
  const unknown = (text: string) => problems.push({ code: 'kubeconfig/not-found', text });
  const { user, cluster, namespace } = context;
  if (user === '') unknown(`user was not specified for context ${quote(name)}`);
  else if (!config.users.some((entry) => entry.name === user)) {
    unknown(`user ${quote(user)} was not found for context ${quote(name)}`);
  }
  if (cluster === '') unknown(`cluster was not specified for context ${quote(name)}`);
  else if (!config.clusters.some((entry) => entry.name === cluster)) {
    unknown(`cluster ${quote(cluster)} was not found for context ${quote(name)}`);
  }
  if (namespace !== undefined && !DNS_LABEL.test(namespace)) {
    problems.push({
      code: 'kubeconfig/namespace',
      text: `namespace ${quote(namespace)} for context ${quote(name)} does not conform to the kubernetes DNS_LABEL rules`,
    });
  }
  return problems;
}

/** RFC 1123, section 2.1, in lower case: apimachinery validation.IsDNS1123Label. */
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function unreadable(what: string, path: string | undefined, owner: string, exists: Exists): Problem[] {
  if (path === undefined || exists(path)) return [];
  return [
    {
      code: 'kubeconfig/unreadable',
      text: `unable to read ${what} ${path} for ${owner} due to ${notFound(path)}`,
    },
  ];
}

/** Go's words for it. */
export function notFound(path: string): string {
  return `open ${path}: no such file or directory`;
}

function authentication(applies: boolean, text: string): Problem[] {
  return applies ? [{ code: 'kubeconfig/authentication', text }] : [];
}

/** Go's `%q`, for the characters that names have. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
