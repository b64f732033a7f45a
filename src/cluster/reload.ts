/** When a program reads a file again, as one table: the twin behaves by it, and a roll-out is planned by it. */
import { MINUTE, SECOND } from '../base/index.ts';
import type { ComponentName } from './types.ts';

/**
 *   start   at a restart only
 *   hot     by itself, some time after it has changed; what is no good is kept out and the old stays
 *   always  whenever it is needed, whatever it holds
 */
export type Reload = 'start' | 'hot' | 'always';

/** What a file is to the program that reads it. */
export type FileRole =
  /** Certificate and key of a listening socket. */
  | 'serving'
  /** Whom that socket trusts. */
  | 'client-anchors'
  | 'front-proxy-anchors'
  /** Shown to etcd, to its peers, to kubelets, to aggregated API servers; and whom those are trusted by. */
  | 'etcd-pair'
  | 'etcd-anchors'
  | 'peer-pair'
  | 'peer-anchors'
  | 'kubelet-pair'
  | 'kubelet-anchors'
  | 'front-proxy-pair'
  /** A kubeconfig with all that is embedded in it, and the files that it names. */
  | 'kubeconfig'
  | 'kubeconfig-pair'
  | 'kubeconfig-anchors'
  /** --cluster-signing-cert-file and -key-file, --root-ca-file, and the keys of service accounts. */
  | 'signing'
  | 'published-anchors'
  | 'token-keys';

export interface ReloadFact {
  readonly reload: Reload;
  /** Milliseconds, the longest that it takes where it is `hot`; else 0. */
  readonly within: number;
  /** Where Kubernetes or etcd says so. */
  readonly source: string;
}

interface Row extends ReloadFact {
  /** First minor version of Kubernetes for which it is so: before it a restart is needed. */
  readonly since?: number;
}

/** fsnotify, measured at 4 to 15 ms; a file that is removed and made again is found by the check every minute. */
const watched: Row = {
  reload: 'hot',
  within: MINUTE,
  source: 'apiserver/pkg/server/dynamiccertificates (FileRefreshDuration)',
};
/** Measured at 91 to 300 s: new connections use it within a second, those that are open end at the next tick. */
const ticked: Row = {
  reload: 'hot',
  within: 5 * MINUTE,
  source: 'client-go/transport/cert_rotation.go (CertCallbackRefreshDuration)',
};
/** Lazily, at a request. Gate ClientsAllowCARotation. */
const rotated: Row = {
  reload: 'hot',
  within: 5 * MINUTE,
  source: 'client-go/transport/ca_rotation.go',
  since: 36,
};
const start = (source: string): Row => ({ reload: 'start', within: 0, source });
const always = (source: string): Row => ({ reload: 'always', within: 0, source });

const ONCE = 'client-go/tools/clientcmd: a kubeconfig is read once';
const ETCD_POOLS = 'etcd client/pkg/transport/listener.go (ServerConfig, ClientConfig): pools are made once';
const ETCD_PAIRS = 'etcd client/pkg/transport/listener.go (baseConfig): read at every handshake';

const client: Partial<Record<FileRole, Row>> = {
  kubeconfig: start(ONCE),
  'kubeconfig-pair': ticked,
  'kubeconfig-anchors': rotated,
};
/** apiserver/pkg/server/options: serving.go, authentication.go. */
const server: Partial<Record<FileRole, Row>> = {
  serving: watched,
  'client-anchors': watched,
  'front-proxy-anchors': watched,
};

/** Measured on Kubernetes 1.37.2 and etcd 3.7.3. */
const TABLE: Readonly<Record<ComponentName, Partial<Record<FileRole, Row>>>> = {
  'kube-apiserver': {
    ...server,
    'etcd-pair': always(ETCD_PAIRS),
    'etcd-anchors': start(ETCD_POOLS),
    'kubelet-pair': ticked,
    'kubelet-anchors': rotated,
    'front-proxy-pair': {
      reload: 'hot',
      within: SECOND,
      source: 'kube-aggregator/pkg/apiserver/apiserver.go (aggregator-proxy-cert)',
    },
    'token-keys': start('kubernetes/pkg/serviceaccount/jwt.go (StaticPublicKeysGetter)'),
  },
  'kube-controller-manager': {
    ...server,
    ...client,
    signing: always('kubernetes/pkg/controller/certificates/signer/ca_provider.go'),
    'published-anchors': start('kubernetes/cmd/kube-controller-manager/app/certificates.go'),
    'token-keys': start('kubernetes/cmd/kube-controller-manager/app/service_accounts.go'),
  },
  /** Its anchors come from a ConfigMap that kube-apiserver keeps up to date, unless it is given files. */
  'kube-scheduler': { ...server, ...client },
  'aggregated-apiserver': server,
  kubelet: {
    ...client,
    // A dialler of its own leaves the transport without CAFile.
    'kubeconfig-anchors': start('kubernetes/pkg/kubelet/certificate/transport.go'),
    // Since 1.31 it reads them again, and until 1.35 serves what it has read to those who say a name: kube-apiserver
    // dials an address, and Go then takes the pair of its start (ListenAndServeTLS; crypto/tls, getCertificate).
    serving: {
      ...watched,
      source: 'kubernetes/pkg/kubelet/server/server.go (ListenAndServeKubeletServer)',
      since: 36,
    },
    'client-anchors': { ...watched, source: 'kubernetes/cmd/kubelet/app/auth.go' },
  },
  'kube-proxy': {
    ...client,
    serving: start('kubernetes/cmd/kube-proxy'),
    'client-anchors': start('kubernetes/cmd/kube-proxy'),
  },
  etcd: {
    serving: always(ETCD_PAIRS),
    'peer-pair': always(ETCD_PAIRS),
    'client-anchors': start(ETCD_POOLS),
    'peer-anchors': start(ETCD_POOLS),
  },
};

/** Nothing is known of it: only a restart is sure. */
const UNKNOWN = start('not known: a restart is sure');

export function reloadFact(component: ComponentName, role: FileRole, kubernetesMinor: number): ReloadFact {
  const { since = 0, ...fact } = TABLE[component][role] ?? UNKNOWN;
  return kubernetesMinor < since ? { ...fact, reload: 'start', within: 0 } : fact;
}
