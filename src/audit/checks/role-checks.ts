/** Who is who by certificate: the common name is the user, each organization a group (authentication/request/x509). */
import { attributeValues, commonName, Oid, organizations } from '../../x509/index.ts';
import type { Use } from '../view/uses.ts';
import type { Held, Used, View } from '../view/types.ts';
import { perView } from '../view/per-view.ts';
import { groupOf, spot, type Spotted, spotAt, type TreeCheck } from './types.ts';
import { listed, mayBe, named, nodeOf, once, usedAs, users } from './words.ts';

const MASTERS = 'system:masters';
const ADMINS = 'kubeadm:cluster-admins';
const NODES = 'system:nodes';
const NODE = 'system:node:';

/** What each component must be called, or RBAC's default bindings do not know it (rbac/bootstrappolicy/policy.go). */
const COMPONENTS: Partial<Readonly<Record<Use, string>>> = {
  'controller-manager': 'system:kube-controller-manager',
  scheduler: 'system:kube-scheduler',
  'kube-proxy': 'system:kube-proxy',
};

/** Groups that kube-apiserver gives by itself, and that nobody may bring along. */
const VIRTUAL =
  /^system:(?:authenticated|unauthenticated|serviceaccounts(?::.*)?|bootstrappers(?::.*)?|monitoring)$/;

interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Read off the subject once: each check of this group asks. */
const identities = new WeakMap<Held, Identity>();

function identityOf(held: Held): Identity {
  let identity = identities.get(held);
  if (!identity) {
    const { subject } = held.certificate;
    identities.set(held, (identity = { user: commonName(subject), groups: organizations(subject) }));
  }
  return identity;
}

const groups = (held: Held) => identityOf(held).groups;
const user = (held: Held) => identityOf(held).user;

/** All that kube-apiserver could take for a user: of etcd's and the front proxy's authorities it takes nobody. */
const candidates = perView((view): readonly Held[] => {
  const elsewhere = new Set(
    once(
      usedAs(view, 'apiserver-etcd-client', 'etcd-healthcheck', 'front-proxy-client', 'etcd', 'etcd-peer'),
    ),
  );
  return view.leaves.filter((held) => !elsewhere.has(held) && mayBe(held.certificate, 'clientAuth'));
});

const spots = (
  found: readonly Held[],
  word: (held: Held) => string,
  more: Partial<Spotted> = {},
): Spotted[] => found.map((held) => spot(held.places, word(held), more));

/** What `kubetls.yaml` asks for by name. */
function isDeclared({ cluster }: View, held: Held): boolean {
  return (
    cluster?.spec.users.some(
      ({ name, groups: wanted }) => name === user(held) && groups(held).every((one) => wanted.includes(one)),
    ) ?? false
  );
}

const isComponent = ({ place: { use } }: Used) => use !== 'person' && use !== 'administrator';

