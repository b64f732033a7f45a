/** One fault is planted in a cluster; the lines that both sides would print of it lead back to it. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditedTree,
  authority,
  certificateAt,
  cleanTree,
  crt,
  draftOf,
  keyFile,
  planFor,
  reissued,
  type Written,
} from '../../test/judges/audited-tree.ts';
import {
  intermediateDraft,
  keyOf,
  leafDraft,
  mint,
  nameOf,
  NOW,
  rootDraft,
  san,
} from '../../test/judges/mint.ts';
import { applied, clusterOf } from '../../test/support/small-cluster.ts';
import { DAY } from '../base/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { evaluateAll, logLines } from '../trust/index.ts';
import { createExplainer, type Explained, explainAll, readLine } from './index.ts';

const PKI = 'nodes/cp1/etc/kubernetes/pki';

interface Planted {
  readonly what: string;
  readonly cause: string;
  /** What the same fault is to the other direction of an edge. */
  readonly otherwise?: string;
  /** Where the evidence must point. */
  readonly file: string;
  readonly plant: (
    tree: AuditedTree,
  ) => readonly (Written | { readonly path: string; readonly remove: true })[];
}

const stranger = (name = 'elsewhere') => rootDraft(name, keyOf(`root of ${name}`));

function clusterDraft(tree: AuditedTree) {
  const { certificate, key } = authority(tree, 'cluster');
  return draftOf(certificate, key, key);
}

const PLANTED: readonly Planted[] = [
  {
    what: 'kube-apiserver serves what has ended',
    cause: 'expired',
    file: `${PKI}/apiserver.crt`,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { notAfter: NOW - DAY })],
  },
  {
    what: 'kube-apiserver shows etcd what has ended',
    cause: 'expired',
    file: `${PKI}/apiserver-etcd-client.crt`,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver-etcd-client`, { notAfter: NOW - DAY }, 'etcd')],
  },
  {
    what: 'the authority of etcd has ended',
    cause: 'expired',
    file: `${PKI}/etcd/ca.crt`,
    plant: (tree) => {
      const { certificate, key } = authority(tree, 'etcd');
      return [crt(`${PKI}/etcd/ca.crt`, mint({ ...draftOf(certificate, key, key), notAfter: NOW - DAY }))];
    },
  },
  {
    what: 'what begins tomorrow',
    cause: 'not-yet-valid',
    file: `${PKI}/apiserver.crt`,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { notBefore: NOW + DAY })],
  },
  {
    what: 'a name that is missing',
    cause: 'name-missing',
    file: `${PKI}/apiserver.crt`,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { names: [san('kubernetes'), san('10.99.0.1')] })],
  },
  {
    what: 'a server without the usage',
    cause: 'wrong-usage',
    file: `${PKI}/etcd/server.crt`,
    plant: (tree) => [reissued(tree, `${PKI}/etcd/server`, { extendedKeyUsage: ['clientAuth'] }, 'etcd')],
  },
  {
    what: 'a client without the usage',
    cause: 'wrong-usage',
    file: `${PKI}/apiserver-kubelet-client.crt`,
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver-kubelet-client`, { extendedKeyUsage: ['serverAuth'] }),
    ],
  },
  {
    what: 'another authority issued it',
    cause: 'anchor-missing',
    file: `${PKI}/apiserver.crt`,
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver`, {
        issuer: stranger().subject,
        signedBy: stranger().key,
        authorityKeyId: undefined,
      }),
    ],
  },
  {
    what: 'an authority of the same name, made anew',
    cause: 'other-generation',
    file: `${PKI}/apiserver.crt`,
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver`, {
        signedBy: keyOf('made anew'),
        authorityKeyId: Uint8Array.of(1, 2),
      }),
    ],
  },
  {
    what: 'an intermediate that is not sent along',
    cause: 'missing-intermediate',
    file: `${PKI}/apiserver.crt`,
    plant: (tree) => {
      const below = intermediateDraft('below', keyOf('below'), clusterDraft(tree));
      const leaf = { issuer: below.subject, signedBy: below.key, authorityKeyId: below.subjectKeyId };
      return [reissued(tree, `${PKI}/apiserver`, leaf), crt(`${PKI}/below.crt`, mint(below))];
    },
  },
  {
    what: 'a key of another certificate',
    cause: 'key-mismatch',
    file: `${PKI}/apiserver.key`,
    plant: () => [keyFile(`${PKI}/apiserver.key`, keyOf('of another'))],
  },
  {
    what: 'a kubelet that nobody knows the authority of',
    cause: 'anchor-missing',
    file: 'nodes/worker-1/var/lib/kubelet/pki/kubelet.crt',
    plant: () => {
      const draft = leafDraft(nameOf('worker-1@1700000000'), keyOf('kubelet'), stranger('worker-1-ca'), [
        'worker-1',
        '10.0.0.21',
      ]);
      const base = 'nodes/worker-1/var/lib/kubelet/pki/kubelet';
      return [crt(`${base}.crt`, mint(draft)), keyFile(`${base}.key`, draft.key)];
    },
  },
  {
    what: 'an etcd peer without its address',
    cause: 'peer-address',
    otherwise: 'name-missing',
    file: `${PKI}/etcd/peer.crt`,
    plant: (tree) => [reissued(tree, `${PKI}/etcd/peer`, { names: [san('cp1'), san('10.9.9.9')] }, 'etcd')],
  },
  {
    what: 'a front proxy of another authority',
    cause: 'anchor-missing',
    file: `${PKI}/front-proxy-client.crt`,
    plant: (tree) => [
      reissued(
        tree,
        `${PKI}/front-proxy-client`,
        { issuer: stranger().subject, signedBy: stranger().key, authorityKeyId: undefined },
        'front-proxy',
      ),
    ],
  },
  {
    what: 'a front proxy with a name that is not allowed',
    cause: 'front-proxy-name',
    file: `${PKI}/front-proxy-client.crt`,
    plant: (tree) => [
      reissued(tree, `${PKI}/front-proxy-client`, { subject: nameOf('somebody') }, 'front-proxy'),
    ],
  },
  {
    what: 'a client certificate that is not there',
    cause: 'file-missing',
    file: `${PKI}/apiserver-etcd-client.crt`,
    plant: () => [{ path: `${PKI}/apiserver-etcd-client.crt`, remove: true }],
  },
  {
    what: 'a kubeconfig without a client certificate',
    cause: 'no-client-certificate',
    file: 'nodes/cp1/etc/kubernetes/scheduler.conf',
    plant: ({ inventory }) => {
      const path = 'nodes/cp1/etc/kubernetes/scheduler.conf';
      const text = Buffer.from(inventory.get(path)?.bytes ?? []).toString('utf8');
      const bytes = Buffer.from(text.replace(/^ *client-(certificate|key)-data: .*\n/gm, ''));
      return [{ path, mode: 0o600, bytes }];
    },
  },
  {
    what: 'a short key',
    cause: 'weak-key',
    file: `${PKI}/etcd/server.crt`,
    plant: (tree) => {
      const key = keyOf('short', 'rsa-512');
      return [reissued(tree, `${PKI}/etcd/server`, { key }, 'etcd'), keyFile(`${PKI}/etcd/server.key`, key)];
    },
  },
];

