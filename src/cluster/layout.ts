/** Where each profile keeps what its components load, as data: endpoints and edges are read off it. */
import type { AdminName, ClusterSpec } from './types.ts';

/** A certificate and its key: the path without `.crt` and `.key`, in the tree of its node. */
export type PairBase = string;

/** All paths are in the tree of a node, such as `etc/kubernetes/pki/ca.crt`. */
export interface Layout {
  readonly anchors: {
    /** kube-apiserver's, the kubelet's and the controllers' --client-ca-file; the kubelets' issuer. */
    readonly cluster: string;
    /** Of etcd's servers and peers. */
    readonly etcd: string;
    /** etcd's --trusted-ca-file. */
    readonly etcdClients: string;
    readonly frontProxy: string;
  };
  readonly pairs: {
    readonly apiserver: PairBase;
    readonly apiserverEtcdClient: PairBase;
    readonly apiserverKubeletClient: PairBase;
    readonly frontProxyClient: PairBase;
    readonly etcdServer: PairBase;
    readonly etcdPeer: PairBase;
    readonly kubelet: PairBase;
    /** kubeadm's client for `etcdctl` and its own health checks. */
    readonly etcdHealthcheck: PairBase | undefined;
  };
  readonly kubeconfigs: {
    readonly 'kube-scheduler': string;
    readonly 'kube-controller-manager': string;
    readonly kubelet: string;
    /** undefined: kube-proxy runs as a pod and shows the token of its service account. */
    readonly 'kube-proxy': string | undefined;
  };
  /** Kubeconfigs of administrators that stand on control planes: on each, or on the first only. */
  readonly admins: readonly {
    readonly user: AdminName;
    readonly kubeconfig: string;
    readonly on: 'each' | 'first';
  }[];
  /** Kubeconfig in a user's own directory. */
  readonly userKubeconfig: (user: string) => string;
  /** Who dials what stands beside it on its node, under the node's own address, and nothing else. */
  readonly beside: {
    readonly controllersToApiserver: boolean;
    readonly kubeletToApiserver: boolean;
    readonly apiserverToEtcd: boolean;
  };
  /** Scheduler and controller manager listen on loopback only. */
  readonly controllersOnLoopback: boolean;
}

const PKI = 'etc/kubernetes/pki';

export function layoutOf(spec: ClusterSpec): Layout {
  return spec.profile === 'flat' ? flatLayout(spec) : kubeadmLayout(spec);
}

/** File name of a user's certificate in the flat profile, by which `kube-admin` has always been `admin`. */
export function flatUserBase(user: string): string {
  return user === 'kube-admin' ? 'admin' : user;
}

function flatLayout({ authorities, clients }: ClusterSpec): Layout {
  const separate = authorities.etcd === 'separate';
  const etcd = separate ? `${PKI}/etcd-ca.crt` : `${PKI}/ca.crt`;
  const reused = (relation: keyof typeof clients) => clients[relation] === 'reuse-server';
  return {
    anchors: {
      cluster: `${PKI}/ca.crt`,
      etcd,
      // The server's pair comes from the cluster's authority, so etcd has to accept that one too.
      etcdClients: separate && reused('apiserver-etcd') ? `${PKI}/etcd-client-ca.crt` : etcd,
      frontProxy: `${PKI}/front-proxy-ca.crt`,
    },
    pairs: {
      apiserver: `${PKI}/apiserver`,
      apiserverEtcdClient: reused('apiserver-etcd') ? `${PKI}/apiserver` : `${PKI}/apiserver-etcd-client`,
      apiserverKubeletClient: reused('apiserver-kubelet')
        ? `${PKI}/apiserver`
        : `${PKI}/apiserver-kubelet-client`,
      frontProxyClient: `${PKI}/front-proxy-client`,
      etcdServer: `${PKI}/etcdserver`,
      etcdPeer: `${PKI}/etcdserver`,
      kubelet: `${PKI}/kubelet`,
      etcdHealthcheck: undefined,
    },
    kubeconfigs: {
      'kube-scheduler': 'etc/kubernetes/scheduler.kubeconfig',
      'kube-controller-manager': 'etc/kubernetes/controller-manager.kubeconfig',
      kubelet: 'etc/kubernetes/kubelet.kubeconfig',
      'kube-proxy': 'etc/kubernetes/kube-proxy.kubeconfig',
    },
    admins: [],
    userKubeconfig: (user) => `${flatUserBase(user)}.kubeconfig`,
    beside: { controllersToApiserver: false, kubeletToApiserver: false, apiserverToEtcd: false },
    controllersOnLoopback: false,
  };
}

const KUBEADM_ADMINS: Layout['admins'] = [
  { user: 'kubernetes-admin', kubeconfig: 'etc/kubernetes/admin.conf', on: 'each' },
  { user: 'kubernetes-super-admin', kubeconfig: 'etc/kubernetes/super-admin.conf', on: 'first' },
];

/**
 * cmd/kubeadm/app/constants/constants.go. The kubelet's serving pair stands where it looks before it makes
 * one itself (cmd/kubelet/app/server.go, InitializeTLS).
 */
const kubeadmLayout = ({ kubernetes, admins }: ClusterSpec): Layout => ({
  anchors: {
    cluster: `${PKI}/ca.crt`,
    etcd: `${PKI}/etcd/ca.crt`,
    etcdClients: `${PKI}/etcd/ca.crt`,
    frontProxy: `${PKI}/front-proxy-ca.crt`,
  },
  pairs: {
    apiserver: `${PKI}/apiserver`,
    apiserverEtcdClient: `${PKI}/apiserver-etcd-client`,
    apiserverKubeletClient: `${PKI}/apiserver-kubelet-client`,
    frontProxyClient: `${PKI}/front-proxy-client`,
    etcdServer: `${PKI}/etcd/server`,
    etcdPeer: `${PKI}/etcd/peer`,
    kubelet: 'var/lib/kubelet/pki/kubelet',
    etcdHealthcheck: `${PKI}/etcd/healthcheck-client`,
  },
  kubeconfigs: {
    'kube-scheduler': 'etc/kubernetes/scheduler.conf',
    'kube-controller-manager': 'etc/kubernetes/controller-manager.conf',
    kubelet: 'etc/kubernetes/kubelet.conf',
    'kube-proxy': undefined,
  },
  admins: KUBEADM_ADMINS.filter(({ user }) => admins.includes(user)),
  userKubeconfig: (user) => `${user}.conf`,
  beside: {
    controllersToApiserver: true,
    // KEP-4471, on by default since 1.33: a control plane's kubelet must not be newer than what it dials.
    kubeletToApiserver: kubernetes.minor >= 33,
    apiserverToEtcd: true,
  },
  controllersOnLoopback: true,
});
