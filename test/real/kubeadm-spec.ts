import type { ControlPlaneNode, KubeadmSettings } from './kubeadm-config.ts';

/** What one says to both: to kubeadm as its configuration, to kubetls as a yaml of the profile kubeadm. */
export interface SharedSettings extends KubeadmSettings {
  nodes: readonly [ControlPlaneNode, ...ControlPlaneNode[]];
  /** Members of an etcd that is apart from the control planes. */
  etcdNodes?: readonly ControlPlaneNode[];
  workers?: readonly ControlPlaneNode[];
}

/** The kubetls.yaml, as JSON, which is YAML. */
export function kubetlsSpec(settings: SharedSettings): string {
  const { nodes, etcdNodes = [], workers = [] } = settings;
  const node =
    (...roles: string[]) =>
    ({ name, address }: ControlPlaneNode) => ({ name, roles, addresses: [address] });
  const controlPlane = etcdNodes.length > 0 ? node('control-plane') : node('control-plane', 'etcd');
  // JSON.stringify leaves the undefined out, and kubetls then takes its default.
  return JSON.stringify({
    metadata: { name: settings.clusterName ?? 'kubernetes' },
    spec: {
      profile: 'kubeadm',
      kubernetes: '1.37',
      endpoint: settings.controlPlaneEndpoint,
      dnsDomain: settings.dnsDomain,
      serviceSubnet: settings.serviceSubnet,
      keys: { algorithm: (settings.algorithm ?? 'RSA-2048').toLowerCase() },
      lifetimes: { certificate: settings.certificateValidity, authority: settings.authorityValidity },
      sans: { 'kube-apiserver': settings.certSANs, etcd: settings.etcdServerSANs },
      nodes: [...nodes.map(controlPlane), ...etcdNodes.map(node('etcd')), ...workers.map(node('worker'))],
      users: [],
    },
  });
}
