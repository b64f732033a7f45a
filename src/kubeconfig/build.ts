import type { Secret } from '../base/index.ts';
import type { Cluster, Kubeconfig, User } from './types.ts';

/** PEM embedded in the file, or the path of a file that the reader of the kubeconfig can open. */
export type Material = { readonly data: Uint8Array } | { readonly path: string };
export type KeyMaterial = { readonly data: Secret } | { readonly path: string };

export type Credentials =
  | { readonly certificate: Material; readonly key: KeyMaterial }
  | { readonly tokenFile: string };

export interface KubeconfigSpec {
  readonly clusterName: string;
  /** `https://host:port`. */
  readonly server: string;
  readonly tlsServerName?: string;
  readonly authority: Material;
  readonly userName: string;
  readonly credentials: Credentials;
  /** `<user>@<cluster>` when absent, as kubeadm names it. */
  readonly contextName?: string;
  readonly namespace?: string;
}

/** One cluster, one user, one current context: kubeadm's form (app/util/kubeconfig, CreateWithCerts). */
export function buildKubeconfig(spec: KubeconfigSpec): Kubeconfig {
  const { clusterName, userName, namespace, tlsServerName } = spec;
  const contextName = spec.contextName ?? `${userName}@${clusterName}`;
  const cluster: Cluster = {
    server: spec.server,
    ...(tlsServerName ? { tlsServerName } : {}),
    ...('data' in spec.authority
      ? { certificateAuthorityData: spec.authority.data }
      : { certificateAuthority: spec.authority.path }),
  };
  const context = {
    cluster: clusterName,
    user: userName,
    ...(namespace ? { namespace } : {}),
  };
  return {
    clusters: [{ name: clusterName, cluster }],
    contexts: [{ name: contextName, context }],
    users: [{ name: userName, user: userOf(spec.credentials) }],
    currentContext: contextName,
  };
}

function userOf(credentials: Credentials): User {
  if ('tokenFile' in credentials) return { tokenFile: credentials.tokenFile };
  const { certificate, key } = credentials;
  return {
    ...('data' in certificate
      ? { clientCertificateData: certificate.data }
      : { clientCertificate: certificate.path }),
    ...('data' in key ? { clientKeyData: key.data } : { clientKey: key.path }),
  };
}
