// A real kube-proxy. Its rules go nowhere: no Service has an address here, and the machine may have no nft.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command, Common } from './commands.ts';
import type { KubeProxyWiring } from './wiring.ts';

/** What it asks of nft before it starts (sigs.k8s.io/knftables), and yes to everything else. */
const NFT = `#!/bin/sh
[ "$1" = --version ] && echo 'nftables v1.1.1 (Commodore Bullmoose #2)'
exit 0
`;

/** Where it says that it has synced. */
export const HEALTHZ_PORT = 10_256;

export async function kubeProxyCommand(
  { tools }: Common,
  { node, address, kubeconfig }: KubeProxyWiring,
  disk: string,
): Promise<Command> {
  const bin = path.join(disk, 'usr/sbin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'nft'), NFT);
  await chmod(path.join(bin, 'nft'), 0o755);
  const config = path.join(disk, 'kube-proxy.json');
  await writeFile(config, JSON.stringify(configOf(node, address, kubeconfig)));
  return ['env', `PATH=${bin}:${process.env.PATH ?? ''}`, tools['kube-proxy'], `--config=${config}`];
}

/** KubeProxyConfiguration, kubeproxy.config.k8s.io/v1alpha1 */
function configOf(node: string, address: string, kubeconfig: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    hostnameOverride: node,
    clientConnection: { kubeconfig },
    mode: 'nftables',
    healthzBindAddress: `${address}:${HEALTHZ_PORT}`,
    metricsBindAddress: `${address}:10249`,
    // The machine's limits are not the node's to set.
    conntrack: { maxPerCore: 0, min: 0 },
  };
}
