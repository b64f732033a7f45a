import type { Secret } from '../../base/index.ts';
import { type Material, readMaterial } from '../../survey/index.ts';

/** What somebody handed in, under the name by which they call it. */
export interface Inspected extends Material {
  readonly source: string;
  /** One of many files of a directory: there a certificate is shown once, with all its places. */
  readonly inTree?: boolean;
  /** A server that was asked. */
  readonly endpoint?: EndpointShown;
}

export interface EndpointShown {
  readonly host: string;
  readonly port: number;
  /** TLS versions that it speaks, of 1.2 and 1.3. */
  readonly protocols: readonly string[];
  readonly cipher: string | undefined;
  /** Of h2 and http/1.1. */
  readonly alpn: string | undefined;
  /** Names of those whose client certificates it takes; undefined when it asks for none. */
  readonly acceptableAuthorities: readonly string[] | undefined;
  /** What becomes of a request without a client certificate. */
  readonly withoutCertificate: string;
}

export function inspectBytes(bytes: Uint8Array, source: string, password?: Secret): Inspected {
  return { source, ...readMaterial(bytes, source, password) };
}

export const NOTHING_IN_IT: Material = {
  certificates: [],
  requests: [],
  revocationLists: [],
  kubeconfigs: [],
  keys: [],
  settings: [],
  problems: [],
};

/** Of what is shown: flags of components are not. */
export function isNothing({ certificates, requests, revocationLists, kubeconfigs, keys }: Material): boolean {
  return [certificates, requests, revocationLists, kubeconfigs, keys].every((list) => list.length === 0);
}
