// Objects that hold what they are given, as people and charts write them.
import { base64, keyPem } from './material.ts';

export const secret = (pem: string, key: string): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name: 'web', namespace: 'default' },
  stringData: { 'tls.crt': pem, 'tls.key': keyPem(key) },
});

const service = { name: 'planted', namespace: 'default' };

/** It is asked about nothing that there is. */
export const webhook = (kind: string, pem: string): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'planted' },
  webhooks: [
    {
      name: 'planted.example.com',
      clientConfig: { service, caBundle: base64(pem) },
      rules: [
        { apiGroups: ['planted.example.com'], apiVersions: ['v1'], operations: ['*'], resources: ['*'] },
      ],
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
});

export const definition = (pem: string): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'plants.example.com' },
  spec: {
    group: 'example.com',
    names: { plural: 'plants', singular: 'plant', kind: 'Plant' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    conversion: {
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { service, caBundle: base64(pem) } },
    },
  },
});

/** As kubeadm writes it (cmd/kubeadm/app/phases/bootstraptoken/clusterinfo). */
export const clusterInfo = (pem: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'cluster-info', namespace: 'kube-public' },
  data: {
    kubeconfig: `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(pem)}
    server: https://kube-apiserver:6443
  name: ""
contexts: null
current-context: ""
kind: Config
users: null
`,
  },
});
