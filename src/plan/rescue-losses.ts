/**
 * What has ended is worth nothing to anybody, whoever made it, and is kept among the backups; and the same authorities
 * with other dates are no loss. So a cluster that was adopted dead is rescued without leave for each of its files.
 */
import type { AnchorsItem, AuthorityId, KubeconfigItem } from '../cluster/index.ts';
import { type Certificate, readCertificates, sameKey } from '../x509/index.ts';
import { authoritiesOf, type PlanInput } from './plan.ts';
import type { Action } from './types.ts';
import { certificateAt } from './world.ts';

export function isNoLoss({ item, verb, key, reason }: Action, input: PlanInput): boolean {
  if (key === 'new' || !item) return false;
  if (reason.code === 'expired') return true;
  if (verb !== 'rewrite' || reason.code !== 'stale-content') return false;
  if (item.kind === 'anchors') return areSame(item, input);
  return item.kind === 'kubeconfig' && trustsSame(item, input);
}

function areSame({ file, of }: AnchorsItem, input: PlanInput): boolean {
  const content = input.inventory.get(file.path)?.content;
  return content?.kind === 'certificates' && areOf(content.certificates, of, input);
}

/** And dials the same server: who changed that meant something by it. */
function trustsSame(item: KubeconfigItem, input: PlanInput): boolean {
  const content = input.inventory.get(item.file.path)?.content;
  if (!('embed' in item.authority) || content?.kind !== 'kubeconfig') return false;
  const found = content.config.clusters.find(({ name }) => name === item.clusterName)?.cluster;
  const data = found?.certificateAuthorityData;
  if (!data || found.server !== item.server) return false;
  return areOf(readCertificates(data).certificates, [item.authority.embed], input);
}

function areOf(
  certificates: readonly Certificate[],
  ids: readonly AuthorityId[],
  { cluster, inventory }: PlanInput,
): boolean {
  const authorities = authoritiesOf(cluster);
  const known = ids.flatMap((id) => {
    const path = authorities.get(id)?.certificate.path;
    const certificate = path === undefined ? undefined : certificateAt(inventory.get(path));
    return certificate ? [certificate.publicKey] : [];
  });
  return certificates.every(({ publicKey }) => known.some((one) => sameKey(one, publicKey)));
}
