/** What a file is for because a component is told so: flags win nothing over names that everybody knows. */
import type { StatePath } from '../../cluster/index.ts';
import type { FileReference } from '../../survey/index.ts';
import type { Use } from './uses.ts';

/** By component and flag; fields of configuration files have the flag's name. src/survey/flags.ts has the sources. */
const TOLD: Readonly<Record<string, Readonly<Record<string, Use>>>> = {
  'kube-apiserver': {
    'tls-cert-file': 'apiserver',
    'client-ca-file': 'cluster-authority',
    'requestheader-client-ca-file': 'front-proxy-authority',
    'proxy-client-cert-file': 'front-proxy-client',
    'kubelet-client-certificate': 'apiserver-kubelet-client',
    'etcd-certfile': 'apiserver-etcd-client',
    'etcd-cafile': 'etcd-authority',
  },
  etcd: {
    'cert-file': 'etcd',
    'peer-cert-file': 'etcd-peer',
    'trusted-ca-file': 'etcd-authority',
  },
  kubelet: {
    'tls-cert-file': 'kubelet',
    'client-ca-file': 'cluster-authority',
    kubeconfig: 'kubelet-client',
  },
  'kube-controller-manager': { kubeconfig: 'controller-manager', 'root-ca-file': 'cluster-authority' },
  'kube-scheduler': { kubeconfig: 'scheduler' },
  'kube-proxy': { kubeconfig: 'kube-proxy' },
};

/** The first that names a file counts. */
export function toldUses(references: readonly FileReference[]): ReadonlyMap<StatePath, Use> {
  const uses = new Map<StatePath, Use>();
  for (const { component, name, to } of references) {
    const table = Object.hasOwn(TOLD, component) ? TOLD[component] : undefined;
    const use = table && Object.hasOwn(table, name) ? table[name] : undefined;
    if (to !== undefined && use && !uses.has(to)) uses.set(to, use);
  }
  return uses;
}
