/** kubectl and client-go: what a client prints of answers and of its own kubeconfig. They come last: a line may say more. */
import type { Symptom } from '../types.ts';

export const clients: readonly Symptom[] = [
  {
    id: 'unauthorized',
    by: 'kubectl, client-go and all that is built on it',
    pattern:
      /(?:You must be logged in to the server|the server has asked for the client to provide credentials|\bUnauthorized\b|\b401\b[^\n]{0,40}(?:https?|status|HTTP|code)|(?:https?|status|HTTP|code)[^\n]{0,40}\b401\b)/i,
    says: 'the server refused the credential: its log names the certificate and the reason',
    about: 'client',
    heard: true,
    causes: [
      'expired',
      'anchor-missing',
      'other-generation',
      'wrong-usage',
      'not-yet-valid',
      'no-common-name',
      'missing-intermediate',
      'no-client-certificate',
      'front-proxy-name',
      'token',
      'service-account-keys',
      'stale-process',
      'issuer-unfit',
    ],
  },
  {
    id: 'anonymous',
    by: 'kube-apiserver, to any client',
    pattern: /system:anonymous/,
    says: 'the request carried no credential at all, so it came from nobody',
    about: 'client',
    heard: true,
    causes: ['no-client-certificate', 'token'],
  },
  {
    id: 'anonymous',
    // client-go tools/clientcmd/auth_loaders.go, PromptingAuthLoader
    by: 'kubectl',
    pattern: /Please enter Username:/,
    says: 'the kubeconfig has no credential for its user, so that kubectl asks for a name and a password',
    about: 'client',
    heard: true,
    causes: ['no-client-certificate', 'token'],
  },
  {
    id: 'kubeconfig-fields',
    by: 'kubectl, client-go',
    pattern:
      /(?:client-key-data or client-key must be specified for|unable to read (?:client-cert|client-key|certificate-authority) (?<file>[^\s"]{1,1000}) for|are both specified for)/,
    says: 'the kubeconfig names a certificate or key that cannot be used',
    about: 'either',
    causes: ['kubeconfig-fields', 'file-missing', 'file-forbidden'],
  },
  {
    id: 'base64',
    by: 'kubectl, client-go',
    pattern: /illegal base64 data at input byte \d{1,12}/,
    says: 'a -data field of the kubeconfig is not base64: cut, or pasted with blanks',
    about: 'either',
    causes: ['kubeconfig-fields'],
  },
  {
    id: 'forbidden',
    by: 'kube-apiserver, to any client',
    pattern: /(?:Error from server \(Forbidden\)|is forbidden: User "[^"]{1,300}" cannot)/,
    says: 'the certificate was good, and its owner may not do this: rights (RBAC), not TLS',
    about: 'client',
    causes: ['rights'],
  },
  {
    id: 'unverified',
    by: 'Go (crypto/tls)',
    pattern: /tls: failed to verify certificate|transport: authentication handshake failed/,
    says: "the other side's certificate was refused, for a reason that this line does not have",
    causes: ['anchor-missing', 'name-missing', 'expired', 'other-generation', 'wrong-usage', 'stale-process'],
  },
  {
    id: 'authentication',
    by: 'kube-apiserver, kubelet, kube-controller-manager, kube-scheduler',
    pattern: /Unable to authenticate the request/,
    says: 'a credential was refused',
    about: 'client',
    causes: ['expired', 'anchor-missing', 'token', 'other-generation', 'wrong-usage'],
  },
];
