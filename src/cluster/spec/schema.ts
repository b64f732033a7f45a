/** The shape of `kubetls.yaml`: the one place that says which keys there are, and what each defaults to. */
import * as v from 'valibot';
import { KEY_ALGORITHMS } from '../../x509/index.ts';
import * as formats from './formats.ts';
import { host } from './formats-host.ts';
import type { ServiceFile } from '../services.ts';
import * as network from './formats-network.ts';

/** A check whose refusal, with its hint, can be asked for again when problems are listed. */
type FormatCheck = ((text: string) => boolean) & { readonly refuse: formats.Format };

export function isFormatCheck(requirement: unknown): requirement is FormatCheck {
  return typeof requirement === 'function' && 'refuse' in requirement;
}

function text(refuse: formats.Format) {
  const check: FormatCheck = Object.assign((value: string) => refuse(value) === undefined, { refuse });
  return v.pipe(v.string(), v.check(check));
}

const ownOrReuse = v.optional(v.picklist(['own', 'reuse-server']), 'own');
const groups = v.optional(v.array(text(formats.groupName)));
const names = v.optional(v.array(text(network.subjectAltName)), []);

const ADMINS = ['kubernetes-admin', 'kubernetes-super-admin'] as const;

const NodeSchema = v.object({
  name: text(formats.nodeName),
  roles: v.optional(v.array(v.picklist(['control-plane', 'etcd', 'worker'])), ['worker']),
  addresses: v.array(text(network.address)),
  host: v.optional(text(host)),
  become: v.optional(v.literal('sudo')),
});

const UserSchema = v.object({
  name: text(formats.userName),
  groups: v.optional(v.array(text(formats.groupName)), []),
  id: v.optional(v.literal('none')),
});

const SERVICE_WORDS = v.picklist(['systemd', 'static-pod', 'none']);
const SERVICE_MAP = v.object({
  systemd: v.optional(text(formats.unitName)),
  command: v.optional(v.array(text(formats.commandWord))),
});
/** Which of the two is meant is seen by the value, so that what is wrong with it is said in its own terms. */
const service = v.optional(
  v.lazy((input): v.GenericSchema<ServiceFile> => (typeof input === 'object' ? SERVICE_MAP : SERVICE_WORDS)),
);

export const FileSchema = v.object({
  apiVersion: v.optional(v.literal('kubetls/v1'), 'kubetls/v1'),
  kind: v.optional(v.literal('Cluster'), 'Cluster'),
  metadata: v.object({ name: text(formats.clusterName) }),
  spec: v.object({
    profile: v.optional(v.picklist(['flat', 'kubeadm']), 'flat'),
    kubernetes: v.optional(text(formats.kubernetesVersion), `1.${formats.NEWEST_MINOR}`),
    endpoint: v.optional(text(network.endpoint)),
    dnsDomain: v.optional(text(formats.dnsDomain), 'cluster.local'),
    serviceSubnet: v.optional(text(network.serviceSubnet), '10.96.0.0/12'),
    keys: v.optional(v.object({ algorithm: v.optional(v.picklist(KEY_ALGORITHMS), 'ecdsa-p256') }), {}),
    lifetimes: v.optional(
      v.object({
        authority: v.optional(text(formats.lifetime), '10y'),
        certificate: v.optional(text(formats.lifetime), '1y'),
        renewBefore: v.optional(text(formats.duration)),
      }),
      {},
    ),
    authorities: v.optional(
      v.object({ etcd: v.optional(v.picklist(['separate', 'shared']), 'separate') }),
      {},
    ),
    clients: v.optional(
      v.object({
        'apiserver-etcd': ownOrReuse,
        'apiserver-kubelet': ownOrReuse,
        'kubelet-apiserver': ownOrReuse,
      }),
      {},
    ),
    kubelets: v.optional(
      v.object({
        serving: v.optional(v.picklist(['issued', 'rotated', 'self-signed']), 'issued'),
        client: v.optional(v.picklist(['issued', 'rotated']), 'issued'),
      }),
      {},
    ),
    admins: v.optional(v.array(v.picklist(ADMINS)), ADMINS),
    groups: v.optional(
      v.object({
        'kubernetes-admin': groups,
        'kubernetes-super-admin': groups,
        'kube-apiserver-etcd-client': groups,
        'kube-apiserver-kubelet-client': groups,
        'kube-etcd-healthcheck-client': groups,
        'front-proxy-client': groups,
        'system:kube-controller-manager': groups,
        'system:kube-scheduler': groups,
        'system:kube-proxy': groups,
      }),
      {},
    ),
    nodes: v.array(NodeSchema),
    sans: v.optional(
      v.object({
        'kube-apiserver': names,
        etcd: names,
        'etcd-peer': v.optional(v.array(text(network.subjectAltName))),
        kubelet: names,
      }),
      {},
    ),
    users: v.optional(v.array(UserSchema)),
    services: v.optional(
      v.object({
        'kube-apiserver': service,
        etcd: service,
        kubelet: service,
        'kube-scheduler': service,
        'kube-controller-manager': service,
        'kube-proxy': service,
        'aggregated-apiserver': service,
      }),
      {},
    ),
  }),
});

export type SpecFile = v.InferOutput<typeof FileSchema>;
