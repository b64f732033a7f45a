/** A master with two etcd members, its client files, and every kind of edge once: material to break. */
import { utf8 } from '../../src/base/index.ts';
import type { ClientPolicy, Edge, Endpoint, StatePath } from '../../src/cluster/index.ts';
import { type Inventory, readInventory } from '../../src/inventory/index.ts';
import { type PrivateKey, writePem, writePrivateKey } from '../../src/x509/index.ts';
import { type Draft, keyOf, leafDraft, mintDer, nameOf, rootDraft } from './mint.ts';

const root = (name: string) => rootDraft(name, keyOf(name));

/** Drafts of all certificates, to be changed before they are signed. */
export function smallDrafts() {
  const ca = root('KUBERNETES-CA');
  const etcdCa = root('ETCD-CA');
  const frontCa = root('front-proxy-ca');
  const leaf = (role: string, issuer: Draft, subject: readonly [string, ...string[]], ...names: string[]) =>
    leafDraft(nameOf(...subject), keyOf(role), issuer, names);
  const peer = (node: string, address: string): Draft => ({
    ...leaf(`peer ${node}`, etcdCa, [node], node, 'localhost', address, '127.0.0.1'),
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
  });
  return {
    ca,
    etcdCa,
    frontCa,
    apiserver: leaf('apiserver', ca, ['kube-apiserver'], 'kube-apiserver', 'kubernetes', '10.0.0.10'),
    admin: leaf('admin', ca, ['kube-admin', 'system:masters']),
    scheduler: leaf('scheduler', ca, ['system:kube-scheduler']),
    etcdClient: leaf('etcd client', etcdCa, ['kube-apiserver-etcd-client']),
    etcd: leaf('etcd', etcdCa, ['master'], 'master', '10.0.0.10', '127.0.0.1'),
    peer1: peer('master', '10.0.0.10'),
    peer2: peer('second', '10.0.0.11'),
    frontProxy: leaf('front-proxy', frontCa, ['front-proxy-client']),
  };
}

export type SmallDrafts = ReturnType<typeof smallDrafts>;
export type Files = Map<StatePath, Uint8Array>;

export const keyPem = (key: PrivateKey): Uint8Array => writePrivateKey(key, 'pkcs8').reveal();

export function certificatePem(...drafts: readonly Draft[]): Uint8Array {
  return utf8(drafts.map((draft) => writePem('CERTIFICATE', mintDer(draft))).join(''));
}

const PKI = 'nodes/master/etc/kubernetes/pki';
const ADMIN = 'users/kube-admin/admin.kubeconfig';
const SCHEDULER = 'nodes/master/etc/kubernetes/scheduler.conf';

