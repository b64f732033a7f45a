import type { Resource } from './types.ts';

const core = (resource: string, namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  resource,
  namespaced,
});

const cluster = (group: string, version: string, resource: string): Resource => ({
  group,
  version,
  resource,
  namespaced: false,
});

/** Where certificates are kept and asked for in a cluster: the preferred versions of Kubernetes 1.31 to 1.37. */
export const RESOURCES = {
  secrets: core('secrets'),
  configMaps: core('configmaps'),
  nodes: core('nodes', false),
  pods: core('pods'),
  namespaces: core('namespaces', false),
  events: core('events'),
  signingRequests: cluster('certificates.k8s.io', 'v1', 'certificatesigningrequests'),
  apiServices: cluster('apiregistration.k8s.io', 'v1', 'apiservices'),
  definitions: cluster('apiextensions.k8s.io', 'v1', 'customresourcedefinitions'),
  mutatingWebhooks: cluster('admissionregistration.k8s.io', 'v1', 'mutatingwebhookconfigurations'),
  validatingWebhooks: cluster('admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations'),
  leases: { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespaced: true },
} as const satisfies Readonly<Record<string, Resource>>;
