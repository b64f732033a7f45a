import { asBuffer } from '../../base/index.ts';
import type { Use } from '../view/uses.ts';
import { machineOf } from '../view/machine.ts';
import type { Held, Used, View } from '../view/types.ts';
import { groupOf, spot, spotAt, type TreeCheck } from './types.ts';
import { clients, isSelfIssued, listed, named, nodeOf, servers, usedAs } from './words.ts';

/** What one machine trusts for both of two uses. */
function shared(view: View, one: Use, other: Use): readonly Used[] {
  const known = new Set(usedAs(view, other).map(({ held, place }) => `${place.machine}\0${held.key}`));
  return usedAs(view, one).filter(
    ({ held, place }) => nodeOf(place.machine) !== undefined && known.has(`${place.machine}\0${held.key}`),
  );
}

/** The static pod of kube-apiserver, and the flag by which it knows the kubelets' authority. */
const MANIFEST = '/manifests/kube-apiserver.yaml';
const KUBELET_AUTHORITY = '--kubelet-certificate-authority';

export const authorityRoleChecks: readonly TreeCheck[] = groupOf('authorities', [
  {
    id: 'front-proxy-shared',
    severity: 'error',
    title: "the front proxy's authority is also the clients'",
    why: 'a client certificate with the name of the front proxy may then say that it is anybody; and a wrong order of authenticators turns ordinary clients away',
    remedy: 'make the front proxy an authority of its own: kubetls.yaml has one by default',
    source: 'Kubernetes, Configure the aggregation layer: CA reusage and conflicts',
    look: (view) =>
      shared(view, 'front-proxy-authority', 'cluster-authority').map((used) =>
        spotAt(used, `${named(used.held.certificate)} is in both files`),
      ),
  },
  {
    id: 'etcd-shared',
    severity: 'warning',
    title: "etcd trusts the cluster's authority",
    why: 'etcd has no users unless its own authentication is on: every kubelet may then read and write everything',
    remedy: 'give etcd an authority of its own: authorities.etcd: separate',
    source: 'etcd, Transport security model; Kubernetes, Operating etcd clusters',
    look: (view) => {
      const declared =
        view.cluster?.spec.authorities.etcd === 'shared' ||
        view.cluster?.spec.clients['apiserver-etcd'] === 'reuse-server';
      return [
        ...shared(view, 'etcd-authority', 'cluster-authority'),
        ...shared(view, 'etcd-authority', 'front-proxy-authority'),
      ].map((used) =>
        spotAt(used, `${named(used.held.certificate)} signs for etcd and for others`, {
          ...(declared && { severity: 'info' }),
        }),
      );
    },
  },
  {
    id: 'authority-as-leaf',
    severity: 'warning',
    title: 'a component that shows an authority',
    why: 'the key that signs certificates is loaded, and may be lost, with the component',
    remedy: 'issue the component a leaf',
    source: 'RFC 5280, 4.2.1.9',
    look: (view) =>
      [...servers(view), ...clients(view)]
        .filter(({ held: { isAuthority } }) => isAuthority)
        .map((used) => spotAt(used, `${named(used.held.certificate)} is an authority`)),
  },
  {
    id: 'authority-namesakes',
    severity: 'warning',
    title: 'authorities of one name with different keys',
    why: 'left over from a reset or a second installation: errors name the authority and cannot say which; during a rotation it is meant',
    remedy: 'find out which one signs now, remove the other where nothing needs it any more',
    source: 'kubernetes/kubeadm#3221; kubernetes/kubernetes#58582',
    look: (view) =>
      [...view.bySubject.values()].flatMap((all) => {
        const authorities = all.filter(({ isAuthority }) => isAuthority);
        const keys = new Set(authorities.map(({ key }) => key));
        const [first] = authorities;
        if (!first || keys.size < 2) return [];
        const prints = authorities.map(({ sha256 }) => `sha256:${sha256.slice(0, 12)}`);
        const rare = authorities.toSorted((a, b) => a.places.length - b.places.length);
        return [
          spot(
            rare.flatMap(({ places }) => places),
            `${keys.size} authorities are called ${named(first.certificate)}: ${listed(prints)}`,
          ),
        ];
      }),
  },
  {
    id: 'authority-resigned',
    severity: 'info',
    title: 'one authority with several certificates',
    why: 'it was renewed with the same key: leaves verify by either, and the older one ends first',
    remedy: 'put the newest one everywhere',
    source: 'RFC 5280, 4.2.1.1',
    look: (view) =>
      [...view.byKey.values()].flatMap((all) => {
        const authorities = all.filter(
          ({ isAuthority, certificate }) => isAuthority && isSelfIssued(certificate),
        );
        const [first] = authorities;
        return !first || authorities.length < 2
          ? []
          : [
              spot(
                authorities.flatMap(({ places }) => places),
                `${named(first.certificate)} has ${authorities.length} certificates with one key`,
              ),
            ];
      }),
  },
  {
    id: 'bundle-order',
    severity: 'error',
    title: 'the first authority of the bundle is not that of the key beside it',
    why: 'kubeadm signs with the first certificate of the file, and writes only that one into kubeconfigs: kubeadm certs renew breaks what works now',
    remedy: 'put the authority whose key is there first: cat NEW.crt OLD.crt > ca.crt',
    source: 'cmd/kubeadm/app/util/pkiutil/pki_helpers.go, TryLoadCertFromDisk; kubeadm renewal/readwriter.go',
    look: (view) =>
      bundlesWithKey(view).flatMap(({ path, all, key }) => {
        const position = all.findIndex((held) => held.key === key);
        const [first] = all;
        return first && position > 0
          ? [
              {
                places: [path],
                message: `the key is of certificate ${position + 1}, the first is ${named(first.certificate)}`,
              },
            ]
          : [];
      }),
  },
  {
    id: 'signing-bundle',
    severity: 'error',
    title: 'the controller manager signs from a bundle',
    why: 'it wants exactly one certificate in --cluster-signing-cert-file, and does not start with more',
    remedy: 'point it at a file of its own with the one that signs',
    source: 'pkg/controller/certificates/signer/ca_provider.go: expected 1 certificate, found %d',
    look: (view) =>
      bundlesWithKey(view).flatMap(({ path, all }) =>
        all.length > 1 && view.useOf(path) === 'cluster-authority' && view.controlPlanes.has(machineOf(path))
          ? [
              {
                places: [path],
                message: `it holds ${all.length} certificates, with the key that signs beside it`,
              },
            ]
          : [],
      ),
  },
  {
    id: 'kubelet-self-signed',
    severity: 'warning',
    title: 'a kubelet that signed its own certificate',
    why: 'nobody can verify it: kube-apiserver sends exec and logs to whoever answers, and metrics-server needs --kubelet-insecure-tls',
    remedy: 'issue it from the cluster authority, or set serverTLSBootstrap and approve its requests',
    source: 'cmd/kubelet/app/server.go, InitializeTLS; kubernetes/kubeadm#1223',
    look: (view) =>
      usedAs(view, 'kubelet')
        .filter(({ held: { certificate } }) => /-ca@\d+$/.test(issuerText(certificate)))
        .map((used) =>
          spotAt(used, `${named(used.held.certificate)} is of an authority that the kubelet made for itself`),
        ),
  },
  {
    id: 'kubelet-unverified',
    severity: 'warning',
    title: 'kube-apiserver does not verify kubelets',
    why: 'whoever answers at the address of a node gets what is sent to exec, attach and logs',
    remedy: 'issue kubelets certificates, and set --kubelet-certificate-authority',
    source: 'pkg/kubelet/client/kubelet_client.go: Insecure without a CA',
    look: ({ entries }) =>
      entries
        .filter(({ path, bytes }) => path.endsWith(MANIFEST) && !asBuffer(bytes).includes(KUBELET_AUTHORITY))
        .map(({ path }) => ({ places: [path], message: `it has no ${KUBELET_AUTHORITY}` })),
  },
  {
    id: 'kubeconfig-other-authority',
    severity: 'error',
    title: "a kubeconfig trusts another authority than its node's",
    why: 'it was not written anew when the authority was: the server is refused',
    remedy: 'write it anew: kubetls apply; with kubeadm: kubeadm init phase kubeconfig all',
    source: 'cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go, validateKubeConfig',
    look: (view) =>
      kubeconfigAnchors(view).flatMap(({ path, trusted, anchors }) =>
        anchors.length > 0 && !trusted.some((held) => anchors.some(({ key }) => key === held.key))
          ? [
              {
                places: [path],
                message: `it trusts ${listed(trusted.map((held) => named(held.certificate)))}, by another key than ca.crt has`,
              },
            ]
          : [],
      ),
  },
  {
    id: 'kubeconfig-short-bundle',
    severity: 'warning',
    title: 'a kubeconfig trusts fewer authorities than its node does',
    why: 'kubeadm certs renew keeps only the first certificate of ca.crt: a rotation that needs two is undone by it',
    remedy:
      'embed the whole bundle: kubectl config set-cluster NAME --certificate-authority=ca.crt --embed-certs',
    source: 'cmd/kubeadm/app/phases/certs/renewal/readwriter.go',
    look: (view) =>
      kubeconfigAnchors(view).flatMap(({ path, trusted, anchors }) => {
        const missing = anchors.filter(({ key }) => !trusted.some((held) => held.key === key));
        const [first] = missing;
        return first && missing.length < anchors.length
          ? [
              {
                places: [path],
                message: `it lacks ${named(first.certificate)} (sha256:${first.sha256.slice(0, 12)})`,
              },
            ]
          : [];
      }),
  },
] satisfies readonly Omit<TreeCheck, 'group'>[]);

