/** client-go tools/clientcmd/api/v1/types.go as tables, rows in the order of its fields. */
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
      name: { key: 'name', codec: text },
      extension: { key: 'extension', codec: opaque },
    }),
  ),
} as const;

const cluster = struct<Cluster>('Cluster', {
  server: { key: 'server', codec: text },
  tlsServerName: { key: 'tls-server-name', codec: text, optional: true },
  insecureSkipTlsVerify: { key: 'insecure-skip-tls-verify', codec: bool, optional: true },
  certificateAuthority: { key: 'certificate-authority', codec: text, optional: true },
  certificateAuthorityData: { key: 'certificate-authority-data', codec: data, optional: true },
  proxyUrl: { key: 'proxy-url', codec: secretText, optional: true },
  disableCompression: { key: 'disable-compression', codec: bool, optional: true },
  extensions,
});

const context = struct<Context>('Context', {
  cluster: { key: 'cluster', codec: text },
  user: { key: 'user', codec: text },
  namespace: { key: 'namespace', codec: text, optional: true },
  extensions,
});

const authProvider = struct<AuthProvider>('AuthProviderConfig', {
  name: { key: 'name', codec: text },
  config: { key: 'config', codec: mapOf(secretText) },
});

const execEnv = struct<ExecEnv>('ExecEnvVar', {
  name: { key: 'name', codec: text },
  value: { key: 'value', codec: secretText },
});

const exec = struct<Exec>('ExecConfig', {
  command: { key: 'command', codec: text },
  args: { key: 'args', codec: listOf(secretText) },
  env: { key: 'env', codec: listOf(execEnv) },
  apiVersion: { key: 'apiVersion', codec: text, optional: true },
  installHint: { key: 'installHint', codec: text, optional: true },
  provideClusterInfo: { key: 'provideClusterInfo', codec: bool },
  interactiveMode: { key: 'interactiveMode', codec: text, optional: true },
});

const user = struct<User>('AuthInfo', {
  clientCertificate: { key: 'client-certificate', codec: text, optional: true },
  clientCertificateData: { key: 'client-certificate-data', codec: data, optional: true },
  clientKey: { key: 'client-key', codec: text, optional: true },
  clientKeyData: { key: 'client-key-data', codec: secretData, optional: true },
  token: { key: 'token', codec: secretText, optional: true },
  tokenFile: { key: 'tokenFile', codec: text, optional: true },
  as: { key: 'as', codec: text, optional: true },
  asUid: { key: 'as-uid', codec: text, optional: true },
  asGroups: { key: 'as-groups', codec: listOf(text), optional: true },
  asUserExtra: { key: 'as-user-extra', codec: mapOf(listOf(text)), optional: true },
  username: { key: 'username', codec: text, optional: true },
  password: { key: 'password', codec: secretText, optional: true },
  authProvider: { key: 'auth-provider', codec: authProvider, optional: true },
  exec: { key: 'exec', codec: exec, optional: true },
  extensions,
});

const preferences = struct<Preferences>('Preferences', {
  colors: { key: 'colors', codec: bool, optional: true },
  extensions,
});

const namedCluster = struct<NamedCluster>('NamedCluster', {
  name: { key: 'name', codec: text },
  cluster: { key: 'cluster', codec: cluster },
});

const namedContext = struct<NamedContext>('NamedContext', {
  name: { key: 'name', codec: text },
  context: { key: 'context', codec: context },
});

const namedUser = struct<NamedUser>('NamedAuthInfo', {
  name: { key: 'name', codec: text },
  user: { key: 'user', codec: user },
});

/** Without `apiVersion` and `kind`, which can only be `v1` and `Config`. */
export const kubeconfig = struct<Kubeconfig>('Config', {
  preferences: { key: 'preferences', codec: orNothing(preferences), optional: true },
  clusters: { key: 'clusters', codec: namedListOf(namedCluster) },
  users: { key: 'users', codec: namedListOf(namedUser) },
  contexts: { key: 'contexts', codec: namedListOf(namedContext) },
  currentContext: { key: 'current-context', codec: text },
  extensions,
});
