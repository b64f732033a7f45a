/**
 * The default roles of Kubernetes 1.37 that certificates lead to, as they stand in
 * kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/cluster-roles.yaml.
 */
export interface ResourceRule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly names?: readonly string[];
}

export interface Role {
  readonly resources: readonly ResourceRule[];
  /** Non-resource paths for GET; a last `*` stands for any rest. */
  readonly paths: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const CORE = [''];
const EVENTS = ['', 'events.k8s.io'];

function rule(
  groups: readonly string[],
  resources: string,
  verbs: readonly string[],
  name?: string,
): ResourceRule {
  return { groups, resources: resources.split(' '), verbs, ...(name !== undefined && { names: [name] }) };
}

/** What every component may do that asks the API server about others (delegated authentication). */
const DELEGATES = [
  rule(['authentication.k8s.io'], 'tokenreviews', ['create']),
  rule(['authorization.k8s.io'], 'subjectaccessreviews', ['create']),
];

const PUBLIC_PATHS = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

export const ROLES = {
  'cluster-admin': { resources: [rule(['*'], '*', ['*'])], paths: ['*'] },
  'system:public-info-viewer': { resources: [], paths: PUBLIC_PATHS },
  'system:discovery': {
    resources: [],
    paths: [...PUBLIC_PATHS, '/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'],
  },
  'system:basic-user': {
    resources: [
      rule(['authorization.k8s.io'], 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
      rule(['authentication.k8s.io'], 'selfsubjectreviews', ['create']),
    ],
    paths: [],
  },
  'system:monitoring': {
    resources: [rule(CORE, 'nodes/metrics', ['get'])],
    paths: [
      '/healthz',
      '/healthz/*',
      '/livez',
      '/livez/*',
      '/metrics',
      '/metrics/slis',
      '/readyz',
      '/readyz/*',
    ],
  },
  'system:kubelet-api-admin': {
    resources: [
      rule(CORE, 'nodes', [...READ, 'proxy']),
      rule(CORE, 'nodes/log nodes/metrics nodes/proxy nodes/stats', ['*']),
      rule(CORE, 'nodes/configz nodes/healthz nodes/pods', ['*']),
    ],
    paths: [],
  },
  'system:kube-scheduler': {
    resources: [
      rule(EVENTS, 'events', ['create', 'patch', 'update']),
      rule(['coordination.k8s.io'], 'leases', ['create']),
      rule(['coordination.k8s.io'], 'leases', [...READ, 'update'], 'kube-scheduler'),
      rule(CORE, 'pods', [...READ, 'delete']),
      rule(CORE, 'bindings pods/binding', ['create']),
      rule(CORE, 'pods/status', ['patch', 'update']),
      rule(CORE, 'nodes namespaces services replicationcontrollers', READ),
      rule(CORE, 'persistentvolumeclaims persistentvolumes', READ),
      rule(['apps', 'extensions'], 'replicasets', READ),
      rule(['apps'], 'statefulsets', READ),
      rule(['policy'], 'poddisruptionbudgets', READ),
      rule(['storage.k8s.io'], 'csinodes csidrivers csistoragecapacities volumeattachments', READ),
      rule(['resource.k8s.io'], 'deviceclasses resourceslices', READ),
      ...DELEGATES,
    ],
    paths: [],
  },
  'system:kube-controller-manager': {
    resources: [
      rule(EVENTS, 'events', ['create', 'patch', 'update']),
      rule(['coordination.k8s.io'], 'leases', ['create']),
      rule(['coordination.k8s.io'], 'leases', ['get', 'update'], 'kube-controller-manager'),
      rule(CORE, 'secrets serviceaccounts', ['create', 'get', 'update']),
      rule(CORE, 'secrets', ['delete']),
      rule(CORE, 'configmaps namespaces', ['get']),
      rule(CORE, 'serviceaccounts/token', ['create']),
      rule(['*'], '*', ['list', 'watch']),
      ...DELEGATES,
    ],
    paths: [],
  },
  'system:node-proxier': {
    resources: [
      rule(CORE, 'endpoints services', ['list', 'watch']),
      rule(CORE, 'nodes', READ),
      rule(EVENTS, 'events', ['create', 'patch', 'update']),
      rule(['discovery.k8s.io'], 'endpointslices', ['list', 'watch']),
      rule(['networking.k8s.io'], 'servicecidrs', ['list', 'watch']),
    ],
    paths: [],
  },
  /** What the Node authorizer grants to every kubelet, without what depends on a node's own pods. */
  'system:node': {
    resources: [
      rule(CORE, 'nodes', [...READ, 'create', 'patch', 'update']),
      rule(CORE, 'nodes/status', ['patch', 'update']),
      rule(CORE, 'pods', [...READ, 'create', 'delete']),
      rule(CORE, 'pods/status', ['patch', 'update']),
      rule(CORE, 'pods/eviction', ['create']),
      rule(CORE, 'services', READ),
      rule(EVENTS, 'events', ['create', 'patch', 'update']),
      rule(['certificates.k8s.io'], 'certificatesigningrequests', ['create', ...READ]),
      rule(['coordination.k8s.io'], 'leases', ['create', 'delete', 'get', 'patch', 'update']),
      rule(['storage.k8s.io'], 'csidrivers', READ),
      rule(['storage.k8s.io'], 'csinodes', ['create', 'delete', 'get', 'patch', 'update']),
      rule(['node.k8s.io'], 'runtimeclasses', READ),
      ...DELEGATES,
    ],
    paths: [],
  },
} as const satisfies Record<string, Role>;

/** Who has which role: users, and groups. kubeadm's bindings stand beside those of the bootstrap policy. */
export const USER_ROLES: Readonly<Record<string, keyof typeof ROLES>> = {
  'system:kube-scheduler': 'system:kube-scheduler',
  'system:kube-controller-manager': 'system:kube-controller-manager',
  'system:kube-proxy': 'system:node-proxier',
  'kube-apiserver-kubelet-client': 'system:kubelet-api-admin',
};

export const GROUP_ROLES: Readonly<Record<string, readonly (keyof typeof ROLES)[]>> = {
  'system:masters': ['cluster-admin'],
  'kubeadm:cluster-admins': ['cluster-admin'],
  'system:monitoring': ['system:monitoring'],
  'system:nodes': ['system:node'],
  'system:authenticated': ['system:basic-user', 'system:discovery', 'system:public-info-viewer'],
  'system:unauthenticated': ['system:public-info-viewer'],
};
