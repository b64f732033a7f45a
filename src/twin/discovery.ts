/** What the API server says it has (apiserver endpoints/discovery): no more than it answers. */
interface Resource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
}

const READABLE = ['get', 'list', 'watch'];

const CORE: readonly Resource[] = [
  readable('Namespace', false, 'ns'),
  readable('Node', false, 'no'),
  readable('Pod', true, 'po'),
  readable('Service', true, 'svc'),
];

function readable(kind: string, namespaced: boolean, shortName: string): Resource {
  const singularName = kind.toLowerCase();
  return {
    name: `${singularName}s`,
    singularName,
    namespaced,
    kind,
    verbs: READABLE,
    shortNames: [shortName],
  };
}

const GROUPS: Readonly<Record<string, readonly Resource[]>> = {
  'authentication.k8s.io': [review('selfsubjectreviews', 'SelfSubjectReview')],
  'authorization.k8s.io': [
    review('selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
    review('selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
  ],
};

function review(name: string, kind: string): Resource {
  return { name, singularName: kind.toLowerCase(), namespaced: false, kind, verbs: ['create'] };
}

/** The discovery document at a path; undefined when there is none. */
export function discoveryAt(path: string): object | undefined {
  const [root, ...rest] = path.split('/').filter((part) => part !== '');
  if (root === 'api' && rest.length === 0) {
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  }
  if (root === 'api' && rest.length === 1 && rest[0] === 'v1') return resourceList('v1', CORE);
  if (root !== 'apis') return undefined;
  if (rest.length === 0) {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: Object.keys(GROUPS).map(group) };
  }
  const [name = '', version, ...more] = rest;
  const resources = Object.hasOwn(GROUPS, name) ? GROUPS[name] : undefined;
  if (resources === undefined || more.length > 0) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...group(name) };
  return version === 'v1' ? resourceList(`${name}/v1`, resources) : undefined;
}

function group(name: string): object {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(groupVersion: string, resources: readonly Resource[]): object {
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}