export function smallFiles(drafts: SmallDrafts = smallDrafts()): Files {
  const files: Files = new Map();
  const pair = (base: string, draft: Draft) => {
    files.set(`${base}.crt`, certificatePem(draft));
    files.set(`${base}.key`, keyPem(draft.key));
  };
  files.set(`${PKI}/ca.crt`, certificatePem(drafts.ca));
  files.set(`${PKI}/etcd/ca.crt`, certificatePem(drafts.etcdCa));
  files.set(`${PKI}/front-proxy-ca.crt`, certificatePem(drafts.frontCa));
  files.set('nodes/second/etc/kubernetes/pki/etcd/ca.crt', certificatePem(drafts.etcdCa));
  pair(`${PKI}/apiserver`, drafts.apiserver);
  pair(`${PKI}/apiserver-etcd-client`, drafts.etcdClient);
  pair(`${PKI}/front-proxy-client`, drafts.frontProxy);
  pair(`${PKI}/etcd/server`, drafts.etcd);
  pair(`${PKI}/etcd/peer`, drafts.peer1);
  pair('nodes/second/etc/kubernetes/pki/etcd/peer', drafts.peer2);
  pair('users/kube-admin/admin', drafts.admin);
  const caData = base64(certificatePem(drafts.ca));
  files.set(
    ADMIN,
    kubeconfig(
      `certificate-authority-data: ${caData}`,
      'client-certificate: admin.crt, client-key: ./admin.key',
    ),
  );
  const data = `client-certificate-data: ${base64(certificatePem(drafts.scheduler))}, client-key-data: ${base64(keyPem(drafts.scheduler.key))}`;
  files.set(SCHEDULER, kubeconfig('certificate-authority: pki/ca.crt', data));
  return files;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export function kubeconfig(
  cluster: string,
  user: string,
  server = 'https://kube-apiserver:6443',
): Uint8Array {
  return utf8(`apiVersion: v1
kind: Config
current-context: c
clusters: [{ name: k, cluster: { server: "${server}", ${cluster} } }]
users: [{ name: u, user: { ${user} } }]
contexts: [{ name: c, context: { cluster: k, user: u } }]
`);
}

export function inventoryOf(files: Files): Inventory {
  return readInventory(Array.from(files, ([path, bytes]) => ({ path, bytes, mode: 0o600 })));
}

const BY_REQUEST: ClientPolicy = {
  verified: 'request',
  anonymous: 'forbidden',
  anchors: [`${PKI}/ca.crt`],
  frontProxy: { anchors: `${PKI}/front-proxy-ca.crt`, allowedNames: ['front-proxy-client'] },
  peerAddressCheck: false,
};

const BY_HANDSHAKE: ClientPolicy = {
  verified: 'handshake',
  anonymous: 'refused',
  anchors: [`${PKI}/etcd/ca.crt`],
  frontProxy: undefined,
  peerAddressCheck: false,
};

function endpoint(
  service: Endpoint['component'] | 'etcd-peer',
  node: string,
  host: string,
  base: string | undefined,
  clients: ClientPolicy,
): Endpoint {
  const component = service === 'etcd-peer' ? 'etcd' : service;
  const port = service === 'etcd-peer' ? 'peer' : service === 'etcd' ? 'client' : 'https';
  const serves = base === undefined ? 'self-signed' : { certificate: `${base}.crt`, key: `${base}.key` };
  return { id: `${service}@${node}`, component, port, node, address: { host, port: 1 }, serves, clients };
}

export type SmallEdge = 'admin' | 'scheduler' | 'etcd' | 'peer' | 'back' | 'proxy' | 'probe';

export function smallEdges(): Record<SmallEdge, Edge> {
  const apiserver = endpoint('kube-apiserver', 'master', '10.0.0.10', `${PKI}/apiserver`, BY_REQUEST);
  const etcd = endpoint('etcd', 'master', '10.0.0.10', `${PKI}/etcd/server`, BY_HANDSHAKE);
  const peers = { ...BY_HANDSHAKE, peerAddressCheck: true };
  const peer1 = endpoint('etcd-peer', 'master', '10.0.0.10', `${PKI}/etcd/peer`, peers);
  const peer2 = endpoint(
    'etcd-peer',
    'second',
    '10.0.0.11',
    'nodes/second/etc/kubernetes/pki/etcd/peer',
    peers,
  );
  const aggregated = endpoint('aggregated-apiserver', 'master', '10.0.0.10', undefined, BY_REQUEST);
  const pair = (base: string) => ({ kind: 'pair', certificate: `${base}.crt`, key: `${base}.key` }) as const;
  const edge = (
    client: Edge['client'],
    target: Endpoint,
    presents: Edge['presents'],
    trusts: Edge['trusts'],
    name: string,
  ): Edge => ({
    id: `${client.name}/${target.id}`,
    client,
    endpoint: target,
    presents,
    trusts,
    name,
    as: 'client',
  });
  const who = (component: Edge['client']['component'], node?: string): Edge['client'] => ({
    component,
    name: node === undefined ? 'kube-admin' : `${component}@${node}`,
    node,
  });
  const file = (at: StatePath) => ({ kind: 'kubeconfig', file: at }) as const;
  const anchors = (at: StatePath) => ({ kind: 'anchors', file: at }) as const;
  const skipped = { kind: 'skipped', because: 'nobody looks' } as const;
  const second = 'nodes/second/etc/kubernetes/pki/etcd';
  return {
    admin: edge(who('user'), apiserver, file(ADMIN), file(ADMIN), 'kube-apiserver'),
    scheduler: edge(
      who('kube-scheduler', 'master'),
      apiserver,
      file(SCHEDULER),
      file(SCHEDULER),
      'kube-apiserver',
    ),
    etcd: edge(
      who('kube-apiserver', 'master'),
      etcd,
      pair(`${PKI}/apiserver-etcd-client`),
      anchors(`${PKI}/etcd/ca.crt`),
      '10.0.0.10',
    ),
    peer: edge(
      who('etcd', 'second'),
      peer1,
      pair(`${second}/peer`),
      anchors(`${second}/ca.crt`),
      '10.0.0.10',
    ),
    back: edge(
      who('etcd', 'master'),
      peer2,
      pair(`${PKI}/etcd/peer`),
      anchors(`${PKI}/etcd/ca.crt`),
      '10.0.0.11',
    ),
    proxy: {
      ...edge(
        who('front-proxy', 'master'),
        aggregated,
        pair(`${PKI}/front-proxy-client`),
        skipped,
        'metrics.svc',
      ),
      as: 'front-proxy',
    },
    probe: edge(
      who('kubelet', 'master'),
      aggregated,
      { kind: 'none', because: 'a probe' },
      skipped,
      '10.0.0.10',
    ),
  };
}
