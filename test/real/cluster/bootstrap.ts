// The TLS bootstrap of a kubelet: a token that may ask for a client certificate, and who approves it.
// (kubernetes.io, "TLS bootstrapping"; cmd/kubeadm/app/phases/bootstraptoken/node.)

/** It is good for one cluster, for the minutes that it lives. */
const TOKEN = { id: 'abcdef', secret: '0123456789abcdef' };
const GROUP = 'system:bootstrappers:kubeadm:default-node-token';
const RBAC = 'rbac.authorization.k8s.io';

/** `ca`: PEM, embedded as `kubeadm join` does. */
export function bootstrapKubeconfig(server: string, ca: Uint8Array): string {
  const data = Buffer.from(ca).toString('base64');
  const name = 'bootstrap';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': data } }],
    users: [{ name, user: { token: `${TOKEN.id}.${TOKEN.secret}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

/** Objects by which kube-apiserver knows the token, and the controller manager approves what it asks for. */
export function bootstrapObjects(): object {
  const binding = (name: string, role: string) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: GROUP }],
  });
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'bootstrap.kubernetes.io/token',
        metadata: { name: `bootstrap-token-${TOKEN.id}`, namespace: 'kube-system' },
        stringData: {
          'token-id': TOKEN.id,
          'token-secret': TOKEN.secret,
          'usage-bootstrap-authentication': 'true',
          'auth-extra-groups': GROUP,
        },
      },
      binding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper'),
      binding(
        'kubeadm:node-autoapprove-bootstrap',
        'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      ),
    ],
  };
}
