/** Absolute paths of the real programs. */
export interface RealTools {
  etcd: string;
  etcdctl: string;
  kubeadm: string;
  kubectl: string;
  /** Go's crypto/x509 on JSON lines: test/real/oracle. */
  oracle: string;
}
export function realTools(options?: {
  log?: (line: string) => void;
}): Promise<RealTools | { missing: string }>;
