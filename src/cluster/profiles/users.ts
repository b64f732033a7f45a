/** People's files: the same in every profile, but for their names. */
import { hostPort } from '../addresses.ts';
import { subject } from '../identities.ts';
import { treeItems } from '../items.ts';
import type { ClusterSpec, Item, UserSpec } from '../types.ts';

/** Where people, and nodes that have no kube-apiserver beside them, reach the API. */
export function endpointUrl({ endpoint }: ClusterSpec): string {
  return `https://${hostPort(endpoint)}`;
}

/**
 * One credential a person: the kubeconfig points at the pair and embeds none of its own, so that to revoke
 * or renew the one is to revoke or renew the other.
 */
export function userItems(spec: ClusterSpec, user: UserSpec, base: string, kubeconfig: string): Item[] {
  const tree = treeItems(spec, { kind: 'user', name: user.name });
  const paths = { authority: 'ca.crt', certificate: `${base}.crt`, key: `${base}.key` };
  return [
    tree.anchors('ca.crt', ['cluster']),
    tree.pair(base, 'cluster', {
      subject: subject(user.name, user.groups),
      usages: ['clientAuth'],
      ...(user.id !== 'none' && { person: user.name }),
    }),
    tree.kubeconfig(kubeconfig, user.name, endpointUrl(spec), paths),
  ];
}
