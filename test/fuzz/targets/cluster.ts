import { auditTree, placeParts } from '../../../src/audit/index.ts';
import { Secret, utf8 } from '../../../src/base/index.ts';
import { parseSpec, SpecError } from '../../../src/cluster/index.ts';
import { classify } from '../../../src/inventory/classify.ts';
import { readInventory } from '../../../src/inventory/index.ts';
import {
  type Kubeconfig,
  mergeKubeconfigs,
  parseKubeconfig,
  resolveKubeconfig,
  writeKubeconfig,
} from '../../../src/kubeconfig/index.ts';
import { readLine } from '../../../src/explain/index.ts';
import { readMaterial, references, Surveyor } from '../../../src/survey/index.ts';
import { listed, mustHold, target, type Target } from '../target.ts';
import { useCertificate } from './x509.ts';

const YAML_WORDS = listed(
  '&a ¦*a¦<<: *a¦!!binary ¦? ¦- ¦{¦}¦[¦]¦|\n¦>-\n¦"¦\'¦---\n¦...\n¦%YAML 1.1\n¦# ¦: ¦~¦yes',
  '0o17¦1e999¦__proto__¦\t¦\r\n¦\xef\xbb\xbf',
);

const KUBECONFIG_WORDS = listed(
  'clusters:\n¦contexts:\n¦users:\n¦current-context: ¦insecure-skip-tls-verify: true\n',
  'server: https://[::1]:6443/x¦proxy-url: socks5://a:b@c¦token: ¦tokenFile: /x¦exec:\n',
  'extensions:\n¦preferences: {}\n¦client-key: k¦tls-server-name: x¦kind: Config\n',
);

const SPEC_WORDS = listed(
  'roles: [control-plane, etcd]¦addresses: [10.0.0.1]¦profile: kubeadm¦lifetimes: ¦10y',
  'serviceSubnet: 10.96.0.0/12¦fd00::/108¦algorithm: rsa-4096¦users: ¦sans: ¦clients: ',
  'endpoint: a:6443¦kubernetes: "1.37"¦reuse-server¦shared¦nodes: []¦renewBefore: 30d',
);

const LOG_WORDS = listed(
  'x509: certificate is valid for ¦, not ¦remote error: tls: ¦http: TLS handshake error from ¦\\"¦err="¦{"msg":"¦"error":"',
  'Get "https://[::1]:6443/¦E1123 12:00:00.000000 1 a.go:1] ¦verifying certificate SN=1, ¦ failed: ¦curl: (60) ¦}',
);

const DUMP_WORDS = listed(
  'kind: Secret\n¦kind: Pod\n¦metadata: { name: a }\n¦data:\n¦caBundle: LS0tLS1CRUdJTi¦items:\n¦---\n¦MIIB',
  'kind: KubeletConfiguration\n¦command: [kube-apiserver, --client-ca-file=/a]¦client-transport-security: {}',
  'ExecStart=/usr/bin/etcd \\\n¦--cert-file "/a"¦ETCD_CERT_FILE=/a\n¦KUBELET_EXTRA_ARGS=--kubeconfig=/k\n',
  '-----BEGIN ¦-----END ¦CERTIFICATE-----¦\\n¦> ',
);

export const clusterTargets: Readonly<Record<string, Target>> = {
  kubeconfig: target('text', (bytes) => useKubeconfig(parseKubeconfig(bytes, 'admin.conf')), {
    words: [...YAML_WORDS, ...KUBECONFIG_WORDS],
    pace: 1 / 4,
  }),
  spec: target('text', readSpec, { words: [...YAML_WORDS, ...SPEC_WORDS], pace: 1 / 4 }),
  classify: target('text', (bytes) => classify(bytes), { words: YAML_WORDS, pace: 1 / 2 }),
  survey: target('text', survey, { words: [...YAML_WORDS, ...DUMP_WORDS], pace: 1 / 4 }),
  'log-line': target('text', (bytes) => readLine(Buffer.from(bytes).toString('utf8')), { words: LOG_WORDS }),
  inspect: target('text', inspect, {
    words: [...YAML_WORDS, '-----BEGIN ', 'CERTIFICATE-----\n', '__defineGetter__', 'toString', 'PKCS7'],
    pace: 1 / 2,
  }),
};

function useKubeconfig(config: Kubeconfig): void {
  const written = text(writeKubeconfig(config));
  mustHold(text(writeKubeconfig(parseKubeconfig(written))) === written, 'it is read as it is written');
  mergeKubeconfigs([{ config, directory: '/etc' }]);
  for (const { name } of config.contexts) {
    try {
      resolveKubeconfig(config, { context: name, directory: '/etc', read: () => utf8('x') });
    } finally {
      references(config);
    }
  }
}

function text(secret: Secret): string {
  return Buffer.from(secret.reveal()).toString('utf8');
}

function readSpec(bytes: Uint8Array): void {
  try {
    parseSpec(Buffer.from(bytes).toString('utf8'), 'kubetls.yaml');
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const { where } of error.problems) mustHold((where?.line ?? 0) > 0, 'a problem has its line');
  }
}

function survey(bytes: Uint8Array): void {
  const surveyor = new Surveyor();
  surveyor.add({ root: 'n', path: 'a.crt', mode: 0o644, owner: undefined, bytes });
  const { files, references, problems } = surveyor.done();
  mustHold(files.length === 1 || problems.length === 0, 'what is told of is kept');
  for (const { to } of references)
    mustHold(to === undefined || to === 'a.crt', 'a reference leads to a file');
  judged(bytes);
}

/** Every check over a tree that has just this file. */
function judged(bytes: Uint8Array): void {
  const path = 'nodes/n/etc/kubernetes/pki/apiserver.crt';
  const input = { inventory: readInventory([{ path, mode: 0o644, bytes }]), at: NOW };
  for (const { id, places } of auditTree(input)) {
    mustHold(places.length > 0, `${id} has a place`);
    for (const place of places)
      mustHold(placeParts(place).file === path, `${id} is told at the file that it is in`);
  }
}

const NOW = Date.UTC(2026, 10, 23);

function inspect(bytes: Uint8Array): void {
  readMaterial(bytes, 'x').certificates.forEach(({ value }) => useCertificate(value));
}
