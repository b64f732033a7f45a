interface Options {
  log?: (line: string) => void;
}
interface Missing {
  missing: string;
}
/** Absolute paths of the real programs. */
export interface RealTools {
  etcd: string;
  etcdctl: string;
  kubeadm: string;
  kubectl: string;
  /** Go's crypto/x509 on JSON lines: test/real/oracle. */
  oracle: string;
}
export interface ControlPlaneTools {
  'kube-apiserver': string;
  'kube-controller-manager': string;
  'kube-scheduler': string;
  'kube-proxy': string;
  kubelet: string;
  'sample-apiserver': string;
  /** The container runtime of a kubelet: test/real/control-plane/cri. */
  cri: string;
  /** Fresh handshakes on every edge of a cluster: test/real/control-plane/hammer. */
  hammer: string;
}
export function realTools(options?: Options): Promise<RealTools | Missing>;
export function controlPlaneTools(options?: Options): Promise<ControlPlaneTools | Missing>;
