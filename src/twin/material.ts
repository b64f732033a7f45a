import { createHash } from 'node:crypto';
import { KubetlsError, Secret } from '../base/index.ts';
import type { ComponentName } from '../cluster/index.ts';
import { type Loader, loadBundle, serverLoader } from '../trust/index.ts';
import { createPool, type Pool } from '../verify/index.ts';
import {
  type Certificate,
  type PrivateKey,
  readCertificates,
  readPrivateKey,
  sameKey,
} from '../x509/index.ts';
import type { TwinCode } from './types.ts';

/** What a server presents: PEM, as read. */
export interface ServingPair {
  readonly certificate: Buffer;
  readonly key: Secret;
}

export interface Anchors {
  readonly certificates: readonly Certificate[];
  readonly pool: Pool;
}

function refuse(message: string): KubetlsError<TwinCode> {
  return new KubetlsError({ code: 'twin/material', message });
}

/** Go's tls.X509KeyPair, with its texts. */
export function servingPair([certificate, key]: readonly Buffer[]): ServingPair {
  if (certificate === undefined || key === undefined) throw refuse('missing content for serving cert');
  const [leaf] = readCertificates(certificate).certificates;
  if (leaf === undefined) throw refuse('tls: failed to find any PEM data in certificate input');
  if (!sameKey(leaf.publicKey, privateKeyIn(key).publicKey)) {
    throw refuse('tls: private key does not match public key');
  }
  return { certificate, key: new Secret(key) };
}

function privateKeyIn(bytes: Buffer): PrivateKey {
  try {
    return readPrivateKey(bytes);
  } catch (error) {
    if (!(error instanceof KubetlsError)) throw error;
    throw refuse('tls: failed to find any PEM data in key input');
  }
}

/** The anchors of a component's clients, as it reads their files. */
export function anchorsLoader(component: ComponentName): (contents: readonly Buffer[]) => Anchors {
  const loader = serverLoader(component);
  return (contents) => joined(contents.map((content) => anchorsIn(content, loader)));
}

/** One pool for one content: hundreds of kubelets hold the same file. Bounded by forgetting the oldest. */
const known = new Map<string, Anchors>();
const KNOWN_LIMIT = 64;

function anchorsIn(content: Buffer, loader: Loader): Anchors {
  const id = `${loader} ${createHash('sha256').update(content).digest('hex')}`;
  let anchors = known.get(id);
  if (anchors === undefined) {
    const certificates = loadBundle(loader, content);
    if ('kind' in certificates) throw refuse(certificates.error);
    anchors = { certificates, pool: createPool(certificates) };
    if (known.size >= KNOWN_LIMIT) known.delete(known.keys().next().value ?? '');
    known.set(id, anchors);
  }
  return anchors;
}

function joined(all: readonly Anchors[]): Anchors {
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0) return only;
  const certificates = all.flatMap((one) => one.certificates);
  return { certificates, pool: createPool(certificates) };
}