let tree: AuditedTree;
beforeAll(async () => (tree = await cleanTree('kubeadm')));

/** What the programs write of every edge that fails, and what they say where that is no line of a log. */
function linesOf(inventory: Inventory): string[] {
  const { edges } = tree.cluster;
  const verdicts = evaluateAll(edges, inventory, NOW);
  return edges.flatMap((edge) => {
    const verdict = verdicts.get(edge.id);
    if (!verdict || verdict.error === undefined) return [];
    const logged = logLines(edge, inventory, verdict, { at: NOW }).map(
      ({ component, text }) =>
        `${component}: ${text.replace('from …', 'from 192.0.2.7:4312').replace(',…,', ',')}`,
    );
    return logged.length > 0 ? logged : [verdict.error];
  });
}

function worldOf(inventory: Inventory) {
  const again = (command: string) => `kubetls ${command}`;
  return { cluster: tree.cluster, inventory, at: NOW, written: tree.written, again };
}

describe('a planted fault is the first cause of every line that it makes', () => {
  it.each(PLANTED)('$what: $cause', ({ cause, otherwise = cause, file, plant }) => {
    const inventory = tree.inventory.withFiles(plant(tree));
    const lines = linesOf(inventory);
    expect(lines).not.toEqual([]);
    const explain = createExplainer(worldOf(inventory));
    for (const line of new Set(lines)) {
      const reading = readLine(line);
      expect(reading, line).toBeDefined();
      const [first] = reading ? explain(reading) : [];
      expect([cause, otherwise], line).toContain(first?.id);
      expect(first?.files, line).toContain(file);
      expect(['certain', 'likely'], line).toContain(first?.likelihood);
      expect(first?.edges.length, line).toBeGreaterThan(0);
    }
  });

  it.each(PLANTED)('$what: what is said to mend it, does', ({ file, plant }) => {
    const inventory = tree.inventory.withFiles(plant(tree));
    const first = firstCause(inventory);
    expect(first?.remedy).toMatch(/^kubetls apply( --overwrite \S+)*$/);
    const changes = planFor(tree, inventory).actions.filter(({ verb }) => verb !== 'keep');
    expect(changes.flatMap(({ paths }) => paths)).toContain(file);
    const named = [...(first?.remedy ?? '').matchAll(/--overwrite (\S+)/g)].map(([, path]) => path);
    const foreign = changes.flatMap(({ foreign: files }) => files);
    expect(named).toEqual(expect.arrayContaining([...foreign]));
  });
});

