// The real kubeadm over a directory: unprivileged, offline, and never over this machine's /etc/kubernetes.
import { cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ControlPlaneNode, kubeadmConfig, type KubeadmSettings } from './kubeadm-config.ts';
import { temporaryDirectory } from './last-rites.ts';
import { type Outcome, runProgram } from './run-program.ts';

/** One control-plane node's files and the configuration that kubeadm is to judge them by. */
export interface KubeadmTree {
  certDir: string;
  kubeconfigDir: string;
  node: ControlPlaneNode;
  settings: KubeadmSettings;
}

/** `kubeadm init phase certs all` over what stands in certDir: made where absent, checked where present. */
export function kubeadmInitPhaseCertsAll(kubeadm: string, tree: KubeadmTree): Promise<Outcome> {
  return kubeadmInitPhaseCerts(kubeadm, tree, 'all');
}

/** `kubeadm init phase certs` for one certificate, such as etcd-server. */
export function kubeadmInitPhaseCerts(kubeadm: string, tree: KubeadmTree, which: string): Promise<Outcome> {
  return withConfig(tree, (file) => run([kubeadm, 'init', 'phase', 'certs', which, '--config', file]));
}

/** `kubeadm init phase kubeconfig` for each of `which` (admin, super-admin, kubelet, …, or all). */
export function kubeadmInitPhaseKubeconfig(
  kubeadm: string,
  tree: KubeadmTree,
  which: readonly string[] = ['all'],
): Promise<Outcome[]> {
  const phase = [kubeadm, 'init', 'phase', 'kubeconfig'];
  return withConfig(tree, (file) =>
    Promise.all(
      which.map((one) => run([...phase, one, '--config', file, '--kubeconfig-dir', tree.kubeconfigDir])),
    ),
  );
}

/**
 * `kubeadm certs check-expiration`. Kubeconfigs are read from /etc/kubernetes and nowhere else
 * (cmd/kubeadm/app/cmd/certs.go passes constants.KubernetesDir), so it runs on a copy under --rootfs,
 * which is a chroot. With --config kubeadm asks no API server; without it, admin.conf's server is asked
 * and a silent one is waited for 10 seconds.
 */
export function kubeadmCheckExpiration(
  kubeadm: string,
  tree: KubeadmTree,
  output: 'text' | 'json' = 'text',
): Promise<Outcome> {
  return scratch(async (root) => {
    await cp(tree.certDir, path.join(root, PKI), { recursive: true });
    for (const name of await readdir(tree.kubeconfigDir)) {
      if (name.endsWith('.conf'))
        await cp(path.join(tree.kubeconfigDir, name), path.join(root, KUBERNETES, name));
    }
    await writeFile(path.join(root, 'kubeadm.yaml'), kubeadmConfig(tree.settings, tree.node, PKI));
    return kubeadmUnder(kubeadm, root, [
      'certs',
      'check-expiration',
      '--config',
      '/kubeadm.yaml',
      '-o',
      output,
    ]);
  });
}

/** Any kubeadm command with `root` as its whole file system: `certs renew all`, `certs generate-csr`, … */
export function kubeadmUnder(kubeadm: string, root: string, args: readonly string[]): Promise<Outcome> {
  return run([...AS_ROOT, kubeadm, '--rootfs', root, ...args]);
}

/** Whether kubeadmUnder works here: the system's administrator may chroot, others need user namespaces. */
export async function canChroot(): Promise<boolean> {
  if (AS_ROOT.length === 0) return true;
  const [unshare = '', ...flags] = AS_ROOT;
  return runProgram(unshare, [...flags, 'true']).then(
    ({ code }) => code === 0,
    () => false,
  );
}

const KUBERNETES = '/etc/kubernetes';
const PKI = '/etc/kubernetes/pki';
const AS_ROOT = process.getuid?.() === 0 ? [] : ['unshare', '--map-root-user'];

/** The modes that kubeadm writes go through the umask; a node's is 022. */
function run(command: readonly string[]): Promise<Outcome> {
  return runProgram('sh', ['-c', 'umask 022 && exec "$0" "$@"', ...command]);
}

function withConfig<T>(
  { settings, node, certDir }: KubeadmTree,
  use: (file: string) => Promise<T>,
): Promise<T> {
  return scratch(async (directory) => {
    const file = path.join(directory, 'kubeadm.yaml');
    await writeFile(file, kubeadmConfig(settings, node, certDir));
    return use(file);
  });
}

async function scratch<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await temporaryDirectory('kubeadm');
  try {
    return await use(directory.path);
  } finally {
    await directory.remove();
  }
}
