// Which real programs are built, and from what. Each set has a module or a key of its own, so that a change
// of one rebuilds no other: a test that needs only etcd never waits for kube-apiserver.
import { fileURLToPath } from 'node:url';

const JUDGES = fileURLToPath(new URL('../test/real', import.meta.url));
const CONTROL_PLANE = fileURLToPath(new URL('../test/real/control-plane', import.meta.url));

/** Of the control plane and the kubelets, by the release that KUBETLS_KUBERNETES names. */
const RELEASES = {
  1.37: { module: CONTROL_PLANE, version: 'v1.37.2' },
  1.35: { module: `${CONTROL_PLANE}/kubernetes-1.35`, version: 'v1.35.4' },
};
export const KUBERNETES = process.env.KUBETLS_KUBERNETES || '1.37';
const release = RELEASES[KUBERNETES];
if (!release) throw new Error(`KUBETLS_KUBERNETES is one of ${Object.keys(RELEASES).join(', ')}`);

const LDFLAGS = ldflags('v1.37.2');
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
    module: release.module,
    sums: SUMS,
    ldflags: ldflags(release.version),
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
  /** Who dials every edge of a running cluster, as fast as it is told to. */
  hammer: {
    module: CONTROL_PLANE,
    sums: SUMS,
    ldflags: LDFLAGS,
    own: 'hammer',
    programs: { hammer: './hammer' },
  },
};

/** kubeadm reads its own version at run time and looks on the internet for one when it has none; a kubelet says it of its Node. */
function ldflags(version) {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version);
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(values).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ['-s -w', ...flags].join(' ');
}