function firstCause(inventory: Inventory): Explained | undefined {
  const readings = linesOf(inventory).flatMap((line) => readLine(line) ?? []);
  return explainAll(createExplainer(worldOf(inventory)), readings)[0];
}

describe('of a cluster whose files are good', () => {
  it('a process that holds old ones is likeliest, and what the files do not show is said', () => {
    const reading = readLine('x509: certificate signed by unknown authority');
    const causes = reading ? createExplainer(worldOf(tree.inventory))(reading) : [];
    expect(causes[0]).toMatchObject({ id: 'stale-process', likelihood: 'likely', edge: undefined });
    expect(causes.find(({ id }) => id === 'anchor-missing')?.likelihood).toBe('unlikely');
  });
});

describe('what only the other side hears', () => {
  it('a server that cannot load its own pair is known by the internal error that its clients get', () => {
    const path = `nodes/cp2/etc/kubernetes/pki/apiserver.key`;
    const inventory = tree.inventory.withFiles([keyFile(path, keyOf('of another'))]);
    const reading = readLine('Get "https://10.0.0.12:6443/api": remote error: tls: internal error');
    const [first] = reading ? createExplainer(worldOf(inventory))(reading) : [];
    expect(first).toMatchObject({ id: 'key-mismatch', likelihood: 'certain' });
    expect(first?.files).toContain(path);
  });
});

describe('who does not verify', () => {
  it('has not refused, though the line names its address', async () => {
    const nodes = [
      { name: 'cp1', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.11'] },
      { name: 'etcd2', roles: ['etcd'], addresses: ['10.0.0.12'] },
      { name: 'etcd3', roles: ['etcd'], addresses: ['10.0.0.13'] },
    ];
    const { cluster, inventory: sound } = await applied(clusterOf({ profile: 'flat', nodes }));
    const foreign = leafDraft(nameOf('etcd'), keyOf('etcd'), stranger(), ['10.0.0.12']);
    const pair = 'nodes/etcd2/etc/kubernetes/pki/etcdserver';
    const inventory = sound.withFiles([
      crt(`${pair}.crt`, mint(foreign)),
      keyFile(`${pair}.key`, foreign.key),
    ]);
    // Of its edges only that of its gateway comes from etcd2 itself, and that trusts its own listener.
    const reading = readLine(
      '{"level":"warn","msg":"rejected connection on client endpoint","remote-addr":"10.0.0.12:40914","error":"remote error: tls: bad certificate"}',
    );
    const [first] = reading ? createExplainer({ ...worldOf(inventory), cluster })(reading) : [];
    expect(first).toMatchObject({ id: 'anchor-missing', likelihood: 'certain' });
    expect(first?.files).toContain(`${pair}.crt`);
  });
});

describe('of two faults', () => {
  it('the line leads to its own: by its serial number, its date, its name, who speaks', () => {
    const apiserver = reissued(tree, `${PKI}/apiserver`, { notAfter: NOW - 2 * DAY });
    const client = reissued(tree, `${PKI}/apiserver-kubelet-client`, { notAfter: NOW - DAY });
    const inventory = tree.inventory.withFiles([apiserver, client]);
    const explain = createExplainer(worldOf(inventory));
    const firstFile = (line: string) => {
      const reading = readLine(line);
      return reading && explain(reading)[0]?.files;
    };
    const ended = (days: number) =>
      `x509: certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after 2026-11-${23 - days}T12:00:00Z`;
    expect(firstFile(ended(2))).toEqual([apiserver.path]);
    expect(firstFile(ended(1))).toEqual([client.path]);
    expect(firstFile('Get "https://10.0.0.11:6443/api": x509: certificate has expired')).toEqual([
      apiserver.path,
    ]);
    const { serial } = certificateAt(inventory, client.path);
    const sn = BigInt(`0x${Buffer.from(serial).toString('hex')}`);
    const kubelet = `Unable to authenticate the request due to an error err="verifying certificate SN=${sn}, SKID=, AKID=AA failed: x509: certificate has expired"`;
    expect(firstFile(kubelet)).toEqual([client.path]);
  });
});
