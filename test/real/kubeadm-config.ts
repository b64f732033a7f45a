export interface ControlPlaneNode {
  name: string;
  /** IPv4 or IPv6, kubeadm's advertiseAddress. */
  address: string;
}

export type KubeadmAlgorithm = 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'ECDSA-P256' | 'ECDSA-P384';

/** What a person may set of kubeadm.k8s.io/v1beta4 that decides a certificate; absent: kubeadm's default. */
export interface KubeadmSettings {
  controlPlaneEndpoint?: string;
  clusterName?: string;
  dnsDomain?: string;
  serviceSubnet?: string;
  certSANs?: readonly string[];
  /** Flags of kube-apiserver, without dashes. */
  apiserverFlags?: Readonly<Record<string, string>>;
  /** With it kubeadm makes nothing for etcd, and takes these files as they are. */
  externalEtcd?: { endpoints: readonly string[]; caFile: string; certFile: string; keyFile: string };
  etcdServerSANs?: readonly string[];
  etcdPeerSANs?: readonly string[];
  algorithm?: KubeadmAlgorithm;
  /** Go durations, as 8760h. */
  certificateValidity?: string;
  authorityValidity?: string;
}

/**
 * A v1beta4 configuration as JSON, which is YAML. Without a version kubeadm would ask the internet for one;
 * without a node name and an advertise address it would take those of this machine; with the usual container
 * runtime socket it would warn that it is not there.
 */
export function kubeadmConfig(
  settings: KubeadmSettings,
  node: ControlPlaneNode,
  certificatesDir: string,
): string {
  const apiVersion = 'kubeadm.k8s.io/v1beta4';
  const init = {
    apiVersion,
    kind: 'InitConfiguration',
    nodeRegistration: { name: node.name, criSocket: 'unix:///run/containerd/containerd.sock' },
    localAPIEndpoint: { advertiseAddress: node.address, bindPort: 6443 },
  };
  // JSON.stringify leaves the undefined out, and kubeadm then takes its default.
  const cluster = {
    apiVersion,
    kind: 'ClusterConfiguration',
    kubernetesVersion: 'v1.37.2',
    clusterName: settings.clusterName,
    certificatesDir,
    controlPlaneEndpoint: settings.controlPlaneEndpoint,
    networking: { dnsDomain: settings.dnsDomain, serviceSubnet: settings.serviceSubnet },
    apiServer: {
      certSANs: settings.certSANs,
      extraArgs: Object.entries(settings.apiserverFlags ?? {}).map(([name, value]) => ({ name, value })),
    },
    etcd: settings.externalEtcd
      ? { external: settings.externalEtcd }
      : { local: { serverCertSANs: settings.etcdServerSANs, peerCertSANs: settings.etcdPeerSANs } },
    encryptionAlgorithm: settings.algorithm,
    certificateValidityPeriod: settings.certificateValidity,
    caCertificateValidityPeriod: settings.authorityValidity,
  };
  return `${JSON.stringify(init)}\n---\n${JSON.stringify(cluster)}\n`;
}
