import { createHash } from 'node:crypto';
import { KubetlsError, Secret } from '../base/index.ts';
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

/** client-go's cert.ParseCertsPEM: at least one certificate, and every block a good one. */
export function strictAnchors(contents: readonly Buffer[]): Anchors {
  const all = contents.map((content) => anchorsIn(content));
  for (const { certificates, problems } of all) {
    if (certificates.length === 0) throw refuse('data does not contain any valid RSA or ECDSA certificates');
    if (problems[0] !== undefined) throw refuse(problems[0]);
  }
  return joined(all);
}

/** etcd's tlsutil.NewCertPool: a file without any certificate is an empty pool, which trusts nobody. */
export function laxAnchors(contents: readonly Buffer[]): Anchors {
  return joined(contents.map((content) => anchorsIn(content)));
}

interface Read extends Anchors {
  readonly problems: readonly string[];
}

/** One pool for one content: hundreds of kubelets hold the same file. Bounded by forgetting the oldest. */
const known = new Map<string, Read>();
const KNOWN_LIMIT = 64;

function anchorsIn(content: Buffer): Read {
  const id = createHash('sha256').update(content).digest('hex');
  let read = known.get(id);
  if (read === undefined) {
    const { certificates, problems } = readCertificates(content);
    read = { certificates, pool: createPool(certificates), problems: problems.map(({ message }) => message) };
    if (known.size >= KNOWN_LIMIT) known.delete(known.keys().next().value ?? '');
    known.set(id, read);
  }
  return read;
}

function joined(all: readonly Read[]): Anchors {
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0) return only;
  const certificates = all.flatMap((read) => read.certificates);
  return { certificates, pool: createPool(certificates) };
}
