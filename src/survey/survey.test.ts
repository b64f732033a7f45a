import { describe, expect, it } from 'vitest';
import { applied } from '../../test/support/small-cluster.ts';
import { placeText, readMaterial, type Survey, Surveyor, type TreeFile } from './index.ts';

const world = await applied();
const bytesOf = (path: string) => Buffer.from(world.inventory.get(path)?.bytes ?? []);
const ca = bytesOf('nodes/master/etc/kubernetes/pki/ca.crt');
const crt = bytesOf('users/kube-admin/admin.crt');
const key = bytesOf('users/kube-admin/admin.key');
const b64 = (bytes: Buffer) => bytes.toString('base64');
const indented = (bytes: Buffer, by: number) =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .join(`\n${' '.repeat(by)}`);

function survey(files: Readonly<Record<string, string | Buffer>>, more: Partial<TreeFile> = {}): Survey {
  const surveyor = new Surveyor();
  for (const [path, content] of Object.entries(files)) {
    const [root = '', rest = ''] = path.split(':');
    const bytes = Buffer.from(content);
    surveyor.add({ root, path: rest, mode: 0o644, owner: undefined, bytes, ...more });
  }
  return surveyor.done();
}

const places = ({ certificates }: Survey) => certificates.map((one) => one.places.map(placeText));

