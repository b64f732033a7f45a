import { parseServer } from '../../kubeconfig/index.ts';
import { nameFailure } from '../../verify/index.ts';
import { commonName, generalNameText } from '../../x509/index.ts';
import { perView } from '../view/per-view.ts';
import type { Used, View } from '../view/types.ts';
import { groupOf, type Spotted, spotAt, type TreeCheck } from './types.ts';
import { allNames, dnsNames, ipAddresses, named, nodeOf, servers, usedAs } from './words.ts';

/** What pods and webhooks dial (cmd/kubeadm/app/util/pkiutil, GetAPIServerAltNames). */
const SERVICE_NAMES = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
const NODE = 'system:node:';

const each = (used: readonly Used[], look: (used: Used) => string | undefined): Spotted[] =>
  used.flatMap((one) => {
    const message = look(one);
    return message === undefined ? [] : [spotAt(one, message)];
  });

export const nameChecks: readonly TreeCheck[] = groupOf('names', [
  {
    id: 'apiserver-service-names',
    severity: 'error',
    title: "kube-apiserver's certificate lacks a name of its Service",
    why: 'pods dial it as kubernetes.default.svc, and refuse it then',
    remedy:
      'add the name to sans.kube-apiserver, or issue the certificate anew: kubeadm init phase certs apiserver',
    source: 'cmd/kubeadm/app/util/pkiutil/pki_helpers.go, GetAPIServerAltNames',
    look: (view) =>
      each(usedAs(view, 'apiserver'), ({ held: { certificate } }) => {
        const missing = SERVICE_NAMES.filter((name) => !dnsNames(certificate).includes(name));
        return missing.length > 0 && hasNames(certificate) ? `it lacks ${missing.join(', ')}` : undefined;
      }),
  },
  {
    id: 'apiserver-cluster-domain',
    severity: 'warning',
    title: "kube-apiserver's certificate lacks its name in the cluster's domain",
    why: 'who dials the full name, kubernetes.default.svc.cluster.local, refuses it',
    remedy: 'set dnsDomain as the cluster has it, and issue the certificate anew',
    source: 'cmd/kubeadm/app/util/pkiutil/pki_helpers.go, GetAPIServerAltNames',
    look: (view) =>
      each(usedAs(view, 'apiserver'), ({ held: { certificate } }) =>
        hasNames(certificate) &&
        !dnsNames(certificate).some((name) => name.startsWith('kubernetes.default.svc.'))
          ? 'no name of it begins with kubernetes.default.svc.'
          : undefined,
      ),
  },
  {
    id: 'apiserver-no-address',
    severity: 'error',
    title: "kube-apiserver's certificate has no IP address",
    why: 'in-cluster clients dial the address of the Service, KUBERNETES_SERVICE_HOST',
    remedy: 'issue it with the first address of the service subnet',
    source: 'client-go rest/config.go, InClusterConfig',
    look: (view) =>
      each(usedAs(view, 'apiserver'), ({ held: { certificate } }) =>
        hasNames(certificate) && ipAddresses(certificate).length === 0
          ? `its names are ${allNames(certificate)}`
          : undefined,
      ),
  },
  {
    id: 'apiserver-dialled-name',
    severity: 'error',
    title: 'a kubeconfig dials kube-apiserver by a name that no such certificate has',
    why: 'a load balancer, an address or a name was added, and the certificates were not',
    remedy: 'add the name to sans.kube-apiserver (or certSANs), and issue the certificates anew',
    source: 'RFC 9525, 6; kubernetes/kubeadm#1447',
    look: (view) => {
      const apiservers = usedAs(view, 'apiserver');
      if (apiservers.length === 0) return [];
      const good = new Map<string, boolean>();
      const isGood = (name: string) => {
        let known = good.get(name);
        if (known === undefined) {
          known = apiservers.some(({ held }) => nameFailure(held.certificate, name) === undefined);
          good.set(name, known);
        }
        return known;
      };
      return dialled(view).flatMap(({ path, host }) =>
        isGood(host)
          ? []
          : [
              {
                places: [path, ...apiservers.map(({ place }) => place.path)],
                message: `it dials ${JSON.stringify(host)}`,
              },
            ],
      );
    },
  },
  {
    id: 'etcd-no-loopback',
    severity: 'warning',
    title: "etcd's certificate is not good for localhost",
    why: 'kubeadm has kube-apiserver, probes and etcdctl dial https://127.0.0.1:2379',
    remedy: 'issue it with localhost and 127.0.0.1 among its names',
    source: 'cmd/kubeadm/app/util/pkiutil/pki_helpers.go, GetEtcdAltNames',
    look: (view) =>
      each(usedAs(view, 'etcd'), ({ held: { certificate } }) =>
        hasNames(certificate) &&
        !ipAddresses(certificate).includes('127.0.0.1') &&
        !ipAddresses(certificate).includes('::1')
          ? `its names are ${allNames(certificate)}`
          : undefined,
      ),
  },
  {
    id: 'etcd-peer-no-address',
    severity: 'error',
    title: "an etcd peer's certificate has names, but no address to be known by",
    why: 'the other members compare the address that it dials from with its IP addresses; with names alone they ask DNS, both ways, and refuse what does not fit',
    remedy: "issue it with the member's address among its names (kubeadm: peerCertSANs)",
    source: 'etcd client/pkg/transport/listener_tls.go, checkCertSAN',
    look: (view) =>
      each(peers(view), ({ held: { certificate } }) => {
        const outside = ipAddresses(certificate).filter((address) => !/^127\.|^::1$/.test(address));
        return hasNames(certificate) && outside.length === 0
          ? `its names are ${allNames(certificate)}`
          : undefined;
      }),
  },
  {
    id: 'etcd-peer-other-address',
    severity: 'error',
    title: "an etcd peer's certificate is not good for the address of its node",
    why: 'certificates of another member were copied here, or the node has moved: the others refuse it',
    remedy: 'issue it for this member',
    source: 'etcd client/pkg/transport/listener_tls.go, checkCertSAN; etcd-io/etcd#15949',
    look: (view) => {
      const addresses = peerAddresses(view);
      return each(peers(view), ({ held: { certificate }, place }) => {
        const address = addresses.get(nodeOf(place.machine) ?? '');
        if (address === undefined || ipAddresses(certificate).length < 2) return undefined;
        return ipAddresses(certificate).includes(address)
          ? undefined
          : `the member is at ${address}, its names are ${allNames(certificate)}`;
      });
    },
  },
  {
    id: 'kubelet-other-name',
    severity: 'error',
    title: "a kubelet's serving certificate is not good for its node",
    why: 'kube-apiserver dials a kubelet by the name or an address of its node: logs, exec and metrics fail',
    remedy: 'issue it with the name and the addresses of the node',
    source: 'pkg/kubelet/certificate/kubelet.go; --kubelet-preferred-address-types',
    look: (view) =>
      each(usedAs(view, 'kubelet'), ({ held: { certificate }, place }) => {
        const node = nodeName(view, place.machine);
        if (node === undefined || !hasNames(certificate) || ipAddresses(certificate).length > 0)
          return undefined;
        return dnsNames(certificate).includes(node.toLowerCase())
          ? undefined
          : `its names are ${allNames(certificate)}, the node is ${node}`;
      }),
  },
  {
    id: 'kubelet-named-apiserver',
    severity: 'error',
    title: "a kubelet's certificate has a name of kube-apiserver",
    why: 'who has that node can pass for kube-apiserver, and take every token that is sent to it',
    remedy: 'issue it without the name, and look who approved the request',
    source: 'siderolabs/talos-cloud-controller-manager#360; pkg/controller/certificates/approver',
    look: (view) =>
      each(usedAs(view, 'kubelet', 'kubelet-client'), ({ held: { certificate } }) => {
        const wrong = dnsNames(certificate).find((name) => /^kubernetes(?:$|\.default)/.test(name));
        return wrong === undefined ? undefined : `it has the name ${wrong}`;
      }),
  },
  {
    id: 'server-nameless',
    severity: 'error',
    title: 'a server whose certificate has no alternative names',
    why: 'Go does not look at the common name: every client of Kubernetes refuses it, as it does all that openssl x509 -req makes without extensions',
    remedy: 'issue it with the names and addresses that it is dialled by',
    source: 'RFC 9525, 6.3; crypto/x509/verify.go: relies on legacy Common Name field',
    // With the usage of a server it is the same rule of lint that tells it.
    look: (view) =>
      each(servers(view), ({ held: { certificate, isAuthority } }) =>
        !isAuthority &&
        !hasNames(certificate) &&
        certificate.extendedKeyUsage?.includes('serverAuth') !== true
          ? `it is for ${named(certificate)} by its common name alone`
          : undefined,
      ),
  },
  {
    id: 'server-wildcard',
    severity: 'warning',
    title: 'a component with a wildcard among its names',
    why: 'it may pass for everything of that domain, and matches one label only, never an address',
    remedy: 'list the names',
    source: 'RFC 9525, 7.1',
    look: (view) =>
      each(servers(view), ({ held: { certificate } }) => {
        const wrong = dnsNames(certificate).find((name) => name.startsWith('*.'));
        return wrong === undefined ? undefined : `it has the name ${wrong}`;
      }),
  },
  {
    id: 'node-name-case',
    severity: 'error',
    title: 'a node whose name has capital letters',
    why: 'names of nodes are lower-case: the Node authorizer knows none of this name',
    remedy: 'issue it with CN system:node: and the name as kubectl get nodes shows it',
    source: 'RFC 1123 names: apimachinery validation, IsDNS1123Subdomain',
    look: (view) =>
      each(usedAs(view, 'kubelet-client'), ({ held: { certificate } }) => {
        const name = commonName(certificate.subject);
        return name.startsWith(NODE) && name !== name.toLowerCase()
          ? `its common name is ${name}`
          : undefined;
      }),
  },
  {
    id: 'node-of-another',
    severity: 'error',
    title: "a kubelet with another node's identity",
    why: 'files were copied: both kubelets are one node to kube-apiserver, and overwrite each other',
    remedy: 'issue it a certificate of its own, with CN system:node:NAME',
    source: 'plugin/pkg/auth/authorizer/node; NodeRestriction',
    look: (view) =>
      each(usedAs(view, 'kubelet-client'), ({ held: { certificate }, place }) => {
        const node = declaredNode(view, place.machine);
        const name = commonName(certificate.subject);
        const isOther =
          node !== undefined && name.startsWith(NODE) && name.toLowerCase() !== NODE + node.toLowerCase();
        return isOther ? `the node is ${node}, the certificate ${named(certificate)}` : undefined;
      }),
  },
]);

