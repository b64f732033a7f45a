import type { ExtendedKeyUsage, KeyAlgorithm, KeyUsage } from '../x509/index.ts';

/**
 * The desired cluster, as values: what `kubetls.yaml` says, spelt out by the tables of a profile.
 *
 *   spec (the file, defaults filled in)  ->  authorities, items (what must stand where)  ->  endpoints, edges
 *
 * Every file is named by its path in the state directory, with `/` as separator:
 * `nodes/master/etc/kubernetes/pki/ca.crt`, `users/kube-admin/admin.crt`, `authorities/cluster/g1/ca.crt`.
 */
export type StatePath = string;

export type Role = 'control-plane' | 'etcd' | 'worker';

export type AuthorityId = 'cluster' | 'etcd' | 'front-proxy';

export type ComponentName =
  | 'kube-apiserver'
  | 'etcd'
  | 'kubelet'
  | 'kube-scheduler'
  | 'kube-controller-manager'
  | 'kube-proxy'
  | 'aggregated-apiserver';

/** `kubetls.yaml`, validated, every default filled in. Durations are in milliseconds. */
export interface ClusterSpec {
  readonly name: string;
  readonly profile: 'flat' | 'kubeadm';
  readonly kubernetes: { readonly major: number; readonly minor: number };
  readonly endpoint: { readonly host: string; readonly port: number };
  readonly dnsDomain: string;
  /** One CIDR, or two (one a family) for dual-stack. */
  readonly serviceSubnets: readonly string[];
  readonly keys: { readonly algorithm: KeyAlgorithm };
  readonly lifetimes: {
    readonly authority: number;
    readonly certificate: number;
    /** A certificate is replaced when less than this is left; undefined: a fifth of its own life. */
    readonly renewBefore: number | undefined;
  };
  readonly authorities: { readonly etcd: 'separate' | 'shared' };
  readonly clients: Readonly<
    Record<'apiserver-etcd' | 'apiserver-kubelet' | 'kubelet-apiserver', 'own' | 'reuse-server'>
  >;
  /** Whose business the kubelets' certificates are: kubetls', or their own. */
  readonly kubelets: {
    /** `rotated`: asked for by the kubelet itself (serverTLSBootstrap); `self-signed`: nobody can verify it. */
    readonly serving: 'issued' | 'rotated' | 'self-signed';
    /** `rotated`: by the kubelet itself, after its TLS bootstrap. */
    readonly client: 'issued' | 'rotated';
  };
  /** kubeadm's administrators whose kubeconfigs stand on the control planes. */
  readonly admins: readonly AdminName[];
  /** Organizations by common name, where they are not those of the profile: clusters remember old releases. */
  readonly groups: Readonly<Partial<Record<GroupedName, readonly string[]>>>;
  readonly nodes: readonly NodeSpec[];
  /** Extra SANs by component; `etcd-peer`, where it is there, in place of etcd's for its peers. */
  readonly sans: Readonly<
    Partial<Record<'kube-apiserver' | 'etcd' | 'etcd-peer' | 'kubelet', readonly string[]>>
  >;
  readonly users: readonly UserSpec[];
  /** How each component is started anew, on whichever node it runs. */
  readonly services: Readonly<Record<ComponentName, Service>>;
}

export type Service =
  | { readonly kind: 'systemd'; readonly unit: string }
  /** The kubelet runs it, from a manifest of the component's name. */
  | { readonly kind: 'static-pod' }
  /** Run on the node, without a shell. */
  | { readonly kind: 'command'; readonly command: readonly string[] }
  /** It is not kubetls' business, or reads its files by itself. */
  | { readonly kind: 'none' };

export type AdminName = 'kubernetes-admin' | 'kubernetes-super-admin';

/** Clients whose organizations have changed from release to release, or that other tools give some. */
export type GroupedName =
  | AdminName
  | 'kube-apiserver-etcd-client'
  | 'kube-apiserver-kubelet-client'
  | 'kube-etcd-healthcheck-client'
  | 'front-proxy-client'
  | 'system:kube-controller-manager'
  | 'system:kube-scheduler'
  | 'system:kube-proxy';

export interface NodeSpec {
  readonly name: string;
  readonly roles: readonly Role[];
  /** IP addresses or DNS names; the first IP is the one it is dialled by. */
  readonly addresses: readonly string[];
  /** How it is reached, for its files and its services: see `parseHostAddress`. undefined: by hand. */
  readonly host?: string;
  /** Who comes by ssh as somebody else becomes root there by `sudo -n`. */
  readonly become?: 'sudo';
}

export interface UserSpec {
  readonly name: string;
  readonly groups: readonly string[];
  /** `none`: the certificate carries no id of its own, and cannot be revoked by itself. */
  readonly id?: 'none';
}

