import type { Secret } from '../base/index.ts';
import type { Opaque } from './json.ts';

/**
 * A kubeconfig as the file has it (client-go tools/clientcmd/api/v1/types.go). An optional field that the
 * file leaves out, or sets to its zero value, is absent: client-go does not tell the two apart either.
 * Lists keep the order of the file; they are sorted when written.
 */
export interface Kubeconfig {
  readonly preferences?: Preferences;
  readonly clusters: readonly NamedCluster[];
  readonly contexts: readonly NamedContext[];
  readonly users: readonly NamedUser[];
  readonly currentContext: string;
  readonly extensions?: readonly NamedExtension[];
  readonly unknown?: Opaque;
}

/** Deprecated since Kubernetes 1.34, and used by no component. */
export interface Preferences {
  readonly colors?: boolean;
  readonly extensions?: readonly NamedExtension[];
  readonly unknown?: Opaque;
}

export interface NamedCluster {
  readonly name: string;
  readonly cluster: Cluster;
  readonly unknown?: Opaque;
}

export interface Cluster {
  /** `https://host:port`; without a scheme client-go dials plain HTTP. */
  readonly server: string;
  /** Replaces the host of `server` for SNI and for the check of the server's certificate. */
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  /** Path of a PEM bundle, absolute or relative to the directory of the file. */
  readonly certificateAuthority?: string;
  /** PEM. Wins over the path. */
  readonly certificateAuthorityData?: Uint8Array;
  /** May hold a password. */
  readonly proxyUrl?: Secret;
  readonly disableCompression?: boolean;
  readonly extensions?: readonly NamedExtension[];
  readonly unknown?: Opaque;
}

export interface NamedUser {
  readonly name: string;
  readonly user: User;
  readonly unknown?: Opaque;
}

export interface User {
  readonly clientCertificate?: string;
  /** PEM, leaf first. Wins over the path. */
  readonly clientCertificateData?: Uint8Array;
  readonly clientKey?: string;
  /** PEM. Wins over the path. */
  readonly clientKeyData?: Secret;
  readonly token?: Secret;
  /** Read again from time to time; wins over `token`. */
  readonly tokenFile?: string;
  readonly as?: string;
  readonly asUid?: string;
  readonly asGroups?: readonly string[];
  readonly asUserExtra?: ReadonlyMap<string, readonly string[]>;
  readonly username?: string;
  readonly password?: Secret;
  readonly authProvider?: AuthProvider;
  readonly exec?: Exec;
  readonly extensions?: readonly NamedExtension[];
  readonly unknown?: Opaque;
}

export interface AuthProvider {
  readonly name: string;
  /** Holds tokens, as a rule. */
  readonly config: ReadonlyMap<string, Secret>;
  readonly unknown?: Opaque;
}

/** A program that hands out credentials. Its arguments and environment may hold secrets of their own. */
export interface Exec {
  readonly command: string;
  readonly args: readonly Secret[];
  readonly env: readonly ExecEnv[];
  readonly apiVersion?: string;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode?: string;
  readonly unknown?: Opaque;
}

export interface ExecEnv {
  readonly name: string;
  readonly value: Secret;
  readonly unknown?: Opaque;
}

export interface NamedContext {
  readonly name: string;
  readonly context: Context;
  readonly unknown?: Opaque;
}

export interface Context {
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
  readonly extensions?: readonly NamedExtension[];
  readonly unknown?: Opaque;
}

export interface NamedExtension {
  readonly name: string;
  readonly extension: Opaque;
  readonly unknown?: Opaque;
}
