/** What can be behind a line: its words, how it is found in an inventory, and what mends it. */
import { chainLooks } from './chain-looks.ts';
import { fileLooks } from './file-looks.ts';
import { type Standing, standingLooks } from './standing-looks.ts';
import type { Evidence } from '../evidence.ts';
import type { Refused } from '../refused.ts';

interface Cause {
  readonly title: string;
  /** A command or a sentence, where nothing is known of the cluster, or its files do not show it. */
  readonly remedy: string;
  /** Evidence in what was refused, or nothing; absent: no file can show it. */
  readonly look?: (refused: Refused) => Evidence | undefined;
  /** The same in files that no connection shows. */
  readonly stands?: (standing: Standing) => Evidence | undefined;
  /** Who reads those files at his start only. */
  readonly restarts?: { readonly component: string; readonly what: string };
}

const RENEW = 'kubeadm certs renew all (then restart the static pods), or kubetls adopt / and kubetls apply';

const CAUSES = {
  expired: {
    title: 'a certificate has ended',
    remedy: `look which: kubetls inspect FILE or HOST:PORT; then ${RENEW}`,
    look: chainLooks.expired,
  },
  'not-yet-valid': {
    title: 'a certificate has not begun yet',
    remedy:
      'compare the clocks of the issuing and the looking machine (timedatectl); then wait, or issue it anew',
    look: chainLooks.notYetValid,
  },
  clock: {
    title: 'the clock of the side that looks is wrong',
    remedy:
      'timedatectl on the machine that prints the line; the line itself has the time that it believes in',
  },
  'name-missing': {
    title: 'the name that was dialled is not among the names of the certificate',
    remedy:
      'add the name and issue anew: sans in kubetls.yaml and kubetls apply; with kubeadm: certSANs, remove the pair, kubeadm init phase certs apiserver',
    look: chainLooks.nameMissing,
  },
  'dialled-otherwise': {
    title: 'the client was told another name or address than the server is known by',
    remedy: 'dial a name that the certificate has: server in the kubeconfig, or tls-server-name beside it',
  },
  'wrong-server': {
    title: 'another server answered: a load balancer, a stale DNS entry, a reused address',
    remedy: 'look who answers: kubetls inspect HOST:PORT',
  },
  'wrong-usage': {
    title: 'the certificate lacks the usage: serverAuth for a server, clientAuth for a client',
    remedy:
      'issue it anew with both where both are needed: etcd dials itself and its peers with what it serves',
    look: chainLooks.wrongUsage,
  },
  'other-generation': {
    title: 'two authorities share a name: the trusted one is not the one that signed',
    remedy:
      'put the authority that signed into the bundle of whoever refuses (old and new together), or issue the certificate anew',
    look: chainLooks.otherGeneration,
  },
  'anchor-missing': {
    title: 'the authority that signed is not among those that the refusing side trusts',
    remedy:
      "add the authority's certificate to the refusing side's bundle (certificate-authority-data, --client-ca-file, --etcd-cafile, --trusted-ca-file), or issue the certificate anew",
    look: chainLooks.anchorMissing,
  },
  'missing-intermediate': {
    title: 'the certificate between leaf and root is not sent along',
    remedy: 'append it to the file that is presented: cat intermediate.crt >> FILE',
    look: chainLooks.missingIntermediate,
  },
  'issuer-unfit': {
    title:
      'the issuer may not sign this: no authority, no keyCertSign, too many below it, or an old algorithm',
    remedy:
      'issue the authority anew with CA:TRUE and keyCertSign, or sign with another; kubetls verify shows which',
    look: chainLooks.issuerUnfit,
  },
  'name-constraint': {
    title: 'the authority is limited to other names',
    remedy: 'kubetls inspect shows the limits; issue from another authority',
    look: chainLooks.constraint,
  },
  'critical-extension': {
    title: 'a critical extension that Go does not know',
    remedy: 'issue the certificate anew without it, or not marked critical',
    look: chainLooks.criticalExtension,
  },
  'weak-key': {
    title: 'a key or a signature that is too weak, or of a kind that the other side does not take',
    remedy: 'issue the certificate anew with rsa-2048 or more, or ecdsa-p256, and SHA-256',
    look: fileLooks.weakKey,
  },
  'self-signed-serving': {
    title: 'the component was given no certificate and made one itself, which nobody can verify',
    remedy:
      'issue it one (kubetls.yaml: kubelets.serving: issued), or serverTLSBootstrap: true and kubectl certificate approve',
    look: fileLooks.selfSigned,
  },
  'key-mismatch': {
    title: 'certificate and private key do not belong together',
    remedy:
      'put the key back that belongs to it, or issue the pair anew: kubetls check DIRECTORY names what fits what',
    look: fileLooks.keyMismatch,
    stands: standingLooks.signingPair,
  },
  'half-replaced': {
    title: 'somebody is replacing the files at this moment, or stopped half way',
    remedy: 'if the line does not come again it was harmless; else put the pair back, both files of it',
  },
  'file-missing': {
    title: 'a file is not there',
    remedy: 'put it back, or correct the flag or kubeconfig that names it',
    look: fileLooks.missing,
  },
  'file-unreadable': {
    title: 'a file holds something else than it should',
    remedy: 'look what it is: kubetls inspect FILE; then put back what belongs there',
    look: fileLooks.unreadable,
  },
  'file-forbidden': {
    title: 'the program may not read the file',
    remedy: 'ls -l FILE; chown it to the user that the program runs as',
  },
  'issued-against-rules': {
    title: 'the certificate was written against the rules, and newer Go reads it no more',
    remedy: 'kubetls inspect FILE says what is wrong with it; issue it anew',
  },
  'no-client-certificate': {
    title: 'the client shows no certificate',
    remedy:
      'give it one: client-certificate and client-key in its kubeconfig, curl --cert and --key, etcdctl --cert and --key',
    look: fileLooks.noCertificate,
  },
  'no-common-name': {
    title: 'the certificate has no common name, so that its owner is nobody',
    remedy: 'issue it anew with CN=user, O=group',
    look: fileLooks.noUser,
  },
  'peer-address': {
    title: "the etcd member's address is not among the names of its certificate",
    remedy:
      "issue the peer certificate with the member's address as IP SAN: addresses of the node in kubetls.yaml",
    look: fileLooks.peerAddress,
  },
  'address-translated': {
    title: 'the peer is behind NAT, or dials from another of its addresses',
    remedy: 'add that address to its certificate, or set --peer-skip-client-san-verification',
  },
  'front-proxy-name': {
    title: 'the front proxy shows a common name that is not allowed',
    remedy: 'issue it with CN=front-proxy-client, or correct --requestheader-allowed-names',
    look: fileLooks.frontProxyName,
  },
  'shared-front-proxy': {
    title:
      'the front proxy and the clients have one authority, so that every client is looked at as a proxy first',
    remedy: 'make the front proxy an authority of its own: --requestheader-client-ca-file',
  },
  'replaced-since': {
    title: 'what the line speaks of has been replaced since',
    remedy: 'nothing, when the line does not come any more; else a process still holds the old one',
  },
  'stale-process': {
    title: 'the process still holds what its files were before',
    remedy:
      'restart it: kube-apiserver reads --etcd-cafile and the service-account keys, etcd its CA, kubelets and schedulers their kubeconfig at start only',
  },
  'proxy-between': {
    title:
      'something between the two ends the connection and speaks for itself: a proxy, a load balancer, a mesh',
    remedy: 'look who answers: kubetls inspect HOST:PORT; set NO_PROXY for the addresses of the cluster',
  },
  'plain-http': {
    title: 'http:// where https:// belongs, or the other way round, or the wrong port',
    remedy: 'correct the scheme or port of whoever dials: probes, --etcd-servers, server in the kubeconfig',
  },
  'protocol-version': {
    title: 'a client or server that is too old, or a --tls-min-version that is too high',
    remedy: 'Kubernetes takes TLS 1.2 and later: bring the other side up to that',
  },
  'no-common-cipher': {
    title: '--tls-cipher-suites leaves nothing in common',
    remedy: 'take the flag out, or add ECDHE suites for the kind of key that the server has',
  },
  'no-anchors-given': {
    title: "the client was not told of the cluster's authority, and asks those of its system",
    remedy:
      'give it: curl --cacert ca.crt, NODE_EXTRA_CA_CERTS=ca.crt, SSL_CERT_FILE=ca.crt (Python), keytool -importcert (Java)',
  },
  'strict-verifier': {
    title: 'the program checks more strictly than Kubernetes does',
    remedy:
      'kubetls check names what each certificate lacks; issue the authority anew with the same key, then its leaves',
  },
  'csr-pending': {
    title: "the kubelet's request for a serving certificate waits to be approved",
    remedy: 'kubectl get csr; kubectl certificate approve NAME',
  },
  'signing-bundle': {
    title: '--cluster-signing-cert-file names a bundle',
    remedy: 'give it a file of its own with the one authority whose key is in --cluster-signing-key-file',
    stands: standingLooks.signingBundle,
  },
  'bootstrap-ended': {
    title: "the kubelet's client certificate has ended while it was off, or its bootstrap file is gone",
    remedy:
      'kubeadm token create --print-join-command and join again, or write kubelet.conf anew: kubeadm kubeconfig user --org system:nodes --client-name system:node:NAME',
  },
  token: {
    title: 'a token has ended, was revoked or is unknown: no certificate is at fault',
    remedy: 'take a new one: kubectl create token; for a joining node: kubeadm token create',
  },
  'service-account-keys': {
    title: 'the service-account key that signed the token is not among --service-account-key-file',
    remedy:
      'put the same sa.pub and sa.key onto every control plane, old keys beside new ones until tokens end',
    stands: standingLooks.tokenKeys,
    restarts: { component: 'kube-apiserver', what: 'the service-account keys' },
  },
  'webhook-bundle': {
    title: "the webhook's caBundle is not the authority of the certificate that it serves",
    remedy:
      'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o yaml; put the issuer into caBundle (cert-manager: the injection annotation)',
  },
  'apiservice-bundle': {
    title: "the APIService's caBundle is not the authority of what the aggregated server serves",
    remedy:
      'kubectl get apiservices -o yaml; put the issuer into spec.caBundle (cert-manager: the injection annotation)',
  },
  'conversion-bundle': {
    title:
      "the caBundle of a CustomResourceDefinition's conversion webhook is not the authority of what it serves",
    remedy:
      'kubectl get customresourcedefinitions -o yaml; put the issuer into spec.conversion.webhook.clientConfig.caBundle',
  },
  'authentication-webhook': {
    title:
      'the kubeconfig of an authentication or authorization webhook trusts another authority than serves it',
    remedy:
      'look into the file of --authentication-token-webhook-config-file or --authorization-webhook-config-file on the control plane: kubetls kubeconfig doctor --kubeconfig FILE; then restart kube-apiserver',
  },
  revoked: {
    title: 'the certificate has been revoked',
    remedy: 'issue the owner a new one; what is revoked: kubetls inspect LIST',
  },
  'serial-twice': {
    title: 'another certificate with the same serial number was revoked',
    remedy: 'issue it anew: etcd compares serial numbers and nothing else',
  },
  'not-allowed': {
    title: 'the name in the certificate is not among those that are allowed',
    remedy: 'issue it with an allowed name, or correct --client-cert-allowed-cn, --peer-cert-allowed-cn',
  },
  'kubeconfig-fields': {
    title: 'the kubeconfig has a field that is cut, doubled or missing',
    remedy: 'kubetls kubeconfig doctor',
  },
  rights: {
    title: 'the user is known, and has no right to do this',
    remedy: 'kubectl auth whoami; kubectl auth can-i --list; then a (Cluster)RoleBinding for its groups',
  },
  scanner: {
    title: 'no client of the cluster: a port check, a load balancer, a scanner',
    remedy: 'look at the address that it comes from; nothing to do when the cluster does not know it',
  },
  'not-running': {
    title: 'the other side does not run, or is not ready yet',
    remedy: 'crictl ps -a, and its log',
  },
  overloaded: {
    title: 'the other side is too slow: no processor time, or a slow disk below etcd',
    remedy: 'top, iostat and the metrics of the other side',
  },
  network: {
    title: 'packets are lost: firewall, MTU, routes',
    remedy: 'openssl s_client -connect HOST:PORT from the machine that prints the line',
  },
} as const satisfies Readonly<Record<string, Cause>>;

export type CauseId = keyof typeof CAUSES;

export const causeTable: Readonly<Record<CauseId, Cause>> = CAUSES;

/** In the order of the table. */
export const CAUSE_IDS = Object.keys(CAUSES) as CauseId[];
