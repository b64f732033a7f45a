import { createHash } from 'node:crypto';
import { asBuffer, expectedFailure } from '../base/index.ts';
import type { StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { createPool, parseRefusal, type Pool } from '../verify/index.ts';
import { type Certificate, parseCertificate, readCertificates, readPem } from '../x509/index.ts';
import { notFound } from './places.ts';
import { type Broken, broken, bytesOf, remember, type Source } from './sources.ts';

export interface Anchors {
  readonly kind: 'anchors';
  readonly pool: Pool;
}

/** Nothing is trusted. */
export const noAnchors: Anchors = { kind: 'anchors', pool: createPool([]) };

/** As client-go loads a bundle (transport/transport.go, rootCertPool): what is no certificate is passed over. */
export const anchorsFrom: (source: Source) => Anchors | Broken = remember((source) => {
  const bytes = bytesOf(source);
  const parsed = !(source instanceof Uint8Array) && source.content.kind === 'certificates';
  const certificates = parsed ? source.content.certificates : readCertificates(bytes).certificates;
  if (certificates.length > 0) return { kind: 'anchors', pool: sharedPool(certificates) };
  // An empty file is an empty pool since client-go 0.36; before, it meant the system's roots.
  if (bytes.length === 0) return noAnchors;
  return broken(`unable to load root certificates: ${problemIn(bytes)}`);
});

/** createErrorParsingCAData */
function problemIn(bytes: Uint8Array): string {
  const blocks = readPem(bytes);
  try {
    for (const { label, headers, bytes: der } of blocks) {
      if (label === 'CERTIFICATE' && Object.keys(headers).length === 0) parseCertificate(der);
    }
  } catch (error) {
    return `failed to parse certificate: ${parseRefusal(expectedFailure(error))}`;
  }
  const text = asBuffer(bytes).toString('latin1');
  const endLine = /-----END [^\n]*\n?$/.test(text);
  return blocks.length > 0 && endLine
    ? 'no valid certificate authority data seen'
    : 'unable to parse bytes as PEM block';
}

/** The anchors of all these files together. */
export function anchorsOfFiles(files: readonly StatePath[], inventory: Inventory): Anchors | Broken {
  const certificates: Certificate[] = [];
  for (const file of files) {
    const entry = inventory.get(file);
    const anchors = entry ? anchorsFrom(entry) : broken(notFound(file));
    if (anchors.kind === 'broken' || files.length === 1) return anchors;
    certificates.push(...anchors.pool.certificates);
  }
  return { kind: 'anchors', pool: sharedPool(certificates) };
}

/** Thousands of nodes hold the same bundle: one pool for all of them, for as long as one is in use. */
const pools = new Map<string, WeakRef<Pool>>();
const forgotten = new FinalizationRegistry<string>((key) => {
  if (!pools.get(key)?.deref()) pools.delete(key);
});

function sharedPool(certificates: readonly Certificate[]): Pool {
  const hash = createHash('sha256');
  for (const { der } of certificates) hash.update(der);
  const key = hash.digest('base64');
  const known = pools.get(key)?.deref();
  if (known) return known;
  const pool = createPool(certificates);
  pools.set(key, new WeakRef(pool));
  forgotten.register(pool, key);
  return pool;
}