/** What a certificate says. Lifetimes in milliseconds. */
export interface CertificateProfile {
  /** In order, as Go's pkix writes it: O (all in one RDN) before CN. */
  readonly subject: readonly { readonly type: 'CN' | 'O' | 'UID'; readonly value: string }[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  readonly authority: { readonly pathLength: number | undefined } | undefined;
  /** kubeadm's leaves carry none. */
  readonly subjectKeyId: boolean;
  readonly lifetime: number;
  readonly serialBits: number;
  /** Usages are taken to the letter, even keyEncipherment on an EC key, as kubeadm does. */
  readonly exactUsages: boolean;
  /**
   * A person: at issue a random id is drawn, and goes in as UID RDN and as DNS SAN
   * `<id>.<user>.c.kubetls.internal`; a renewal draws a new one.
   */
  readonly person: string | undefined;
}

/**
 * One thing that must stand in the state directory, written as one set: all of its files or none.
 * `id` is stable over runs: plans, reasons and the ledger name things by it.
 */
export type Item = AuthorityItem | PairItem | KubeconfigItem | AnchorsItem | CopyItem | KeyPairItem;

interface ItemBase {
  readonly id: string;
  /** Node or user it belongs to; undefined for the authorities' own. */
  readonly owner: { readonly kind: 'node' | 'user'; readonly name: string } | undefined;
}

/** An authority's own certificate and key, in `authorities/<id>/g<generation>/`. */
export interface AuthorityItem extends ItemBase {
  readonly kind: 'authority';
  readonly authority: AuthorityId;
  readonly generation: number;
  readonly profile: CertificateProfile;
  readonly algorithm: KeyAlgorithm;
  readonly certificate: DesiredFile;
  readonly key: DesiredFile;
}

/** A leaf certificate and its key, two files. */
export interface PairItem extends ItemBase {
  readonly kind: 'pair';
  readonly issuer: AuthorityId;
  readonly profile: CertificateProfile;
  readonly algorithm: KeyAlgorithm;
  readonly certificate: DesiredFile;
  readonly key: DesiredFile;
}

/** A kubeconfig: with its own embedded pair, or pointing at the files of another item. */
export interface KubeconfigItem extends ItemBase {
  readonly kind: 'kubeconfig';
  readonly file: DesiredFile;
  readonly clusterName: string;
  readonly server: string;
  readonly userName: string;
  readonly contextName: string;
  readonly authority: { readonly embed: AuthorityId } | { readonly path: string };
  readonly credentials:
    | {
        readonly embed: {
          readonly issuer: AuthorityId;
          readonly profile: CertificateProfile;
          readonly algorithm: KeyAlgorithm;
        };
      }
    | { readonly paths: { readonly certificate: string; readonly key: string } };
}

/** The anchors (CA certificates) of one or more authorities, concatenated in this order. */
export interface AnchorsItem extends ItemBase {
  readonly kind: 'anchors';
  readonly of: readonly AuthorityId[];
  readonly file: DesiredFile;
}

/** A byte-for-byte copy of another file of the state: CA keys and service-account keys on further nodes. */
export interface CopyItem extends ItemBase {
  readonly kind: 'copy';
  readonly from: StatePath;
  readonly file: DesiredFile;
}

/** A bare key pair: the service-account keys. */
export interface KeyPairItem extends ItemBase {
  readonly kind: 'key-pair';
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: DesiredFile;
  readonly publicKey: DesiredFile;
}

export interface DesiredFile {
  readonly path: StatePath;
  readonly mode: number;
}

/** A listening socket of a component. */
export interface Endpoint {
  /** `kube-apiserver@master`, `etcd-peer@master`: the service, then the node. */
  readonly id: string;
  readonly component: ComponentName;
  /** etcd has two sockets; every other component has one. */
  readonly port: 'client' | 'peer' | 'https';
  readonly node: string;
  readonly address: { readonly host: string; readonly port: number };
  /** What it presents: a pair on its node, or a certificate that it makes itself and keeps in memory. */
  readonly serves: { readonly certificate: StatePath; readonly key: StatePath } | 'self-signed';
  readonly clients: ClientPolicy;
}

/** Whom an endpoint accepts. */
export interface ClientPolicy {
  /**
   * `handshake`: the TLS handshake fails without a good certificate (etcd).
   * `request`: the handshake asks for one, and each request is authenticated (401), as kube-apiserver does.
   */
  readonly verified: 'handshake' | 'request';
  /** What becomes of a request without any credential. */
  readonly anonymous: 'refused' | 'unauthorized' | 'forbidden';
  /** Files of trusted anchors for client certificates, each on the endpoint's node. */
  readonly anchors: readonly StatePath[];
  /** Anchors for the front proxy, with the common names that are allowed. */
  readonly frontProxy: { readonly anchors: StatePath; readonly allowedNames: readonly string[] } | undefined;
  /** etcd's peers: a certificate with SANs must match the address it comes from. */
  readonly peerAddressCheck: boolean;
}

/** What a client shows. `certificate` and `key` may be the same kubeconfig file. */
export type Credential =
  | { readonly kind: 'pair'; readonly certificate: StatePath; readonly key: StatePath }
  | { readonly kind: 'kubeconfig'; readonly file: StatePath }
  | { readonly kind: 'none'; readonly because: string };

export type ServerTrust =
  | { readonly kind: 'anchors'; readonly file: StatePath }
  | { readonly kind: 'kubeconfig'; readonly file: StatePath }
  | { readonly kind: 'skipped'; readonly because: string };

/** One TLS relation: who, presenting what, dials which endpoint under which name, trusting which anchors. */
export interface Edge {
  /** `kube-scheduler@master/kube-apiserver@master`: client, then endpoint. */
  readonly id: string;
  readonly client: {
    readonly component: ComponentName | 'user' | 'healthcheck' | 'front-proxy';
    /** `kube-scheduler@master`, `kube-admin` */
    readonly name: string;
    readonly node: string | undefined;
  };
  readonly endpoint: Endpoint;
  readonly presents: Credential;
  readonly trusts: ServerTrust;
  /** Host name or IP address that the client dials and verifies. */
  readonly name: string;
  /** Whether the certificate authenticates as itself or as a front proxy speaking for others. */
  readonly as: 'client' | 'front-proxy';
}

export interface Cluster {
  readonly spec: ClusterSpec;
  readonly items: readonly Item[];
  readonly endpoints: readonly Endpoint[];
  readonly edges: readonly Edge[];
  /** Things that are allowed but that a careful person would want to hear of. */
  readonly warnings: readonly string[];
}
