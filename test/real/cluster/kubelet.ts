// A real kubelet, and the container runtime that it talks to.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command, Common } from './commands.ts';
import { inView } from './node-view.ts';
import { imagesOn, MANIFESTS } from './static-pods.ts';
import type { KubeletWiring } from './wiring.ts';

export interface KubeletCommands {
  /** Of the runtime. */
  socket: string;
  cri: Command;
  kubelet: Command;
}

/** `disk`: what is the node's `/`. */
export async function kubeletCommands(
  common: Common,
  wiring: KubeletWiring,
  disk: string,
  logs: string,
): Promise<KubeletCommands> {
  if (common.staticPods) return commandsInView(common, wiring, disk, logs);
  const { tools } = common;
  const socket = path.join(disk, 'cri.sock');
  const url = `unix://${socket}`;
  return {
    socket,
    cri: [tools.cri, url],
    kubelet: ownVarLib(disk, await kubeletCommand(common, wiring, disk, {})),
  };
}

/** Where the control plane's pods find their files, and who comes over ssh: the same view for all. */
async function commandsInView(
  common: Common,
  wiring: KubeletWiring,
  disk: string,
  logs: string,
): Promise<KubeletCommands> {
  const { tools } = common;
  const socket = path.join(disk, 'cri.sock');
  const folders = [...new Set(Object.values<string>({ ...tools }).map((tool) => path.dirname(tool)))];
  const found = `PATH=${[...folders, process.env.PATH ?? ''].join(':')}`;
  const runtime = [tools.cri, '-logs', logs, '-node', wiring.node, `unix://${socket}`];
  const images = await imagesOn(disk);
  const kubelet = await kubeletCommand(common, wiring, disk, { staticPodPath: `/${MANIFESTS}` });
  return {
    socket,
    cri: inView(disk, ['env', found, ...runtime, ...images]),
    kubelet: inView(disk, ['sh', '-c', 'echo $$ >"$0" && exec "$@"', kubeletPid(disk), ...kubelet]),
  };
}

/** Of the one that runs. */
export const kubeletPid = (disk: string): string => path.join(disk, 'kubelet.pid');

async function kubeletCommand(
  { tools, dnsDomain }: Common,
  wiring: KubeletWiring,
  disk: string,
  more: object,
): Promise<Command> {
  const config = path.join(disk, 'kubelet.yaml');
  const said = configOf(wiring, disk, `unix://${path.join(disk, 'cri.sock')}`);
  await mkdir(path.join(disk, 'var/lib/kubelet'), { recursive: true });
  await writeFile(config, JSON.stringify({ ...said, ...more, clusterDomain: dnsDomain }));
  return [
    tools.kubelet,
    `--config=${config}`,
    `--kubeconfig=${wiring.kubeconfig}`,
    // Looked at only where there is no kubeconfig yet.
    ...(wiring.client === 'rotated' ? [`--bootstrap-kubeconfig=${bootstrapPath(disk)}`] : []),
    `--hostname-override=${wiring.node}`,
    `--node-ip=${wiring.address.host}`,
  ];
}

export const bootstrapPath = (disk: string): string =>
  path.join(disk, 'etc/kubernetes/bootstrap-kubelet.conf');

/**
 * Its device plugins listen at /var/lib/kubelet whatever --root-dir says (deviceplugin/v1beta1, KubeletSocket).
 * So it sees the node's own /var/lib in place of the machine's, and mounts its volumes where nobody else looks.
 */
function ownVarLib(disk: string, command: Command): Command {
  const script = `mount --bind '${path.join(disk, 'var/lib')}' /var/lib && exec "$@"`;
  return ['unshare', '--mount', '--propagation', 'slave', 'sh', '-c', script, 'sh', ...command];
}

/** KubeletConfiguration, kubelet.config.k8s.io/v1beta1: as kubeadm writes it, less what needs a machine of its own. */
function configOf(
  { address, clientCa, serving, rotates }: KubeletWiring,
  disk: string,
  socket: string,
): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: address.host,
    port: address.port,
    healthzBindAddress: address.host,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: clientCa },
    },
    authorization: { mode: 'Webhook' },
    rotateCertificates: rotates,
    ...servingOf(serving),
    containerRuntimeEndpoint: socket,
    podLogsDir: path.join(disk, 'var/log/pods'),
    resolvConf: '',
    failSwapOn: false,
    // The machine's cgroups and disks are not the node's to rule.
    failCgroupV1: false,
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '1Mi' },
  };
}

function servingOf(serving: KubeletWiring['serving']): object {
  if (serving === 'rotated') return { serverTLSBootstrap: true };
  if (serving === 'self-signed') return {};
  return { tlsCertFile: serving.cert, tlsPrivateKeyFile: serving.key };
}
