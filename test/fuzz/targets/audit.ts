import {
  applyExceptions,
  auditKubeconfigs,
  auditTree,
  parseExceptions,
  type World,
} from '../../../src/audit/index.ts';
import { asBuffer } from '../../../src/base/index.ts';
import { readInventory } from '../../../src/inventory/index.ts';
import { locateKubeconfig } from '../../../src/kubeconfig/index.ts';
import { listed, mustHold, never, target, type Target } from '../target.ts';

export const auditTargets: Readonly<Record<string, Target>> = {
  exceptions: target('text', excuse, {
    words: listed(
      'apiVersion: kubetls/v1\nkind: Exceptions\nexceptions:\n¦  - { id: file-unreadable, place: "**", until: 2027-01-31, reason: x }\n',
      'id: ¦place: ¦reason: ¦until: ¦2026-02-30¦9999-12-31¦0000-01-01¦**¦*¦/¦**/¦nodes/n¦apiserver.crt¦.pub',
      '&a ¦*a¦<<: *a¦? ¦- ¦{¦}¦[¦]¦|\n¦"¦---\n¦~¦__proto__¦\t',
    ),
    pace: 1 / 4,
  }),
  'kubeconfig-files': never('text', auditPointed, {
    words: listed(
      '-----BEGIN CERTIFICATE-----\n¦-----END CERTIFICATE-----\n¦-----BEGIN PRIVATE KEY-----\n¦-----END PRIVATE KEY-----\n',
      'e30.¦{"exp":¦-1e300¦1e999¦8640000000001¦-62135596801¦"exp"¦.¦null¦\xef\xbb\xbf',
    ),
    pace: 1 / 4,
  }),
};

const AT = Date.UTC(2026, 10, 28);
const FILES = ['nodes/n/etc/kubernetes/pki/apiserver.crt', 'nodes/n/etc/kubernetes/pki/sa.pub'];
const findings = auditTree({
  inventory: readInventory(FILES.map((path) => ({ path, mode: 0o666, bytes: asBuffer(new Uint8Array(3)) }))),
  at: AT,
});

function excuse(bytes: Uint8Array): void {
  const exceptions = parseExceptions(asBuffer(bytes).toString('utf8'), 'exceptions.yaml');
  for (const { until, where } of exceptions) {
    mustHold(Number.isFinite(until) && (where.line ?? 0) > 0, 'an exception has an end and a line');
  }
  const { findings: left, excepted } = applyExceptions(findings, exceptions, AT);
  const own = left.filter(({ id }) => id.startsWith('exception-'));
  mustHold(own.length <= exceptions.length, 'an exception is a finding once');
  mustHold(left.length - own.length + excepted.length === findings.length, 'no finding is lost');
}

const TOKEN = '/token';
const POINTING = `
clusters: [{ name: c, cluster: { server: "https://a:6443", certificate-authority: /ca } }]
users: [{ name: u, user: { client-certificate: /crt, client-key: /key, tokenFile: ${TOKEN} } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`;
const source = { ...locateKubeconfig(POINTING, '/config'), file: '/config', mode: 0o600 };

/** Every check of a kubeconfig whose files all hold this; as a token also what a service account's would claim. */
function auditPointed(bytes: Uint8Array): void {
  const claims = Buffer.from(`e30.${asBuffer(bytes).toString('base64url')}.x`);
  for (const token of [bytes, claims]) {
    const world: World = {
      at: AT,
      read: (path) => (path === TOKEN ? token : bytes),
      mode: () => 0o644,
      runs: () => true,
      seen: () => ({ presented: [bytes] }),
    };
    for (const { id, message, where } of auditKubeconfigs([source], world)) {
      mustHold(message !== '' && where.file === '/config', `${id} is told at its place`);
    }
  }
}
