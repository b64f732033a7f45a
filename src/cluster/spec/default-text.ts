/** The `kubetls.yaml` that `init` and `up` write: a sample cluster, with every key and its default as a comment. */
export function defaultSpecText(name = 'demo'): string {
  return `# The cluster whose certificates kubetls keeps. Every key that is commented out shows its default.
apiVersion: kubetls/v1
kind: Cluster
metadata:
  name: ${name}
spec:
  # profile: flat                       # file names and authorities: flat | kubeadm
  # kubernetes: "1.37"                  # what the cluster runs (1.31 to 1.37): decides what must restart, and how to revoke
  # endpoint: kube-apiserver:6443       # where people and nodes reach the API: host:port, "[IPv6]:port"
  # dnsDomain: cluster.local            # of Services
  # serviceSubnet: 10.96.0.0/12         # of Services: one CIDR, or two as "IPv4,IPv6"
  # keys: { algorithm: ecdsa-p256 }     # rsa-2048 | rsa-3072 | rsa-4096 | ecdsa-p256 | ecdsa-p384 | ecdsa-p521 | ed25519
  # lifetimes: { authority: 10y, certificate: 1y }    # 1y = 365d; also 90d, 36h, 10m, 1d12h; renewBefore: a fifth of a certificate's life
  # authorities: { etcd: separate }     # separate | shared: an authority of its own for etcd, or the cluster's
  # clients: { apiserver-etcd: own, apiserver-kubelet: own, kubelet-apiserver: own }    # own | reuse-server
  # sans: { kube-apiserver: [], etcd: [], kubelet: [] }    # further names and addresses that these answer to
  # users: [{ name: kube-admin, groups: ["system:masters"] }]    # people; each gets users/NAME/ with a kubeconfig
  nodes:                                # roles: control-plane, etcd, worker (the default); the first IP address is the one dialled
    - { name: master,   roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, roles: [worker],              addresses: [10.0.0.21] }
    - { name: worker-2, roles: [worker],              addresses: [10.0.0.22] }
    - { name: worker-3, roles: [worker],              addresses: [10.0.0.23] }
`;
}
