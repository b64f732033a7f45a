/** The `kubetls.yaml` that `init` and `up` write: a sample cluster, with every key and its default as a comment. */
export function defaultSpecText(name = 'demo'): string {
  return `# The cluster whose certificates kubetls keeps. Lines that are commented out show the defaults.
apiVersion: kubetls/v1
kind: Cluster
metadata:
  name: ${name}
spec:
  # profile: flat                      # which files there are: flat, or kubeadm's
  # kubernetes: "1.37"                 # what the cluster runs, 1.31 to 1.37: decides on restarts and revocation
  # endpoint: kube-apiserver:6443      # where people and nodes reach the API; "[fd00::1]:6443" for IPv6
  # dnsDomain: cluster.local           # of Services
  # serviceSubnet: 10.96.0.0/12        # of Services; "10.96.0.0/12,fd00:10::/112" for both families
  # keys: { algorithm: ecdsa-p256 }    # or rsa-2048, rsa-3072, rsa-4096, ecdsa-p384, ecdsa-p521, ed25519
  # lifetimes: { authority: 10y, certificate: 1y }  # also 90d, 36h, 1d12h; renewBefore: a fifth of each life
  # authorities: { etcd: separate }    # or shared: etcd's certificates come from the cluster's authority
  # clients: { apiserver-etcd: own, apiserver-kubelet: own, kubelet-apiserver: own }  # or reuse-server
  # kubelets: { serving: issued, client: issued }  # or rotated, self-signed: what the kubelets see to themselves
  # sans: { kube-apiserver: [], etcd: [], kubelet: [] }  # further names and addresses that they answer to
  # users: [{ name: kube-admin, groups: ["system:masters"] }]  # people, each with a kubeconfig in users/NAME
  # services: { kubelet: systemd }  # how each is restarted: static-pod, none, { systemd: UNIT }, { command: [A, B] }
  nodes:  # roles: control-plane, etcd, worker (the default); dialled at the first IP; host: ssh://user@host
    - { name: master,   roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, roles: [worker],              addresses: [10.0.0.21] }
    - { name: worker-2, roles: [worker],              addresses: [10.0.0.22] }
    - { name: worker-3, roles: [worker],              addresses: [10.0.0.23] }
`;
}
