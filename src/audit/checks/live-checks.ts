/** A running cluster held against its files: only with `--live`. */
import { MINUTE } from '../../base/index.ts';
import { nameFailure } from '../../verify/index.ts';
import type { Use } from '../view/uses.ts';
import { livePath } from '../live/read-live.ts';
import type { LiveRequest } from '../live/types.ts';
import { placeId } from '../view/place-id.ts';
import type { Held, View } from '../view/types.ts';
import { groupOf, type Spotted, type TreeCheck } from './types.ts';
import { allNames, listed, named, usedAs } from './words.ts';

/** What kube-controller-manager and the approvers need at most, and a person gets to know. */
const PATIENCE = 10 * MINUTE;

const AUTHENTICATION = livePath('configmaps', 'kube-system', 'extension-apiserver-authentication');
const inAuthentication = (key: string) =>
  `ConfigMap kube-system/extension-apiserver-authentication, data.${key}`;

/** Anchors of one object against the authorities in the files, by key; what has ended is as good as not there. */
function compared(view: View, ids: readonly string[], use: Use): { lacks: Held[]; adds: Held[] } | undefined {
  const holds = ({ certificate }: Held) => certificate.notAfter >= view.at;
  const found = ids.flatMap((id) => view.inFile(id));
  const live = found.filter(holds);
  const files = usedAs(view, use).flatMap(({ held }) => (holds(held) ? [held] : []));
  if (found.length === 0 || files.length === 0) return undefined;
  const [liveKeys, fileKeys] = [live, files].map((all) => new Set(all.map(({ key }) => key)));
  return {
    lacks: [...new Set(files)].filter(({ key }) => liveKeys?.has(key) !== true),
    adds: [...new Set(live)].filter(({ key }) => fileKeys?.has(key) !== true),
  };
}

const names = (all: readonly Held[]) =>
  listed(all.map(({ certificate, sha256 }) => `${named(certificate)} sha256:${sha256.slice(0, 12)}`));

function anchorsOf(view: View, id: string, use: Use, who: string): Spotted[] {
  const difference = compared(view, [id], use);
  if (!difference) return [];
  const { lacks, adds } = difference;
  return [
    ...(lacks.length > 0 ? [{ places: [id], message: `${who} does not have ${names(lacks)}` }] : []),
    ...(adds.length > 0
      ? [
          {
            places: [id],
            message: `${who} also has ${names(adds)}, which no file has`,
            severity: 'warning' as const,
          },
        ]
      : []),
  ];
}

/** kube-root-ca.crt of each namespace, as it was found. */
function rootsOf(view: View): string[] {
  return [...view.holders].filter((id) => /^live\/configmaps\/[^/]+\/kube-root-ca\.crt\.json\0/.test(id));
}

const waitingFor = ({ created }: LiveRequest, at: number) =>
  created === undefined ? 0 : Math.floor((at - created) / MINUTE);

const pathOf = ({ name }: LiveRequest) => livePath('certificatesigningrequests', undefined, name);

