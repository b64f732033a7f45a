import { asBuffer, Secret, utf8 } from '../base/index.ts';
import { failure } from './errors.ts';
import { notFound } from './problems.ts';
import type { Cluster, User } from './types.ts';

export type Authentication = 'certificate' | 'token' | 'basic' | 'exec' | 'auth-provider';

/** Content of a file, or `undefined` when there is none. */
export type ReadFile = (path: string) => Uint8Array | undefined;

/** What a program trusts and presents: client-go transport/transport.go, TLSConfigFor. */
export interface Transport {
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  /** PEM bundle; the roots of the operating system when absent. */
  readonly authority?: Uint8Array;
  /** PEM, leaf first. */
  readonly clientCertificate?: Uint8Array;
  /** PEM. */
  readonly clientKey?: Secret;
  readonly token?: { readonly source: 'data' | 'file'; readonly value: Secret };
  readonly authentication: readonly Authentication[];
  /** Paths of what was read from files. */
  readonly files: { readonly [K in 'authority' | 'clientCertificate' | 'clientKey' | 'token']?: string };
}

/** Credentials are not read, and nothing is verified, where there is no TLS. */
export const PLAIN_HTTP: Transport = { insecure: false, authentication: [], files: {} };

/** Paths in `cluster` and `user` are resolved. */
export function transportOf(cluster: Cluster, user: User, read: ReadFile): Transport {
  const { certificateAuthority, certificateAuthorityData, insecureSkipTlsVerify: insecure = false } = cluster;
  if (insecure && (certificateAuthority ?? certificateAuthorityData) !== undefined) {
    const message = 'specifying a root certificates file with the insecure flag is not allowed';
    throw failure('kubeconfig/insecure-with-authority', message);
  }
  const authority = material(certificateAuthorityData, certificateAuthority, read);
  const presents = (user.clientCertificate ?? user.clientCertificateData) !== undefined;
  const certificate = presents ? material(user.clientCertificateData, user.clientCertificate, read) : NOTHING;
  const key = presents ? material(user.clientKeyData?.reveal(), user.clientKey, read) : NOTHING;
  const token = tokenOf(user, read);
  return {
    insecure,
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
    ...(authority.bytes === undefined ? {} : { authority: authority.bytes }),
    ...(certificate.bytes === undefined ? {} : { clientCertificate: certificate.bytes }),
    ...(key.bytes === undefined ? {} : { clientKey: new Secret(key.bytes) }),
    ...(token.value === undefined ? {} : { token: token.value }),
    authentication: authenticationOf(user),
    files: {
      ...(authority.path === undefined ? {} : { authority: authority.path }),
      ...(certificate.path === undefined ? {} : { clientCertificate: certificate.path }),
      ...(key.path === undefined ? {} : { clientKey: key.path }),
      ...(token.path === undefined ? {} : { token: token.path }),
    },
  };
}

interface Read {
  readonly bytes?: Uint8Array;
  /** Absent when the bytes stood in the kubeconfig. */
  readonly path?: string;
}

const NOTHING: Read = {};

/** dataFromSliceOrFile. */
function material(data: Uint8Array | undefined, path: string | undefined, read: ReadFile): Read {
  if (data !== undefined) return { bytes: data };
  return path === undefined ? NOTHING : { bytes: readFile(path, read), path };
}

function readFile(path: string, read: ReadFile): Uint8Array {
  const bytes = read(path);
  if (bytes === undefined) throw failure('kubeconfig/unreadable', notFound(path));
  return bytes;
}

/** The file wins over the token in the kubeconfig once it can be read (transport/token_source.go). */
function tokenOf(user: User, read: ReadFile): { value?: Transport['token']; path?: string } {
  const { token, tokenFile: path } = user;
  if (path === undefined) return token === undefined ? {} : { value: { source: 'data', value: token } };
  const bytes = token === undefined ? readFile(path, read) : read(path);
  if (bytes === undefined) return token === undefined ? {} : { value: { source: 'data', value: token } };
  const value = new Secret(utf8(asBuffer(bytes).toString('utf8').trim()));
  return { value: { source: 'file', value }, path };
}

function authenticationOf(user: User): Authentication[] {
  const methods: readonly (readonly [Authentication, unknown])[] = [
    ['certificate', user.clientCertificate ?? user.clientCertificateData],
    ['token', user.token ?? user.tokenFile],
    ['basic', user.username ?? user.password],
    ['exec', user.exec],
    ['auth-provider', user.authProvider],
  ];
  return methods.filter(([, given]) => given !== undefined).map(([method]) => method);
}