function issuerText({ issuer }: Held['certificate']): string {
  return issuer.rdns.flatMap((rdn) => rdn.map(({ text = '' }) => text)).join(' ');
}

function bundlesWithKey(view: View): { path: string; all: readonly Held[]; key: string }[] {
  return view.entries.flatMap(({ path, content }) => {
    const key = content.kind === 'certificates' ? view.keyIn(path.replace(/\.crt$/, '.key')) : undefined;
    const all = view.inFile(path);
    return key && all[0]?.isAuthority ? [{ path, all, key: key.key }] : [];
  });
}

/** Kubeconfigs that embed their anchors, with the ca.crt of the same machine. */
function kubeconfigAnchors(
  view: View,
): { path: string; trusted: readonly Held[]; anchors: readonly Held[] }[] {
  const byMachine = new Map<string, Held[]>();
  for (const { held, place } of usedAs(view, 'cluster-authority')) {
    const all = byMachine.get(place.machine);
    if (all) all.push(held);
    else byMachine.set(place.machine, [held]);
  }
  return view.entries.flatMap(({ path, content }) => {
    if (content.kind !== 'kubeconfig' || !path.startsWith('nodes/')) return [];
    const trusted = view.anchorsIn(path);
    return trusted.length === 0 ? [] : [{ path, trusted, anchors: byMachine.get(machineOf(path)) ?? [] }];
  });
}
