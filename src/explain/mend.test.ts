/** What is left to do when `kubetls apply` has written the files. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditedTree, cleanTree, crt, reissued } from '../../test/judges/audited-tree.ts';
import { keyOf, mint, NOW, rootDraft } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { evaluateAll, logLines } from '../trust/index.ts';
import { createExplainer, explainAll, readLine } from './index.ts';

const PKI = 'nodes/cp1/etc/kubernetes/pki';

let tree: AuditedTree;
beforeAll(async () => (tree = await cleanTree('kubeadm')));

function worldOf(inventory: Inventory) {
  const again = (command: string) => `kubetls ${command}`;
  return { cluster: tree.cluster, inventory, at: NOW, written: tree.written, again };
}

/** What the programs write of every edge that fails. */
function readingsOf(inventory: Inventory) {
  const { edges } = tree.cluster;
  const verdicts = evaluateAll(edges, inventory, NOW);
  return edges.flatMap((edge) => {
    const verdict = verdicts.get(edge.id);
    if (!verdict || verdict.ok) return [];
    return logLines(edge, inventory, verdict, { at: NOW }).flatMap(({ text }) => readLine(text) ?? []);
  });
}

describe('what is to be done beside kubetls apply', () => {
  const firstOf = (inventory: Inventory, line: string) => {
    const reading = readLine(line);
    return reading ? createExplainer(worldOf(inventory))(reading)[0] : undefined;
  };

  it('a server that reads its files by itself: copy them', () => {
    const inventory = tree.inventory.withFiles([reissued(tree, `${PKI}/apiserver`, { notAfter: NOW - DAY })]);
    const found = firstOf(inventory, 'Get "https://10.0.0.11:6443/api": x509: certificate has expired');
    expect(found?.steps).toEqual([
      `copy ${PKI}/apiserver.crt and apiserver.key to /etc/kubernetes/pki on cp1 (10.0.0.11)`,
      'kube-apiserver on cp1 reads its certificate anew by itself: within minutes',
    ]);
  });

  it('a kubeconfig is read at the start only: the static pod must be restarted', () => {
    const file = 'nodes/cp1/etc/kubernetes/scheduler.conf';
    const text = Buffer.from(tree.inventory.get(file)?.bytes ?? []).toString('utf8');
    const bytes = Buffer.from(text.replace(/^ *client-(certificate|key)-data: .*\n/gm, ''));
    const inventory = tree.inventory.withFiles([{ path: file, mode: 0o600, bytes }]);
    const reading = readingsOf(inventory);
    const [found] = explainAll(createExplainer(worldOf(inventory)), reading);
    expect(found?.steps).toEqual([
      `copy ${file} to /etc/kubernetes on cp1 (10.0.0.11)`,
      'restart kube-scheduler on cp1: it reads what it shows at its start only (mv /etc/kubernetes/manifests/kube-scheduler.yaml /etc/kubernetes/ && sleep 20 && mv /etc/kubernetes/kube-scheduler.yaml /etc/kubernetes/manifests/)',
    ]);
  });

  it('authorities of etcd are read at its start only', () => {
    const changed = crt(`${PKI}/etcd/ca.crt`, mint(rootDraft('etcd-ca', keyOf('another'))));
    const inventory = tree.inventory.withFiles([changed]);
    const readings = readingsOf(inventory);
    const found = explainAll(createExplainer(worldOf(inventory)), readings).find(({ files }) =>
      files.includes(`${PKI}/etcd/ca.crt`),
    );
    expect(found?.steps.join('\n')).toMatch(
      /^restart etcd on cp1: it reads the authorities .* at its start only/m,
    );
  });

  it('where the files are good, the processes that would hold old ones are named', () => {
    const line = `Get "https://10.0.0.11:6443/api": x509: certificate signed by unknown authority`;
    const found = firstOf(tree.inventory, line);
    expect(found?.id).toBe('stale-process');
    expect(found?.steps.join('\n')).toContain('restart kubelet on');
  });
});