/** Without any the whole certificate is refused, which another check tells. */
function hasNames({ subjectAltNames = [] }: Used['held']['certificate']): boolean {
  return subjectAltNames.map(generalNameText).length > 0;
}

/** The profile flat has one pair for both sides. */
function peers(view: View): readonly Used[] {
  return usedAs(view, 'etcd-peer', 'etcd').filter(
    ({ place }) => place.use === 'etcd-peer' || place.path.endsWith('/etcdserver.crt'),
  );
}

/** By node, where `kubetls.yaml` says so. */
function peerAddresses({ cluster }: View): ReadonlyMap<string, string> {
  const endpoints = cluster?.endpoints.filter(({ port }) => port === 'peer') ?? [];
  return new Map(endpoints.map(({ node, address }) => [node, address.host]));
}

/** What `kubetls.yaml` calls this machine. The name of a tree that somebody copied says nothing. */
function declaredNode(view: View, machine: string): string | undefined {
  const node = nodeOf(machine);
  return node !== undefined && declaredNames(view).has(node) ? node : undefined;
}

const declaredNames = perView(({ cluster }) => new Set(cluster?.spec.nodes.map(({ name }) => name)));

/** Without it the kubelet there knows its own name. */
function nodeName(view: View, machine: string): string | undefined {
  return declaredNode(view, machine) ?? ownNames(view).get(machine);
}

const ownNames = perView((view): ReadonlyMap<string, string> => {
  const names = usedAs(view, 'kubelet-client').map(
    ({ held, place }) => [place.machine, commonName(held.certificate.subject)] as const,
  );
  return new Map(
    names.flatMap(([machine, name]) => (name.startsWith(NODE) ? [[machine, name.slice(NODE.length)]] : [])),
  );
});

/** Kubeconfigs of nodes and people, with the host that the certificate must be good for. */
function dialled({ entries }: View): { readonly path: string; readonly host: string }[] {
  return entries.flatMap(({ path, content }) => {
    if (content.kind !== 'kubeconfig') return [];
    return content.config.clusters.flatMap(({ cluster }) => {
      if (cluster.tlsServerName !== undefined) return [{ path, host: cluster.tlsServerName }];
      const host = hostOf(cluster.server);
      return host === undefined ? [] : [{ path, host }];
    });
  });
}

function hostOf(server: string): string | undefined {
  try {
    const { scheme, host } = parseServer(server);
    return scheme === 'https' ? host : undefined;
  } catch {
    return undefined;
  }
}
