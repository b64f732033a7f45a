/** client-go tools/clientcmd/api/v1/types.go as tables, rows in the order of their keys. */
import { bool, data, listOf, mapOf, namedListOf, opaque, secretData, secretText, text } from './codec.ts';
import { orNothing, struct } from './struct.ts';
import type {
  AuthProvider,
  Cluster,
  Context,
  Exec,
  ExecEnv,
  Kubeconfig,
  NamedCluster,
  NamedContext,
  NamedExtension,
  NamedUser,
  Preferences,
  User,
} from './types.ts';

const extensions = {
  key: 'extensions',
  optional: true,
  codec: namedListOf(
    struct<NamedExtension>('NamedExtension', {
      extension: { key: 'extension', codec: opaque },
      name: { key: 'name', codec: text },
    }),
  ),
} as const;

const cluster = struct<Cluster>('Cluster', {
  certificateAuthority: { key: 'certificate-authority', codec: text, optional: true },
  certificateAuthorityData: { key: 'certificate-authority-data', codec: data, optional: true },
  disableCompression: { key: 'disable-compression', codec: bool, optional: true },
  extensions,
  insecureSkipTlsVerify: { key: 'insecure-skip-tls-verify', codec: bool, optional: true },
  proxyUrl: { key: 'proxy-url', codec: secretText, optional: true },
  server: { key: 'server', codec: text },
  tlsServerName: { key: 'tls-server-name', codec: text, optional: true },
});

const context = struct<Context>('Context', {
  cluster: { key: 'cluster', codec: text },
  extensions,
  namespace: { key: 'namespace', codec: text, optional: true },
  user: { key: 'user', codec: text },
});

const authProvider = struct<AuthProvider>('AuthProviderConfig', {
  config: { key: 'config', codec: mapOf(secretText) },
  name: { key: 'name', codec: text },
});

const execEnv = struct<ExecEnv>('ExecEnvVar', {
  name: { key: 'name', codec: text },
  value: { key: 'value', codec: secretText },
});

const exec = struct<Exec>('ExecConfig', {
  apiVersion: { key: 'apiVersion', codec: text, optional: true },
  args: { key: 'args', codec: listOf(secretText) },
  command: { key: 'command', codec: text },
  env: { key: 'env', codec: listOf(execEnv) },
  installHint: { key: 'installHint', codec: text, optional: true },
  interactiveMode: { key: 'interactiveMode', codec: text, optional: true },
  provideClusterInfo: { key: 'provideClusterInfo', codec: bool },
});

const user = struct<User>('AuthInfo', {
  as: { key: 'as', codec: text, optional: true },
  asGroups: { key: 'as-groups', codec: listOf(text), optional: true },
  asUid: { key: 'as-uid', codec: text, optional: true },
  asUserExtra: { key: 'as-user-extra', codec: mapOf(listOf(text)), optional: true },
  authProvider: { key: 'auth-provider', codec: authProvider, optional: true },
  clientCertificate: { key: 'client-certificate', codec: text, optional: true },
  clientCertificateData: { key: 'client-certificate-data', codec: data, optional: true },
  clientKey: { key: 'client-key', codec: text, optional: true },
  clientKeyData: { key: 'client-key-data', codec: secretData, optional: true },
  exec: { key: 'exec', codec: exec, optional: true },
  extensions,
  password: { key: 'password', codec: secretText, optional: true },
  token: { key: 'token', codec: secretText, optional: true },
  tokenFile: { key: 'tokenFile', codec: text, optional: true },
  username: { key: 'username', codec: text, optional: true },
});

const preferences = struct<Preferences>('Preferences', {
  colors: { key: 'colors', codec: bool, optional: true },
  extensions,
});

const namedCluster = struct<NamedCluster>('NamedCluster', {
  cluster: { key: 'cluster', codec: cluster },
  name: { key: 'name', codec: text },
});

const namedContext = struct<NamedContext>('NamedContext', {
  context: { key: 'context', codec: context },
  name: { key: 'name', codec: text },
});

const namedUser = struct<NamedUser>('NamedAuthInfo', {
  name: { key: 'name', codec: text },
  user: { key: 'user', codec: user },
});

/** Without `apiVersion` and `kind`, which can only be `v1` and `Config`. */
export const kubeconfig = struct<Kubeconfig>('Config', {
  clusters: { key: 'clusters', codec: namedListOf(namedCluster) },
  contexts: { key: 'contexts', codec: namedListOf(namedContext) },
  currentContext: { key: 'current-context', codec: text },
  extensions,
  preferences: { key: 'preferences', codec: orNothing(preferences), optional: true },
  users: { key: 'users', codec: namedListOf(namedUser) },
});
