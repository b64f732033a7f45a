// What faults are made of.
import { DAY } from '../../../../src/base/index.ts';
import type { FileChange } from '../../../../src/inventory/index.ts';
import { type AuditedTree, authority, draftOf } from '../../../judges/audited-tree.ts';
import { type Draft, keyOf, rootDraft } from '../../../judges/mint.ts';

type AuthorityName = Parameters<typeof authority>[1];

export const PKI = 'nodes/cp1/etc/kubernetes/pki';
export const WORKER = 'nodes/w1/etc/kubernetes/pki';

/** An authority of the cluster, as a parent of drafts. */
export function authorityDraft(tree: AuditedTree, id: AuthorityName): Draft {
  const { certificate, key } = authority(tree, id);
  return draftOf(certificate, key, key);
}

/** Of another name, which nothing trusts. */
export const stranger: Draft = rootDraft('somebody else', keyOf('somebody else'));

/** Of the same name, with another key: what an installation leaves behind that was made anew. */
export function namesake(tree: AuditedTree, id: AuthorityName): Draft {
  const key = keyOf(`another ${id}`);
  const { subject } = authorityDraft(tree, id);
  return { ...rootDraft('another', key), subject, issuer: subject };
}

/** Issued by this one instead. */
export const by = ({ subject, key, subjectKeyId }: Draft): Partial<Draft> => ({
  issuer: subject,
  signedBy: key,
  authorityKeyId: subjectKeyId,
});

export const ended = (): Partial<Draft> => ({
  notBefore: Date.now() - 9 * DAY,
  notAfter: Date.now() - DAY,
});
export const tomorrow = (): Partial<Draft> => ({ notBefore: Date.now() + DAY });

/** A file as it stands, changed. */
export function edited(
  { inventory }: AuditedTree,
  path: string,
  change: (text: string) => string,
): FileChange {
  const entry = inventory.get(path);
  if (!entry) throw new Error(`no ${path}`);
  return { path, mode: 0o600, bytes: Buffer.from(change(Buffer.from(entry.bytes).toString('utf8'))) };
}
