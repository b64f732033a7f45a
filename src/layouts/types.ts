/** What a file of a cluster is for, whatever it is called and wherever it stands. */
export type FileRole =
  | 'cluster-ca'
  /** k3s and RKE2: who signs clients, and who signs servers. */
  | 'client-ca'
  | 'server-ca'
  | 'etcd-ca'
  | 'etcd-peer-ca'
  | 'front-proxy-ca'
  | 'machine-ca'
  | 'kube-apiserver'
  | 'apiserver-etcd-client'
  | 'apiserver-kubelet-client'
  | 'front-proxy-client'
  | 'etcd-server'
  | 'etcd-peer'
  | 'etcd-admin'
  | 'kubelet-server'
  | 'kubelet-client'
  | 'kube-scheduler'
  | 'kube-controller-manager'
  | 'cloud-controller-manager'
  | 'kube-proxy'
  | 'admin'
  | 'super-admin'
  | 'supervisor'
  | 'bootstrap'
  | 'service-account';

/** Files that belong together. Paths as on a node, without the first `/`; `*` stands for part of a name. */
export interface LayoutRow {
  readonly role: FileRole;
  readonly certificate?: string;
  readonly key?: string;
  readonly publicKey?: string;
  readonly kubeconfig?: string;
  /** A field of a YAML file, of any name, that holds the certificate or the key. */
  readonly field?: string;
}

export interface Layout {
  /** Stable: `kubeadm`, `k3s`. */
  readonly name: string;
  readonly title: string;
  /** Where the names are from. */
  readonly source: string;
  readonly rows: readonly LayoutRow[];
}

/** `base.crt` and `base.key`. */
export function pair(role: FileRole, base: string): LayoutRow {
  return { role, certificate: `${base}.crt`, key: `${base}.key` };
}

/** cfssljson -bare: `base.pem` and `base-key.pem`. */
export function cfsslPair(role: FileRole, base: string): LayoutRow {
  return { role, certificate: `${base}.pem`, key: `${base}-key.pem` };
}

export function kubeconfig(role: FileRole, path: string): LayoutRow {
  return { role, kubeconfig: path };
}