describe('a survey', () => {
  it('has each certificate once with all its places, and its key wherever that is', () => {
    const found = survey({
      'a:pki/ca.crt': ca,
      'b:etc/bundle.pem': Buffer.concat([crt, ca]),
      'b:keys/admin.key': key,
      'b:notes.txt': 'hello',
    });
    expect(places(found)).toEqual([
      ['a:pki/ca.crt, line 1', expect.stringMatching(/^b:etc\/bundle.pem, line \d+$/)],
      ['b:etc/bundle.pem, line 1'],
    ]);
    const [authority, admin] = found.certificates;
    if (!authority || !admin) throw new Error('certificates are missing');
    expect(found.keyFor(admin.certificate)?.places).toMatchObject([
      { path: 'keys/admin.key', private: true },
    ]);
    expect(found.keyFor(authority.certificate)).toBeUndefined();
    expect([found.seen, found.files.length]).toEqual([4, 3]);
  });

  it('tells of what promises more than it holds, and of what was not read', () => {
    const failure = { code: 'stores/link', message: 'the link leads nowhere' };
    const surveyor = new Surveyor();
    const file = (path: string, bytes: Buffer | undefined) =>
      ({ root: 'n', path, mode: 0, owner: undefined, bytes }) as const;
    surveyor.add(file('a.crt', Buffer.alloc(0)));
    surveyor.add(file('b.key', Buffer.from('hello')));
    surveyor.add(file('c.crt', ca.subarray(0, 300)));
    surveyor.add({ ...file('d.pem', undefined), failure });
    surveyor.add(file('e.txt', Buffer.from('hello')));
    expect(surveyor.done().problems.map(({ code, where }) => [where?.file, code])).toEqual([
      ['n:a.crt', 'survey/nothing'],
      ['n:b.key', 'survey/nothing'],
      ['n:c.crt', 'x509/pem-end'],
      ['n:d.pem', 'stores/link'],
    ]);
  });

  it('holds no private key, only its public half', () => {
    const found = survey({ 'n:a.key': key, 'n:s.yaml': `kind: Secret\ndata:\n  k: ${b64(key)}\n` });
    const text = JSON.stringify(found, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    // The bytes of the files themselves are kept: they are what adopt copies.
    const kept = found.files.map(({ bytes }) => Buffer.from(bytes ?? []).toString('latin1'));
    const body = key.toString().split('\n')[1] ?? '';
    const without = kept.reduce((rest, one) => rest.replaceAll(JSON.stringify(one), ''), text);
    expect(without).not.toContain(body);
    expect(found.keys).toHaveLength(1);
  });
});

describe('dumps', () => {
  const dump = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  type: kubernetes.io/tls
  metadata: { name: web, namespace: default }
  data:
    tls.crt: ${b64(crt)}
    tls.key: ${b64(key)}
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: kube-root-ca.crt
    namespace: default
  data:
    ca.crt: |
      ${indented(ca, 6)}
- apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingWebhookConfiguration
  metadata: { name: hook }
  webhooks:
  - name: a.b.c
    clientConfig: { caBundle: ${b64(ca)} }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1beta1.metrics.k8s.io }
spec: { caBundle: ${b64(ca)} }
`;

  it('of Secrets, ConfigMaps and caBundles, with the object and the field of each', () => {
    const { certificates, keys, problems } = readMaterial(Buffer.from(dump), 'dump.yaml');
    expect(certificates.map(({ place }) => place)).toEqual([
      'Secret default/web, data.tls.crt',
      'ConfigMap default/kube-root-ca.crt, data.ca.crt',
      'ValidatingWebhookConfiguration hook, webhooks[0].clientConfig.caBundle',
      'APIService v1beta1.metrics.k8s.io, spec.caBundle',
    ]);
    expect(keys).toMatchObject([{ place: 'Secret default/web, data.tls.key', private: true }]);
    expect(problems).toEqual([]);
  });

  it('in JSON; the kubeconfig in cluster-info; one in a Secret, with what it embeds', () => {
    const config = `apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    server: https://a\n    certificate-authority-data: ${b64(ca)}\n`;
    const items = [
      {
        kind: 'ConfigMap',
        metadata: { name: 'cluster-info', namespace: 'kube-public' },
        data: { kubeconfig: config },
      },
      { kind: 'Secret', metadata: { name: 'x-kubeconfig' }, data: { value: b64(Buffer.from(config)) } },
    ];
    const { certificates, kubeconfigs } = readMaterial(Buffer.from(JSON.stringify({ items })), 'x.json');
    expect(certificates.map(({ place }) => place)).toEqual([
      'ConfigMap kube-public/cluster-info, data.kubeconfig, cluster c',
      'Secret x-kubeconfig, data.value, cluster c',
    ]);
    expect(kubeconfigs).toHaveLength(2);
  });

  it('an object by itself, on one line', () => {
    const kubeconfig = `kind: Config\nclusters:\n- name: ""\n  cluster: { certificate-authority-data: ${b64(ca)} }\n`;
    const metadata = { name: 'cluster-info', namespace: 'kube-public' };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { kubeconfig } };
    const { certificates, problems } = readMaterial(Buffer.from(JSON.stringify(object)), 'x.json');
    expect(certificates.map(({ place }) => place)).toEqual([
      'ConfigMap kube-public/cluster-info, data.kubeconfig, cluster ',
    ]);
    expect(problems).toEqual([]);
  });

  it("Talos' secrets", () => {
    const text = `certs:\n  k8s:\n    crt: ${b64(ca)}\n    key: ${b64(key)}\n  os: {}\n`;
    const { certificates, keys } = readMaterial(Buffer.from(text), 'secrets.yaml');
    expect([certificates[0]?.place, keys[0]?.place]).toEqual(['certs.k8s.crt', 'certs.k8s.key']);
  });

  it('cut off or damaged give what stands before', () => {
    const cut = readMaterial(Buffer.from(`${dump}---\n: : [\n`), 'dump.yaml');
    expect(cut.certificates).toHaveLength(4);
    expect(cut.problems).toMatchObject([{ code: 'survey/yaml' }]);
    const bad = `kind: Secret\nmetadata: { name: s }\ndata:\n  tls.crt: LS0tLS1CRUdJTiBYLS0tLS0KAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n`;
    const { problems } = readMaterial(Buffer.from(bad), 's.yaml');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.where?.path).toBe('Secret s, data.tls.crt');
  });
});

describe('what was pasted', () => {
  const text = ca.toString();
  it.each([
    ['on one line', text.replaceAll('\n', '')],
    ['with spaces for line breaks', text.replaceAll('\n', ' ')],
    ['with \\n for line breaks', text.replaceAll('\n', '\\n')],
    ['indented and quoted', text.replaceAll('\n', '\n> ').replace(/^/, '> ')],
    ['in JSON', JSON.stringify({ a: text })],
    ['without its first and last line', text.replace(/-----.*-----\n/g, '')],
  ])('%s is read', (_, pasted) => {
    const { certificates, problems } = readMaterial(Buffer.from(pasted), 'x');
    const der = (one: { value: { der: Uint8Array } } | undefined) => Buffer.from(one?.value.der ?? []);
    expect(der(certificates[0])).toEqual(der(readMaterial(ca, 'x').certificates[0]));
    if (!pasted.startsWith('{')) expect(problems.map(({ code }) => code)).toContain('survey/pasted');
  });
});

