/**
 * What kubelets see to themselves: files that no plan makes, since each kubelet asks the API for them. Where there is
 * no API any more they are made here.
 */
import type { Leaf } from './certificates.ts';
import { kubeletNames, nodeSubject, nodeUser } from './identities.ts';
import { treeItems } from './items.ts';
import { layoutOf } from './layout.ts';
import { kubeletNodes } from './nodes.ts';
import { kubeletServer } from './profiles/kubeadm.ts';
import type { Cluster, ClusterSpec, Item, NodeSpec, PairItem } from './types.ts';

/** client-go util/certificate/certificate_store.go: a link, to a file that holds the certificate and its key. */
const STORE = 'var/lib/kubelet/pki';

/** Both halves of such a pair have one path. */
export function isOneFile({ certificate, key }: PairItem): boolean {
  return certificate.path === key.path;
}

export function rotatedItems({ spec }: Pick<Cluster, 'spec'>): Item[] {
  return kubeletNodes(spec).flatMap((node) => rotatedOf(spec, node));
}

function rotatedOf(spec: ClusterSpec, node: NodeSpec): Item[] {
  const tree = treeItems(spec, { kind: 'node', name: node.name });
  const subject = nodeSubject(node);
  const server: Leaf = { subject, names: kubeletNames(spec, node), usages: ['serverAuth'] };
  const client: Leaf = { subject, usages: ['clientAuth'] };
  const inStore = (kind: string, leaf: Leaf) =>
    oneFile(tree.pair(`${STORE}/kubelet-${kind}-current`, 'cluster', leaf));
  const { kubeconfigs } = layoutOf(spec);
  const config = tree.embeddedKubeconfig(
    kubeconfigs.kubelet,
    nodeUser(node),
    kubeletServer(spec, node),
    client,
  );
  const store = `/${STORE}/kubelet-client-current.pem`;
  const paths = { paths: { certificate: store, key: store } };
  return [
    ...(spec.kubelets.serving === 'rotated' ? [inStore('server', server)] : []),
    ...(spec.kubelets.client === 'rotated'
      ? [inStore('client', client), { ...config, credentials: paths }]
      : []),
  ];
}

function oneFile(pair: PairItem): PairItem {
  const file = { path: pair.certificate.path.replace(/\.crt$/, '.pem'), mode: pair.key.mode };
  return { ...pair, id: `${pair.id}.pem`, certificate: file, key: file };
}
