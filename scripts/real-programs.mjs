// Which real programs are built, and from what. Each set has a module or a key of its own, so that a change
// of one rebuilds no other: a test that needs only etcd never waits for kube-apiserver.
import { fileURLToPath } from 'node:url';

const JUDGES = fileURLToPath(new URL('../test/real', import.meta.url));
const CONTROL_PLANE = fileURLToPath(new URL('../test/real/control-plane', import.meta.url));

const version = 'k8s.io/component-base/version';
// kubeadm reads its own version at run time and looks on the internet for one when it has none; a kubelet
// says it of its Node.
const KUBERNETES = `-X ${version}.gitVersion=v1.37.2 -X ${version}.gitMajor=1 -X ${version}.gitMinor=37`;
const LDFLAGS = `-s -w ${KUBERNETES}`;
const SUMS = ['go.mod', 'go.sum'];

/**
 * `programs`: Go packages by the name that the built file gets. `own`: the folder of ours that is compiled
 * too, `sums`: the files that fix every other module; both are in `module` and decide the cache's key.
 */
export const SETS = {
  judges: {
    module: JUDGES,
    sums: SUMS,
    ldflags: LDFLAGS,
    own: 'oracle',
    programs: {
      etcd: 'go.etcd.io/etcd/server/v3',
      etcdctl: 'go.etcd.io/etcd/etcdctl/v3',
      kubeadm: 'k8s.io/kubernetes/cmd/kubeadm',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      /** Go's own crypto/x509 on JSON lines. */
      oracle: './oracle',
    },
  },
  controlPlane: {
    module: CONTROL_PLANE,
    sums: SUMS,
    ldflags: LDFLAGS,
    own: '.',
    programs: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
      kubelet: 'k8s.io/kubernetes/cmd/kubelet',
      /** Kubernetes' own example of an aggregated API server. */
      'sample-apiserver': 'k8s.io/sample-apiserver',
    },
  },
  /** What a kubelet needs beside it. */
  runtime: {
    module: CONTROL_PLANE,
    sums: SUMS,
    ldflags: LDFLAGS,
    own: 'cri',
    programs: { cri: './cri' },
  },
};
