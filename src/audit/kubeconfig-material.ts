/** Certificates and keys of a kubeconfig, as the program that uses it would load them. */
import type { Cluster, User } from '../kubeconfig/index.ts';
import { anchorsFrom, loadPair } from '../trust/index.ts';
import { type Certificate, readCertificates } from '../x509/index.ts';
import type { World } from './types.ts';

/** What stands for something: bytes, and the field by which they came. */
export interface Material {
  readonly field: string;
  readonly bytes: Uint8Array;
}

/** Data wins over a path. Undefined: neither, or a file that cannot be read, which another check tells. */
function materialOf(
  field: string,
  data: Uint8Array | undefined,
  path: string | undefined,
  { read }: World,
): Material | undefined {
  if (data !== undefined) return { field: `${field}-data`, bytes: data };
  const bytes = path === undefined ? undefined : read(path);
  return bytes && { field, bytes };
}

export function authorityOf(cluster: Cluster, world: World) {
  const { certificateAuthorityData: data, certificateAuthority: path } = cluster;
  const found = materialOf('certificate-authority', data, path, world);
  if (found === undefined) return undefined;
  return {
    ...found,
    anchors: anchorsFrom(found.bytes, 'client-go'),
    certificates: readCertificates(found.bytes).certificates,
  };
}

export function certificateOf(
  { clientCertificateData: data, clientCertificate: path }: User,
  world: World,
): (Material & { readonly leaf: Certificate }) | undefined {
  const found = materialOf('client-certificate', data, path, world);
  const [leaf] = found === undefined ? [] : readCertificates(found.bytes).certificates;
  return found && leaf && { ...found, leaf };
}

export function pairOf(user: User, world: World) {
  const certificate = materialOf(
    'client-certificate',
    user.clientCertificateData,
    user.clientCertificate,
    world,
  );
  const key = materialOf('client-key', user.clientKeyData?.reveal(), user.clientKey, world);
  return certificate && key && { field: certificate.field, pair: loadPair(certificate.bytes, key.bytes) };
}