export const liveChecks: readonly TreeCheck[] = groupOf('live', [
  {
    id: 'live-client-authority',
    severity: 'error',
    title: 'the running kube-apiservers trust other client authorities than the files say',
    why: 'scheduler, controller manager and aggregated servers take their client authorities from this ConfigMap: what it lacks they refuse, and whoever holds what it has too much can become anyone',
    remedy:
      'kube-apiserver adds its own --client-ca-file at its start and takes nothing away: once every one of them has the right file, kubectl -n kube-system delete configmap extension-apiserver-authentication; it is written anew at once',
    source: 'pkg/controlplane/controller/clusterauthenticationtrust',
    look: (view) =>
      anchorsOf(
        view,
        placeId(AUTHENTICATION, inAuthentication('client-ca-file')),
        'cluster-authority',
        'client-ca-file',
      ),
  },
  {
    id: 'live-front-proxy-authority',
    severity: 'error',
    title: 'the running kube-apiservers trust other front proxies than the files say',
    why: 'whoever holds a certificate of such an authority may speak for any user to aggregated servers',
    remedy:
      'give every kube-apiserver the right --requestheader-client-ca-file, then delete the ConfigMap extension-apiserver-authentication: it is written anew at once',
    source: 'pkg/controlplane/controller/clusterauthenticationtrust',
    look: (view) =>
      anchorsOf(
        view,
        placeId(AUTHENTICATION, inAuthentication('requestheader-client-ca-file')),
        'front-proxy-authority',
        'requestheader-client-ca-file',
      ),
  },
  {
    id: 'live-root-authority',
    severity: 'error',
    title: 'pods are given another authority than kube-apiserver has its certificate from',
    why: 'the ConfigMap kube-root-ca.crt is what pods verify kube-apiserver with; the leading controller manager writes it from --root-ca-file, which it reads at its start only',
    remedy:
      'give the controller managers the right --root-ca-file and restart them, one after the other; the leader writes the ConfigMap of each namespace within seconds, but for one that is immutable: delete that',
    source: 'pkg/controller/certificates/rootcacertpublisher/publisher.go',
    look: (view) => {
      const roots = rootsOf(view);
      const wrong = roots.flatMap((id) => {
        const lacks = compared(view, [id], 'cluster-authority')?.lacks ?? [];
        return lacks.length > 0 ? [{ id, lacks }] : [];
      });
      const [first] = wrong;
      if (!first) return [];
      const message = `it lacks ${names(first.lacks)} in ${wrong.length} of ${roots.length} namespaces`;
      return [{ places: wrong.map(({ id }) => id), message }];
    },
  },
  {
    id: 'live-cluster-info',
    severity: 'error',
    title: 'nodes that join are told of another authority',
    why: 'kubeadm join and bootstrapping kubelets take the authority from kube-public/cluster-info, which nobody updates',
    remedy: 'put the authority in: kubectl -n kube-public edit configmap cluster-info',
    source: 'cmd/kubeadm/app/discovery/token/token.go',
    look: (view) => {
      const path = livePath('configmaps', 'kube-public', 'cluster-info');
      const ids = [...view.holders].filter((id) => id.startsWith(`${path}\0`));
      const lacks = compared(view, ids, 'cluster-authority')?.lacks ?? [];
      return lacks.length > 0 ? [{ places: [ids[0] ?? path], message: `it lacks ${names(lacks)}` }] : [];
    },
  },
  {
    id: 'live-node-address',
    severity: 'error',
    title: 'a node is reached under an address that its kubelet has no name for',
    why: 'kube-apiserver dials the first address of the node that it prefers: kubectl logs, exec and port-forward fail where it verifies kubelets',
    remedy: "add the address to the node's in kubetls.yaml, then: kubetls apply",
    source: 'pkg/kubelet/client/kubelet_client.go; kube-apiserver --kubelet-preferred-address-types',
    look: (view) =>
      (view.live?.nodes ?? []).flatMap((node) => {
        const serving = usedAs(view, 'kubelet').filter(({ place }) => place.machine === `nodes/${node.name}`);
        return serving.flatMap(({ held: { certificate }, place: { path } }) => {
          const missing = node.addresses
            .filter(({ type }) => type === 'InternalIP' || type === 'Hostname')
            .filter(({ address }) => nameFailure(certificate, address) !== undefined);
          return missing.map(({ type, address }) => ({
            places: [path],
            message: `${type} ${address} is not among ${allNames(certificate)}`,
            // kubeadm prefers InternalIP; without the flag Hostname is the first.
            ...(type === 'Hostname' && { severity: 'warning' as const }),
          }));
        });
      }),
  },
  {
    id: 'live-node-unknown',
    severity: 'info',
    title: 'nodes that kubetls.yaml does not know, or that are not there',
    why: 'what is not in the file is neither renewed nor judged',
    remedy: 'add it to kubetls.yaml, or remove it there: kubetls plan shows what changes',
    source: 'docs/checks.md',
    look: (view) => {
      const { cluster } = view;
      const there = view.live?.nodes;
      if (!cluster || !there || there.length === 0) return [];
      const [declared, found] = [cluster.spec.nodes, there].map(
        (all) => new Set(all.map(({ name }) => name)),
      );
      const strangers = [...found!].filter((name) => !declared!.has(name));
      const missing = [...declared!].filter((name) => !found!.has(name));
      return [
        ...strangers.map((name) => ({
          places: ['kubetls.yaml'],
          message: `${name} runs, and is not in the file`,
        })),
        ...missing.map((name) => ({
          places: ['kubetls.yaml'],
          message: `${name} is in the file, and no such node runs`,
        })),
      ];
    },
  },
  {
    id: 'live-request-waiting',
    severity: 'warning',
    title: 'a certificate that was asked for has not come',
    why: 'kube-controller-manager approves no kubelet serving certificates: somebody has to, or the kubelet serves none; an approved one that is not signed means that no signer of that name runs, or that it fails',
    remedy: 'look who asks for what, then: kubectl certificate approve NAME',
    source: 'pkg/controller/certificates/approver; Kubernetes, Certificate Signing Requests',
    look: (view) =>
      (view.live?.requests ?? [])
        .filter(({ state }) => state === 'waiting' || state === 'approved')
        .filter(({ created }) => created !== undefined && view.at - created > PATIENCE)
        .map((request) => ({
          places: [pathOf(request)],
          message: `${request.name} of ${request.user} to ${request.signer} has been ${
            request.state === 'waiting' ? 'waiting for approval' : 'approved and not signed'
          } for ${waitingFor(request, view.at)} min`,
          ...(request.state === 'approved' && {
            remedy: `look into the log of the leading kube-controller-manager for ${request.name}`,
          }),
        })),
  },
  {
    id: 'live-request-failed',
    severity: 'warning',
    title: 'a certificate that was asked for was not given',
    why: 'who asks goes on with the certificate that it has, until that ends',
    remedy: 'kubectl describe csr NAME tells more; the signer writes the reason into its log',
    source: 'k8s.io/api/certificates/v1, CertificateFailed and CertificateDenied',
    look: (view) =>
      (view.live?.requests ?? [])
        .filter(({ state }) => state === 'denied' || state === 'failed')
        .map((request) => ({
          places: [pathOf(request)],
          message: `${request.name} of ${request.user} to ${request.signer}: ${request.state}${
            request.message === undefined ? '' : `, ${request.message}`
          }`,
          ...(request.state === 'denied' && { severity: 'info' as const }),
        })),
  },
]);