describe('which flag points at which file', () => {
  const told = (files: Readonly<Record<string, string>>) =>
    survey(files).references.map(({ component, name, role, to }) => [component, name, role, to]);

  it('a static pod, in a tree that begins anywhere', () => {
    const pod = `apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: kube-system }
spec:
  containers:
  - image: registry.k8s.io/kube-apiserver:v1.37.2
    command: [kube-apiserver, --client-ca-file=/etc/kubernetes/pki/ca.crt, "--tls-cert-file", /nowhere/a.crt]
`;
    const whole = told({
      'n:etc/kubernetes/manifests/kube-apiserver.yaml': pod,
      'n:etc/kubernetes/pki/ca.crt': ca.toString(),
    });
    expect(whole).toEqual([
      ['kube-apiserver', 'client-ca-file', 'anchors', 'etc/kubernetes/pki/ca.crt'],
      ['kube-apiserver', 'tls-cert-file', 'certificate', undefined],
    ]);
    const part = told({ 'n:manifests/kube-apiserver.yaml': pod, 'n:pki/ca.crt': ca.toString() });
    expect(part[0]?.[3]).toBe('pki/ca.crt');
  });

  it('units, drop-ins, variables, files of flags', () => {
    expect(
      told({
        'n:etc/systemd/system/etcd.service':
          '[Service]\nExecStart=/usr/local/bin/etcd \\\n  --cert-file=/etc/etcd/a.pem \\\n  --key-file "/etc/etcd/a key.pem"\n',
        'n:usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf':
          '[Service]\nEnvironment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/b --kubeconfig=/k"\nExecStart=\n',
        'n:etc/etcd.env': 'ETCD_PEER_CERT_FILE=/etc/ssl/etcd/ssl/member-a.pem\nETCD_DATA_DIR=/x\n',
        'n:var/snap/microk8s/current/args/kube-scheduler': '--kubeconfig=${SNAP_DATA}/credentials/s\n',
      }).map(([component, name]) => `${component} ${name}`),
    ).toEqual([
      'etcd cert-file',
      'etcd key-file',
      'kubelet bootstrap-kubeconfig',
      'kubelet kubeconfig',
      'etcd peer-cert-file',
      'kube-scheduler kubeconfig',
    ]);
  });

  it('configuration files of kubelet, scheduler and etcd; a kubeconfig, from where it stands', () => {
    expect(
      told({
        'n:var/lib/kubelet/config.yaml':
          'kind: KubeletConfiguration\nauthentication: { x509: { clientCAFile: /etc/kubernetes/pki/ca.crt } }\ntlsCertFile: /a\n',
        'n:scheduler.yaml': 'kind: KubeSchedulerConfiguration\nclientConnection: { kubeconfig: /s.conf }\n',
        'n:etc/etcd.yml':
          'name: a\npeer-transport-security:\n  trusted-ca-file: /etc/kubernetes/pki/ca.crt\n',
        'n:etc/kubernetes/pki/ca.crt': ca.toString(),
        'n:etc/kubernetes/k.conf':
          'kind: Config\nclusters: [{ name: c, cluster: { server: "https://a", certificate-authority: pki/ca.crt } }]\n',
      }),
    ).toEqual([
      ['kubelet', 'client-ca-file', 'anchors', 'etc/kubernetes/pki/ca.crt'],
      ['kubelet', 'tls-cert-file', 'certificate', undefined],
      ['kube-scheduler', 'kubeconfig', 'kubeconfig', undefined],
      ['etcd', 'peer-trusted-ca-file', 'anchors', 'etc/kubernetes/pki/ca.crt'],
      ['kubeconfig', 'cluster c', undefined, 'etc/kubernetes/pki/ca.crt'],
    ]);
  });

  it('k3s, from its unit and its configuration file', () => {
    expect(
      told({
        'n:etc/systemd/system/k3s.service':
          "ExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--kube-apiserver-arg=client-ca-file=/x' \\\n\t'--token' 'abc'\n",
        'n:etc/rancher/k3s/config.yaml':
          'token: abc\nkubelet-arg: [client-ca-file=/y, v=2]\ndatastore-cafile: /etcd/ca.pem\n',
      }).map(([component, name]) => `${component} ${name}`),
    ).toEqual(['kube-apiserver client-ca-file', 'kubelet client-ca-file', 'k3s datastore-cafile']);
  });

  it('no flag that holds a secret is kept', () => {
    const unit = 'ExecStart=/usr/bin/kubelet --bootstrap-token=abcdef.0123 --kubeconfig=/k\n';
    expect(survey({ 'n:a.service': unit }).files[0]?.material.settings.map(({ name }) => name)).toEqual([
      'kubeconfig',
    ]);
  });
});
