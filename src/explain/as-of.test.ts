/** Lines that say when they were written are judged as of then. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditedTree, cleanTree, reissued } from '../../test/judges/audited-tree.ts';
import { NOW } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { createExplainer, readLine } from './index.ts';

const PKI = 'nodes/cp1/etc/kubernetes/pki';

let tree: AuditedTree;
beforeAll(async () => (tree = await cleanTree('kubeadm')));

function worldOf(inventory: Inventory) {
  const again = (command: string) => `kubetls ${command}`;
  return { cluster: tree.cluster, inventory, at: NOW, written: tree.written, again };
}

describe('a line that says when it was written', () => {
  const path = `${PKI}/apiserver.crt`;
  const klog = (at: number, text: string) => {
    const [date = '', clock = ''] = new Date(at).toISOString().split(/[TZ]/);
    return `E${date.slice(5).replace('-', '')} ${clock}000 1 a.go:75] ${text}`;
  };
  const LINE =
    'Get "https://10.0.0.11:6443/api": tls: failed to verify certificate: x509: certificate has expired';
  const causesOf = (inventory: Inventory, line: string, at = NOW) => {
    const reading = readLine(line);
    return reading ? createExplainer({ ...worldOf(inventory), at })(reading) : [];
  };

  it('is judged as of steps: what has ended now had not, and so the other one is at fault', () => {
    const inventory = tree.inventory.withFiles([
      reissued(tree, `${PKI}/apiserver`, { notAfter: NOW - DAY }),
      reissued(tree, `${PKI}/apiserver-kubelet-client`, { notAfter: NOW - 3 * DAY }),
    ]);
    const alert = 'http: TLS handshake error: remote error: tls: bad certificate';
    const idsAt = (line: string) =>
      causesOf(inventory, line)
        .filter(({ id }) => id === 'expired')
        .map(({ evidence, asOf }) => [evidence.join().includes(path), asOf]);
    expect(idsAt(klog(NOW - 2 * DAY, alert)).some(([isServer]) => isServer)).toBe(false);
    expect(idsAt(klog(NOW, alert))).toContainEqual([true, NOW]);
    expect(idsAt(alert)).toContainEqual([true, undefined]);
  });

  it('what was issued after it is no fault of then, but a sign that it has been mended', () => {
    const inventory = tree.inventory.withFiles([
      reissued(tree, `${PKI}/apiserver`, { notBefore: NOW - DAY, notAfter: NOW + DAY }),
    ]);
    const [first, ...others] = causesOf(inventory, klog(NOW - 2 * DAY, LINE));
    expect(first).toMatchObject({ id: 'replaced-since', likelihood: 'likely', files: [path] });
    expect(first?.asOf).toBe(NOW - 2 * DAY);
    expect(others.filter(({ likelihood }) => likelihood === 'certain')).toEqual([]);
    // Without a time nothing of that is known.
    expect(causesOf(inventory, LINE)[0]?.id).toBe('stale-process');
  });

  it('a log of many years is judged within bounds', () => {
    const lines = Array.from(
      { length: 200 },
      (_, i) => `2${String(i + 100)}-01-01T00:00:00Z stderr F ${LINE.replace('10.0.0.11', `h${i}.test`)}`,
    );
    const explain = createExplainer(worldOf(tree.inventory));
    const causes = lines.flatMap((line) => explain(readLine(line) ?? never()));
    expect(causes.some(({ id }) => id === 'expired')).toBe(true);
  });
});

function never(): never {
  throw new Error('the line is not known');
}
