/**
 * kube-apiserver and kube-controller-manager: authentication (apiserver pkg/authentication), dynamic files
 * (pkg/server/dynamiccertificates), the signers of requests (kubernetes pkg/controller/certificates).
 */
import type { Symptom } from '../types.ts';

export const kubeApiserver: readonly Symptom[] = [
  {
    id: 'front-proxy-name',
    by: 'kube-apiserver, aggregated API servers',
    pattern: /x509: subject with cn=[^\s"]{0,300} is not in the allowed list/,
    says: 'a certificate of the front proxy authority came from somebody who is not among the allowed names',
    about: 'client',
    causes: ['front-proxy-name', 'shared-front-proxy'],
  },
  {
    id: 'bearer-token',
    by: 'kube-apiserver',
    pattern: /invalid bearer token|invalid signature, no keys found|service account token has expired/,
    says: 'a token was refused: it is unknown, has ended, or was signed by a service-account key that this kube-apiserver does not hold',
    about: 'client',
    causes: ['token', 'service-account-keys'],
  },
  {
    id: 'signing-bundle',
    by: 'kube-controller-manager',
    pattern: /error reading CA cert file "[^"]{1,1000}": expected 1 certificate, found \d{1,9}/,
    says: 'the signer of requests wants a file with exactly one certificate, and was given a bundle',
    about: 'either',
    causes: ['signing-bundle'],
  },
  {
    id: 'bundle-empty',
    by: 'kube-apiserver, kube-controller-manager, kubelet',
    pattern: /missing content for CA bundle "[^":]{1,100}::(?<file>[^"]{1,1000})"/,
    says: 'a CA bundle is empty',
    about: 'either',
    causes: ['file-unreadable', 'half-replaced'],
  },
  {
    id: 'no-pem',
    by: 'kube-apiserver, kubelet, client-go',
    pattern:
      /(?:error loading CA bundle for "[^":]{1,100}::(?<file>[^"]{1,1000})"|data does not contain any valid RSA or ECDSA (?:certificates|public keys)|unable to load root certificates: unable to parse bytes as PEM block)/,
    says: 'a CA bundle holds no certificates that can be read',
    about: 'either',
    causes: ['file-unreadable', 'half-replaced'],
  },
  {
    id: 'etcd-not-ready',
    by: 'kube-apiserver, at its start',
    pattern: /error creating storage factory: (?:etcd grpc connection not ready: )?context deadline exceeded/,
    says: 'kube-apiserver got no connection to etcd: one of the two refuses the other, or etcd does not run',
    about: 'either',
    causes: ['anchor-missing', 'expired', 'other-generation', 'name-missing', 'wrong-usage', 'not-running'],
  },
  {
    id: 'webhook',
    by: 'kube-apiserver',
    pattern: /failed calling webhook "[^"]{1,300}"/,
    says: 'kube-apiserver called a webhook and got no good answer',
    about: 'either',
    causes: ['webhook-bundle', 'not-running'],
  },
];
