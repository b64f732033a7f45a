/**
 * What has ended is worth nothing to anybody, whoever made it, and is kept among the backups; and the same authorities
 * with other dates are no loss. So a cluster that was adopted dead is rescued without leave for each of its files.
 */
import type { AnchorsItem, AuthorityId, KubeconfigItem } from '../cluster/index.ts';
import { type Certificate, readCertificates, sameKey } from '../x509/index.ts';
import { authoritiesOf, type PlanInput } from './plan.ts';
import type { Action } from './types.ts';
import { certificateAt } from './world.ts';

const DATES: ReadonlySet<string> = new Set(['expired', 'renewal-window']);

export function isNoLoss({ item, verb, key, reason }: Action, input: PlanInput): boolean {
  if (key === 'new' || !item) return false;
  const isOfDates = verb === 'replace' ? DATES.has(reason.code) : reason.code === 'stale-content';
  if (item.kind === 'kubeconfig') return isOfDates && keepsCluster(item, input);
  if (verb === 'replace') return isOfDates;
  return isOfDates && item.kind === 'anchors' && areSame(item, input);
}

function areSame({ file, of }: AnchorsItem, input: PlanInput): boolean {
  const content = input.inventory.get(file.path)?.content;
  return content?.kind === 'certificates' && areOf(content.certificates, of, input);
}

/** Whom it dials, how, and whom it trusts: none of that ends, and who changed it meant something by it. */
function keepsCluster({ file, clusterName, server, authority }: KubeconfigItem, input: PlanInput): boolean {
  const content = input.inventory.get(file.path)?.content;
  if (content?.kind !== 'kubeconfig') return false;
  const found = content.config.clusters.find(({ name }) => name === clusterName)?.cluster;
  if (found?.server !== server) return false;
  if (found.insecureSkipTlsVerify === true || [found.tlsServerName, found.proxyUrl].some(Boolean))
    return false;
  if ('path' in authority) return found.certificateAuthority === authority.path;
  const data = found.certificateAuthorityData;
  return data !== undefined && areOf(readCertificates(data).certificates, [authority.embed], input);
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