export const roleChecks: readonly TreeCheck[] = groupOf('roles', [
  {
    id: 'masters-member',
    severity: 'warning',
    title: 'cluster-admin by certificate, in system:masters',
    why: 'kube-apiserver lets this group do everything before it asks any authorizer: no RBAC rule and no webhook takes it back, only a change of authority does',
    remedy:
      'keep it offline for emergencies (kubeadm: move super-admin.conf off the node), and give people groups of their own',
    source: 'pkg/kubeapiserver/authorizer/reload.go, NewPrivilegedGroups; Kubernetes, RBAC good practices',
    look: (view) => {
      const masters = candidates(view).filter((held) => groups(held).includes(MASTERS));
      return masters.map((held) =>
        spot(
          held.places,
          `${named(held.certificate)} may do everything${masters.length > 1 ? `: one of ${masters.length} such certificates here` : ''}`,
          {
            ...(isDeclared(view, held) && { severity: 'info' }),
          },
        ),
      );
    },
  },
  {
    id: 'admins-member',
    severity: 'info',
    title: 'cluster-admin by certificate, by a binding',
    why: 'kubeadm binds the group kubeadm:cluster-admins to cluster-admin: the binding can be taken back, the certificate cannot',
    remedy: 'leave it on the control planes; make people users of their own: kubeadm kubeconfig user',
    source: 'cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go, EnsureAdminClusterRoleBinding',
    look: (view) =>
      spots(
        candidates(view).filter((held) => groups(held).includes(ADMINS)),
        ({ certificate }) => `${named(certificate)} may do everything, by the group ${ADMINS}`,
      ),
  },
  {
    id: 'component-is-admin',
    severity: 'warning',
    title: 'a component that is cluster-admin',
    why: 'it needs a few rights: who takes its file takes the cluster',
    remedy:
      'issue it without the group; kube-apiserver towards kubelets: bind its user to system:kubelet-api-admin',
    source: 'kubernetes/kubernetes#138964; CHANGELOG 1.33.12, 1.34.8, 1.35.5, 1.36.1',
    look: (view) =>
      users(view)
        .filter(
          (used) => isComponent(used) && groups(used.held).some((one) => one === MASTERS || one === ADMINS),
        )
        .map((used) => spotAt(used, `${named(used.held.certificate)} is in ${listed(groups(used.held))}`)),
  },
  {
    id: 'node-without-group',
    severity: 'error',
    title: 'a node that is not in system:nodes',
    why: 'the Node authorizer asks for both, the name and the group: the kubelet may do nothing',
    remedy: 'issue it with O=system:nodes, CN=system:node:NAME',
    source: 'pkg/auth/nodeidentifier/default.go',
    look: (view) =>
      spots(
        candidates(view).filter((held) => user(held).startsWith(NODE) && !groups(held).includes(NODES)),
        ({ certificate }) => `${named(certificate)} is in no group ${NODES}`,
      ),
  },
  {
    id: 'group-without-node',
    severity: 'error',
    title: 'in system:nodes, and no node by its name',
    why: 'the group alone gives nothing by default, and everything where somebody has bound it',
    remedy: 'issue it with CN=system:node:NAME, or without the group',
    source: 'pkg/auth/nodeidentifier/default.go',
    look: (view) =>
      spots(
        candidates(view).filter((held) => !user(held).startsWith(NODE) && groups(held).includes(NODES)),
        ({ certificate }) => `${named(certificate)} is in ${NODES}`,
      ),
  },
  {
    id: 'component-name',
    severity: 'error',
    title: 'a component that is not called as RBAC knows it',
    why: 'the default ClusterRoleBindings name the user: by another name it may do nothing',
    remedy: 'issue it with the common name of the component',
    source: 'plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go',
    look: (view) =>
      users(view).flatMap((used) => {
        const wanted = used.place.use && COMPONENTS[used.place.use];
        return wanted === undefined || user(used.held) === wanted || user(used.held) === ''
          ? []
          : [spotAt(used, `it is ${named(used.held.certificate)}, not "${wanted}"`)];
      }),
  },
  {
    id: 'kubelet-name',
    severity: 'error',
    title: 'a kubelet that is no node by its name',
    why: 'the Node authorizer and NodeRestriction know nodes by CN system:node:NAME',
    remedy: 'issue it with O=system:nodes, CN=system:node:NAME',
    source: 'pkg/auth/nodeidentifier/default.go',
    look: (view) =>
      usedAs(view, 'kubelet-client')
        .filter(
          ({ held }) => user(held) !== '' && !user(held).startsWith(NODE) && !groups(held).includes(NODES),
        )
        .map((used) => spotAt(used, `it is ${named(used.held.certificate)}`)),
  },
  {
    id: 'user-nameless',
    severity: 'error',
    title: 'a client without a common name',
    why: 'to kube-apiserver it is nobody: 401',
    remedy: 'issue it with a common name',
    source: 'apiserver pkg/authentication/request/x509/x509.go, CommonNameUserConversion',
    look: (view) =>
      users(view)
        .filter(({ held }) => user(held) === '')
        .map((used) => spotAt(used, `the subject is ${named(used.held.certificate)}`)),
  },
  {
    id: 'user-reserved',
    severity: 'warning',
    title: "a person with a name of the system's",
    why: 'names that begin with system: are for components: what is bound to them is theirs by default',
    remedy: 'issue it with a name of its own',
    source: 'Kubernetes, Using RBAC authorization: Default roles and role bindings',
    look: (view) =>
      spots(
        once(usedAs(view, 'person', 'administrator')).filter((held) => user(held).startsWith('system:')),
        ({ certificate }) => `the user is ${named(certificate)}`,
      ),
  },
  {
    id: 'group-virtual',
    severity: 'warning',
    title: 'a group that kube-apiserver gives by itself',
    why: 'a certificate that brings it along passes for a service account, or for whoever joins the cluster',
    remedy: 'issue it without the group, and look who asked for it',
    source: 'apiserver pkg/authentication/user/user.go; pkg/authentication/serviceaccount/util.go',
    look: (view) =>
      spots(
        candidates(view).filter((held) => groups(held).some((one) => VIRTUAL.test(one))),
        (held) =>
          `${named(held.certificate)} is in ${listed(groups(held).filter((one) => VIRTUAL.test(one)))}`,
      ),
  },
  {
    id: 'user-id-twice',
    severity: 'error',
    title: 'a user with two ids',
    why: 'kube-apiserver refuses it: expected 1 UID, but found multiple',
    remedy: 'issue it with one, or with none',
    source: 'apiserver pkg/authentication/request/x509/x509.go, parseUIDFromCert',
    look: (view) =>
      spots(
        candidates(view).filter(
          (held) => attributeValues(held.certificate.subject, Oid.kubernetesUid).length > 1,
        ),
        ({ certificate }) => `${named(certificate)} has more than one`,
      ),
  },
  {
    id: 'front-proxy-name',
    severity: 'error',
    title: 'the front proxy is not called as it must be',
    why: 'aggregated API servers take the name from --requestheader-allowed-names, which is front-proxy-client',
    remedy: 'issue it with CN=front-proxy-client',
    source:
      'apiserver pkg/authentication/request/x509/x509.go, verifySubject; kubeadm phases/controlplane/manifests.go',
    look: (view) => {
      const allowed = view.cluster?.endpoints.flatMap(
        ({ clients }) => clients.frontProxy?.allowedNames ?? [],
      );
      const names = allowed?.length ? allowed : ['front-proxy-client'];
      return usedAs(view, 'front-proxy-client')
        .filter(({ held }) => !names.includes(user(held)))
        .map((used) => spotAt(used, `it is ${named(used.held.certificate)}, not ${listed(names)}`));
    },
  },
  {
    id: 'admin-on-worker',
    severity: 'error',
    title: "an administrator's kubeconfig on a worker",
    why: 'whoever breaks out of a pod there has the cluster',
    remedy: 'remove it from the node; when others may have read it, take it back too',
    source: 'kubeadm: admin.conf stands on control planes only',
    look: (view) =>
      usedAs(view, 'administrator')
        .filter(
          ({ place: { machine } }) =>
            nodeOf(machine) !== undefined && view.controlPlanes.size > 0 && !view.controlPlanes.has(machine),
        )
        .map((used) => spotAt(used, `${named(used.held.certificate)} stands on ${used.place.machine}`)),
  },
]);
