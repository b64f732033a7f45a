/** What a decision may look at, and the lookups that decisions share. */
import type { Instant } from '../base/index.ts';
import type { AuthorityId, AuthorityItem, StatePath } from '../cluster/index.ts';
import type { Entry, Inventory } from '../inventory/index.ts';
import type { Certificate, PrivateKey } from '../x509/index.ts';

/** What a decision may look at. `issuers` are the authorities as they will be once the plan is done. */
export interface World {
  readonly inventory: Inventory;
  readonly at: Instant;
  /** SHA-256 of each file as kubetls last wrote it. */
  readonly written: ReadonlyMap<StatePath, string>;
  readonly renewBefore: number | undefined;
  readonly renewAuthoritiesBefore: number | undefined;
  /** No key is found to be of the wrong algorithm. */
  readonly keepsKeys: boolean;
  readonly authorityItems: ReadonlyMap<AuthorityId, AuthorityItem>;
  /** Authorities whose certificate this plan writes: what shows it must follow. */
  readonly renewed: ReadonlySet<AuthorityId>;
  /** Paths that earlier actions of this plan write. */
  readonly moved: ReadonlySet<StatePath>;
}

/** The certificate of an authority as it stands; undefined when missing or unreadable. */
export function authorityCertificate(id: AuthorityId, world: World): Certificate | undefined {
  const item = world.authorityItems.get(id);
  return item && certificateAt(world.inventory.get(item.certificate.path));
}

/** Whether something stands there, byte for byte as kubetls last wrote it. */
export function isAsWritten(
  path: StatePath,
  { inventory, written }: Pick<World, 'inventory' | 'written'>,
): boolean {
  const entry = inventory.get(path);
  return entry !== undefined && entry.sha256 === written.get(path);
}

/** Whether neither the file of a certificate nor that of its authority was touched since kubetls wrote them. */
export function areAsWritten(path: StatePath, issuer: AuthorityId | undefined, world: World): boolean {
  const authority = issuer === undefined ? undefined : world.authorityItems.get(issuer);
  return (
    authority !== undefined && [path, authority.certificate.path].every((file) => isAsWritten(file, world))
  );
}

/** First certificate of a file: the leaf, or with kubeadm's readers the signing authority. */
export function certificateAt(entry: Entry | undefined): Certificate | undefined {
  return certificatesAt(entry)[0];
}

export function certificatesAt(entry: Entry | undefined): readonly Certificate[] {
  return entry?.content.kind === 'certificates' ? entry.content.certificates : [];
}

export function keyAt(entry: Entry | undefined): PrivateKey | undefined {
  return entry?.content.kind === 'private-key' ? entry.content.key : undefined;
}
