/** What a person can try against the running twin, exactly as printed. */
import type { Cluster } from '../cluster/index.ts';
import type { Twin } from '../twin/index.ts';
import type { Context } from './context.ts';
import { shellWord, shownPath } from './text.ts';

export function tryLines({ state, console }: Context, cluster: Cluster, twin: Twin): string[] {
  const apiserver = cluster.endpoints.find(({ component }) => component === 'kube-apiserver');
  const user = cluster.spec.users[0]?.name;
  const pair = cluster.items.find(
    (item) => item.kind === 'pair' && item.owner?.kind === 'user' && item.owner.name === user,
  );
  const kubeconfig = cluster.items.find(
    (item) => item.kind === 'kubeconfig' && item.owner?.kind === 'user' && item.owner.name === user,
  );
  const anchors = cluster.items.find(
    (item) => item.kind === 'anchors' && item.owner?.kind === 'user' && item.owner.name === user,
  );
  const address = apiserver && twin.address(apiserver.id);
  if (!address || pair?.kind !== 'pair' || kubeconfig?.kind !== 'kubeconfig' || anchors?.kind !== 'anchors')
    return [];
  const file = (path: string) => shellWord(shownPath(`${state}/${path}`));
  const { host, port } = cluster.spec.endpoint;
  const authority = host.includes(':') ? `[${host}]` : host;
  return [
    '',
    console.colors.bold('Try:'),
    [
      `  curl --key ${file(pair.key.path)} --cert ${file(pair.certificate.path)} --cacert ${file(anchors.file.path)}`,
      `--connect-to ${shellWord(`${authority}:${port}:${address.host}:${address.port}`)} ${shellWord(`https://${authority}:${port}/api/v1/pods`)}`,
    ].join(' '),
    [
      `  kubectl --kubeconfig ${file(kubeconfig.file.path)}`,
      `--server https://${address.host}:${address.port} --tls-server-name ${shellWord(host)} get pods -A`,
    ].join(' '),
  ];
}
