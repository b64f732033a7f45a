import { type Certificate, fingerprint, readCertificates } from '../x509/index.ts';
import type { StatePath } from '../cluster/index.ts';
import type { Content, Inventory } from './types.ts';

export interface FoundCertificate {
  readonly certificate: Certificate;
  readonly sha256: string;
  /** Files that hold it, in order of path. */
  readonly places: readonly StatePath[];
}

/** Each certificate once, with all its places: what stands inside kubeconfigs, and authorities, included. */
export function certificatesIn(inventory: Inventory): readonly FoundCertificate[] {
  const found = new Map<string, { certificate: Certificate; sha256: string; places: Set<StatePath> }>();
  for (const [path, { content }] of inventory.entries) {
    for (const certificate of certificatesOf(content)) {
      const sha256 = fingerprint(certificate.der);
      const known = found.get(sha256);
      if (known) known.places.add(path);
      else found.set(sha256, { certificate, sha256, places: new Set([path]) });
    }
  }
  return Array.from(found.values(), (one) => ({ ...one, places: [...one.places] }));
}

function certificatesOf(content: Content): readonly Certificate[] {
  if (content.kind === 'certificates') return content.certificates;
  if (content.kind !== 'kubeconfig') return [];
  const { clusters, users } = content.config;
  const embedded = [
    ...clusters.map(({ cluster }) => cluster.certificateAuthorityData),
    ...users.map(({ user }) => user.clientCertificateData),
  ];
  return embedded.flatMap((data) => (data ? readCertificates(data).certificates : []));
}
