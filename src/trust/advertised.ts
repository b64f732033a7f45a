import { asBuffer, KubetlsError } from '../base/index.ts';
import type { ComponentName, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { nameText, parseName } from '../x509/index.ts';
import { anchorsOfFiles } from './anchors.ts';
import { serverLoader } from './loaders.ts';

/**
 * What the list of acceptable authorities follows. A kubelet verifies by its file at once, and advertises it
 * at a tick of 60 s (before 1.36 at its next start): that it lags proves nothing. The others take theirs from
 * ConfigMap extension-apiserver-authentication, which holds the front proxy's authority for all of them.
 */
export const FOLLOWS: Readonly<Record<ComponentName, 'files' | 'tick' | 'configmap'>> = {
  'kube-apiserver': 'files',
  etcd: 'files',
  kubelet: 'tick',
  'kube-controller-manager': 'configmap',
  'kube-scheduler': 'configmap',
  'aggregated-apiserver': 'configmap',
  'kube-proxy': 'files',
};

export interface Advertised {
  readonly notes: readonly string[];
  /** The process trusts by something else than its files. */
  readonly stale: boolean;
}

const AGREES: Advertised = { notes: [], stale: false };

/**
 * The authorities that an endpoint says it accepts, against its anchors in the state: those of clients and of the
 * front proxy together, as kube-apiserver advertises them. An empty list accepts any, and tells nothing.
 */
export function advertisedAuthorities(
  { component, clients }: Endpoint,
  inventory: Inventory,
  advertised: readonly Uint8Array[] | undefined,
): Advertised {
  const files = [...clients.anchors, ...(clients.frontProxy ? [clients.frontProxy.anchors] : [])];
  const anchors = anchorsOfFiles(files, inventory, serverLoader(component));
  if (advertised === undefined || advertised.length === 0 || anchors.kind === 'broken') return AGREES;
  const inState = byBytes(anchors.pool.certificates.map(({ subject }) => subject.der));
  const inMemory = byBytes(advertised);
  const follows = FOLLOWS[component];
  const extra = follows === 'configmap' ? [] : without(inMemory, inState);
  const missing = without(inState, inMemory);
  const notes = [
    ...extra.map((name) => `accepts certificates of ${name}, which is not among its anchors in the state`),
    ...missing.map((name) => `does not say that it accepts ${name}, which is among its anchors in the state`),
  ];
  return { notes, stale: follows !== 'tick' && notes.length > 0 };
}

function byBytes(names: readonly Uint8Array[]): Map<string, Uint8Array> {
  return new Map(names.map((der) => [asBuffer(der).toString('base64'), der]));
}

function without(names: ReadonlyMap<string, Uint8Array>, others: ReadonlyMap<string, unknown>): string[] {
  return [...names].filter(([key]) => !others.has(key)).map(([, der]) => authorityText(der));
}

/** The subject of an authority, DER, for people. */
export function authorityText(der: Uint8Array): string {
  try {
    return nameText(parseName(der)) || 'an authority without a name';
  } catch (error) {
    if (error instanceof KubetlsError) return 'an authority whose name cannot be read';
    throw error;
  }
}
