import { pem } from '../audited-tree.ts';
import { keyOf, leafDraft, mint, nameOf, rootDraft } from '../mint.ts';
import type { AuditedTree } from '../audited-tree.ts';
import type { TreePlant } from './types.ts';

/** A kubeconfig of nobody's, so that no edge depends on it. */
const PATH = 'users/guest/config';

const edited = ({ inventory }: AuditedTree, change: (text: string) => string, mode = 0o600) => {
  const { bytes } = inventory.get('users/kube-admin/admin.kubeconfig') ?? { bytes: Buffer.of() };
  const anchors = Buffer.from(inventory.get('users/kube-admin/ca.crt')?.bytes ?? []).toString('base64');
  const text = Buffer.from(bytes)
    .toString()
    .replace(/certificate-authority: .*/, `certificate-authority-data: ${anchors}`)
    .replace(/client-certificate: .*/, 'token: abc')
    .replace(/\n *client-key: .*/, '');
  return [{ path: PATH, mode, bytes: Buffer.from(change(text)) }];
};

const plant = (id: string, pattern: RegExp, text: string, more: readonly string[] = []): TreePlant => ({
  id,
  more,
  plant: (tree) => edited(tree, (config) => config.replace(pattern, text)),
});

const stranger = rootDraft('stranger', keyOf('stranger'));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

export const plantedKubeconfigs: readonly TreePlant[] = [
  { id: 'file-mode', plant: (tree) => edited(tree, (text) => text, 0o644) },
  plant('current-context-unknown', /current-context: .*/, 'current-context: nowhere'),
  plant('kubeconfig-empty', /contexts:[\s\S]*?(?=\ncurrent-context)\ncurrent-context: .*/, 'contexts: []'),
  plant('server-missing', /\n *server: .*/, ''),
  plant('server-invalid', /server: .*/, 'server: "https://:x"'),
  plant('proxy-invalid', /server: (.*)/, 'server: $1\n    proxy-url: "ftp://a"'),
  plant('plain-http', /server: https/, 'server: http'),
  plant('insecure', /certificate-authority-data: .*/, 'insecure-skip-tls-verify: true'),
  plant(
    'insecure-with-authority',
    /(certificate-authority-data: .*)/,
    '$1\n    insecure-skip-tls-verify: true',
    ['insecure'],
  ),
  plant('authority-absent', /certificate-authority-data: .*\n */, ''),
  plant('authority-unusable', /certificate-authority-data: .*/, 'certificate-authority-data: QQ=='),
  {
    id: 'authority-is-none',
    plant: (tree) => {
      const leaf = mint({
        ...leafDraft(nameOf('x'), keyOf('x'), stranger, ['x']),
        keyUsage: ['digitalSignature'],
      });
      return edited(tree, (text) =>
        text.replace(/certificate-authority-data: .*/, `certificate-authority-data: ${base64(pem(leaf))}`),
      );
    },
    more: ['issuer-unknown'],
  },
  plant('file-missing', /certificate-authority-data: .*/, 'certificate-authority: gone.crt'),
  plant('path-and-data', /(certificate-authority-data: .*)/, '$1\n    certificate-authority: config'),
  {
    id: 'key-missing',
    plant: (tree) => edited(tree, (text) => text.replace(/token: abc/, `client-certificate: config`)),
  },
  plant('credentials-conflict', /token: abc/, 'token: abc\n    username: a\n    password: b'),
  plant('pair-unusable', /token: abc/, 'client-certificate-data: QQ==\n    client-key-data: QQ=='),
  plant('key-alone', /token: abc/, 'client-key-data: QQ=='),
  plant('token-life', /token: abc/, `token: "a.${base64(Buffer.from('{"exp":1}'))}.b"`),
  plant('token-file-missing', /token: abc/, 'tokenFile: gone'),
  plant('name-unknown', /(\n *)cluster: (.*)(\n *)user: (.*)/, '$1cluster: gone$3user: $4'),
  plant('namespace-invalid', /(\n *)user: (.*)/, '$1user: $2$1namespace: "A b"'),
  {
    id: 'certificate-stranger',
    plant: (tree) => {
      const draft = {
        ...leafDraft(nameOf('guest'), keyOf('guest'), stranger, []),
        keyUsage: ['digitalSignature'] as const,
      };
      const data = base64(pem(mint(draft)));
      const key = base64(Buffer.from(pkcs8('guest')));
      return edited(tree, (text) =>
        text.replace(/token: abc/, `client-certificate-data: ${data}\n    client-key-data: ${key}`),
      );
    },
    more: ['issuer-unknown'],
  },
];

function pkcs8(name: string): string {
  const der = Buffer.from(keyOf(name).pkcs8.reveal()).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
}
