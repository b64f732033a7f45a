import { createHash } from 'node:crypto';
import { equalBytes } from '../base/index.ts';
import type { Endpoint, StatePath } from '../cluster/index.ts';
import type { Entry, Inventory } from '../inventory/index.ts';
import { createPool, type GoRules, type Pool } from '../verify/index.ts';
import type { Certificate } from '../x509/index.ts';
import { type Loader, loadBundle, serverLoader } from './loaders.ts';
import { asSeen, notFound } from './places.ts';
import { type Broken, broken, bytesOf, countBlocks, remember, type Source } from './sources.ts';

export interface Anchors {
  readonly kind: 'anchors';
  readonly pool: Pool;
  /** Nothing that the newest Go does not read stands beside them. */
  readonly whole: boolean;
}

/** Nothing is trusted. */
export const noAnchors: Anchors = { kind: 'anchors', pool: createPool([]), whole: true };

/** The anchors in a bundle, as this loader takes them. */
export function anchorsFrom(source: Source, loader: Loader, rules?: GoRules): Anchors | Broken {
  return REMEMBERED[loader](source, rules);
}

const REMEMBERED: Readonly<Record<Loader, (source: Source, rules?: GoRules) => Anchors | Broken>> = {
  'client-go': remembered('client-go'),
  'dynamic-ca': remembered('dynamic-ca'),
  etcd: remembered('etcd'),
  'csr-signer': remembered('csr-signer'),
};

function remembered(loader: Loader): (source: Source, rules?: GoRules) => Anchors | Broken {
  // Thousands of kubeconfigs embed the same bundle, one after the other.
  let last:
    | { readonly bytes: Uint8Array; readonly rules: GoRules; readonly read: Anchors | Broken }
    | undefined;
  const load = (source: Source, rules: GoRules) => {
    if (last?.rules === rules && source instanceof Uint8Array && equalBytes(source, last.bytes))
      return last.read;
    const read = loadedBy(loader, source, rules);
    if (source instanceof Uint8Array) last = { bytes: source, rules, read };
    return read;
  };
  return remember(load, (read) => read.kind === 'anchors' && read.whole);
}

function loadedBy(loader: Loader, source: Source, rules: GoRules): Anchors | Broken {
  const plain = plainBundle(source, loader);
  if (plain) return { kind: 'anchors', pool: sharedPool(plain), whole: true };
  const bytes = bytesOf(source);
  const loaded = loadBundle(loader, bytes, rules);
  if ('kind' in loaded) return loaded;
  return { kind: 'anchors', pool: sharedPool(loaded), whole: loaded.length === countBlocks(bytes) };
}

/** Certificates that an inventory has read, and nothing else in the file: all loaders agree on them. */
function plainBundle(source: Source, loader: Loader): readonly Certificate[] | undefined {
  if (source instanceof Uint8Array || source.content.kind !== 'certificates') return undefined;
  const { certificates, problems } = source.content;
  if (problems.length > 0 || loader === 'csr-signer') return undefined;
  // etcd takes a key that stands beside them for a certificate.
  return loader === 'etcd' && countBlocks(source.bytes) > certificates.length ? undefined : certificates;
}

/** The anchors of all these files together. `told`: what the loading program makes of the loader's own words. */
export function anchorsOfFiles(
  files: readonly StatePath[],
  inventory: Inventory,
  loader: Loader,
  rules?: GoRules,
  told: (error: string, entry: Entry) => string = (error) => error,
): Anchors | Broken {
  const certificates: Certificate[] = [];
  let whole = true;
  for (const file of files) {
    const entry = inventory.get(file);
    if (!entry) return broken(notFound(file));
    const anchors = anchorsFrom(entry, loader, rules);
    if (anchors.kind === 'broken') return broken(told(anchors.error, entry));
    if (files.length === 1) return anchors;
    whole &&= anchors.whole;
    certificates.push(...anchors.pool.certificates);
  }
  return { kind: 'anchors', pool: sharedPool(certificates), whole };
}

/** Whom an endpoint lets in: the anchors of its clients, or of the front proxy, as it reads their files. */
export function clientAnchors(
  { component, clients }: Endpoint,
  inventory: Inventory,
  as: 'client' | 'front-proxy' = 'client',
  rules?: GoRules,
): Anchors | Broken {
  const proxy = as === 'front-proxy' ? clients.frontProxy : undefined;
  const files = proxy ? [proxy.anchors] : clients.anchors;
  const loader = serverLoader(component);
  if (loader === 'etcd') return anchorsOfFiles(files, inventory, loader, rules);
  return anchorsOfFiles(files, inventory, loader, rules, (error, { path, bytes }) => {
    // dynamic_cafile_content.go: the purpose, and the path that the component was given.
    const name = `"${proxy ? 'request-header' : 'client-ca-bundle'}::${asSeen(path)}"`;
    if (bytes.length === 0) return `missing content for CA bundle ${name}`;
    return `error loading CA bundle for ${name}: ${error}`;
  });
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
