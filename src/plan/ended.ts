/** How long what stands in an item's files is of use. */
import { equalBytes, type Instant } from '../base/index.ts';
import type { AuthorityId, AuthorityItem, Item, KubeconfigItem } from '../cluster/index.ts';
import type { Entry, Inventory } from '../inventory/index.ts';
import { type Certificate, readCertificates } from '../x509/index.ts';
import { certificateAt, certificatesAt } from './world.ts';

/**
 * Milliseconds; undefined: it holds no certificate that could end. Of a leaf and its chain the first end counts. Of
 * anchors the last of each authority: an old one that is left beside the new one ends nothing.
 */
export type EndOf = (item: Item) => Instant | undefined;

export function endsIn(items: readonly Item[], inventory: Inventory): EndOf {
  const authorities = new Map<AuthorityId, Certificate>();
  for (const item of items) {
    if (item.kind !== 'authority') continue;
    const certificate = authorityAt(item, inventory);
    if (certificate) authorities.set(item.authority, certificate);
  }
  const endOfAnchors = (found: readonly Certificate[], ids: readonly AuthorityId[]): Instant | undefined => {
    const own = ids
      .map((id) => found.filter((one) => isKeyOf(one, authorities.get(id))))
      .filter(({ length }) => length > 0);
    return first((own.length > 0 ? own : [found]).map((some) => last(some.map(({ notAfter }) => notAfter))));
  };
  return (item) => {
    switch (item.kind) {
      case 'authority':
        return authorityAt(item, inventory)?.notAfter;
      case 'pair':
        return first(certificatesAt(inventory.get(item.certificate.path)).map(({ notAfter }) => notAfter));
      case 'anchors':
        return endOfAnchors(certificatesAt(inventory.get(item.file.path)), item.of);
      case 'kubeconfig': {
        const { shown, trusted } = embeddedIn(item, inventory.get(item.file.path));
        const ids = 'embed' in item.authority ? [item.authority.embed] : [];
        return first([...shown.map(({ notAfter }) => notAfter), endOfAnchors(trusted, ids)]);
      }
      case 'copy':
      case 'key-pair':
        return undefined;
    }
  };
}

function authorityAt({ certificate }: AuthorityItem, inventory: Inventory): Certificate | undefined {
  return certificateAt(inventory.get(certificate.path));
}

/** What this item is about: other users and clusters of the same file are somebody's. */
function embeddedIn({ userName, clusterName }: KubeconfigItem, entry: Entry | undefined) {
  if (entry?.content.kind !== 'kubeconfig') return { shown: [], trusted: [] };
  const { users, clusters } = entry.content.config;
  const user = users.find(({ name }) => name === userName)?.user;
  const cluster = clusters.find(({ name }) => name === clusterName)?.cluster;
  return {
    shown: inPem(user?.clientCertificateData),
    trusted: inPem(cluster?.certificateAuthorityData),
  };
}

function inPem(data: Uint8Array | undefined): readonly Certificate[] {
  return data ? readCertificates(data).certificates : [];
}

function isKeyOf({ publicKey }: Certificate, authority: Certificate | undefined): boolean {
  return authority !== undefined && equalBytes(publicKey.spki, authority.publicKey.spki);
}

function first(ends: readonly (Instant | undefined)[]): Instant | undefined {
  const known = ends.filter((end) => end !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function last(ends: readonly Instant[]): Instant | undefined {
  return ends.length > 0 ? Math.max(...ends) : undefined;
}
