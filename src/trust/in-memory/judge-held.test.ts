import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { keyOf, leafDraft, mint, nameOf, rootDraft } from '../../../test/judges/mint.ts';
import { applied, NOW } from '../../../test/support/small-cluster.ts';
import { HOUR, KubetlsError, MINUTE, SECOND, utf8 } from '../../base/index.ts';
import type { Cluster, FileRole } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { type Certificate, writePem } from '../../x509/index.ts';
import { loadPairFiles } from '../pair.ts';
import { comparedFiles, holdingsOf } from './holdings.ts';
import { judgeHeld } from './judge-held.ts';
import type { Held, Holding, Sights, SocketSight, Trial } from './types.ts';

const PKI = 'nodes/master/etc/kubernetes/pki';
const CHANGED = NOW - 2 * HOUR;
const STARTED = NOW - HOUR;

let cluster: Cluster;
let inventory: Inventory;
let holdings: readonly Holding[];
beforeAll(async () => {
  ({ cluster, inventory } = await applied());
  holdings = holdingsOf(cluster);
});

const certificates = (path: string): readonly Certificate[] => {
  const content = inventory.get(path)?.content;
  return content?.kind === 'certificates' ? content.certificates : [];
};
const holdingOf = (process: string, role: FileRole, ending = ''): Holding => {
  const found = holdings.filter(
    (one) =>
      `${one.component}@${one.node}` === process &&
      one.role === role &&
      one.files.some((path) => path.endsWith(ending)),
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${process} ${role}`);
  return only;
};
const kidOf = (path: string): string => {
  const content = inventory.get(path)?.content;
  if (content?.kind !== 'public-key') throw new Error(`${path} is no public key`);
  return createHash('sha256').update(content.key.spki).digest('base64url');
};
const trialOf = (base: string, answer: Trial['answer'] = 'let in'): Trial => {
  const pair = loadPairFiles(`${base}.crt`, `${base}.key`, inventory);
  if (pair.kind === 'broken') throw new Error(pair.error);
  return { chain: pair.chain, as: 'client', answer };
};
const socketOf = (anchors: readonly string[], leaf?: string, trials: readonly Trial[] = []): SocketSight => ({
  leaf: leaf === undefined ? undefined : certificates(leaf)[0]?.der,
  authorities: anchors.flatMap(certificates).map(({ subject }) => subject.der),
  trials,
});

/** Everything is in sight, and as it should be. */
function sights(change: Partial<Sights> = {}): Sights {
  const admin = trialOf('users/kube-admin/admin');
  const front = [`${PKI}/ca.crt`, `${PKI}/front-proxy-ca.crt`];
  const paths = holdings.flatMap(({ files }) => files);
  const places = new Set(holdings.map(({ component, node }) => `${component}@${node}`));
  return {
    now: NOW,
    files: inventory,
    times: new Map(paths.map((path) => [path, { modified: CHANGED, changed: CHANGED }])),
    unseenDisks: new Map(),
    processes: new Map([...places].map((place) => [place, { value: { started: STARTED, looks: 0 } }])),
    sockets: new Map([
      ['kube-apiserver@master', socketOf(front, `${PKI}/apiserver.crt`, [admin])],
      ['etcd@master', socketOf([`${PKI}/etcd-ca.crt`], undefined, [trialOf(`${PKI}/apiserver-etcd-client`)])],
      [
        'kubelet@worker-1',
        socketOf([`${PKI}/ca.crt`], 'nodes/worker-1/etc/kubernetes/pki/kubelet.crt', [
          trialOf(`${PKI}/apiserver-kubelet-client`),
        ]),
      ],
      ['kube-controller-manager@master', socketOf(front, undefined, [admin])],
    ]),
    keys: new Map([['kube-apiserver@master', { value: [kidOf(`${PKI}/sa.pub`)] }]]),
    published: { value: certificates(`${PKI}/ca.crt`) },
    leader: { value: { host: 'master', since: STARTED } },
    controllerManagers: ['master'],
    ...change,
  };
}

/** The same, but that this file was changed at this instant. */
const changedAt = (path: string, modified: number, changed = modified): Partial<Sights> => ({
  times: new Map([...sights().times, [path, { modified, changed }]]),
});
const noDisk = (): Partial<Sights> => ({
  times: new Map(),
  unseenDisks: new Map(cluster.spec.nodes.map(({ name }) => [name, 'it is away'])),
});
const withFile = (path: string, text: string): Partial<Sights> => ({
  files: inventory.withFiles([{ path, mode: 0o644, bytes: utf8(text) }]),
});
const textIn = (path: string): string => Buffer.from(inventory.get(path)?.bytes ?? '').toString();
const stray = mint(rootDraft('stray', keyOf('held stray')));
const STRAY = writePem('CERTIFICATE', stray.der);
const judge = (process: string, role: FileRole, change: Partial<Sights> = {}, ending = ''): Held =>
  judgeHeld(holdingOf(process, role, ending), sights(change));

describe('what a program holds', () => {
  it('is each use of a file but those that are read whenever they are needed', () => {
    const roles = new Set(holdings.map(({ component, role }) => `${component} ${role}`));
    for (const held of ['etcd client-anchors', 'kube-apiserver etcd-anchors', 'kubelet kubeconfig']) {
      expect(roles).toContain(held);
    }
    for (const asked of ['etcd serving', 'kube-apiserver etcd-pair', 'kube-controller-manager signing']) {
      expect(roles).not.toContain(asked);
    }
  });

  it('is compared without a key being read', () => {
    const read = holdings.flatMap(comparedFiles);
    expect(read.filter((path) => !/\.(crt|pub)$/.test(path))).toEqual([]);
    expect(read).toContain(`${PKI}/sa.pub`);
  });

  it('is fresh where everything is in sight and in order', () => {
    const judged = holdings.map((holding) => judgeHeld(holding, sights()));
    expect(judged.filter(({ state }) => state !== 'fresh')).toEqual([]);
    expect(judged.every(({ onDisk, remedy, by }) => onDisk && !remedy && by !== undefined)).toBe(true);
  });

  it('is never fresh where nothing is in sight', () => {
    const nothing: Partial<Sights> = {
      ...noDisk(),
      sockets: new Map(),
      keys: new Map(),
      processes: new Map(),
      published: { why: 'nobody answers' },
      leader: { why: 'nobody answers' },
    };
    const judged = holdings.map((holding) => judgeHeld(holding, sights(nothing)));
    expect(new Set(judged.map(({ state, by, text }) => `${state} ${by} ${text}`))).toEqual(
      new Set(['unknown undefined it is away']),
    );
  });
});

describe('by the hour', () => {
  const later = STARTED + 10 * MINUTE;
  it.each([
    ['kube-apiserver@master', 'etcd-anchors', 'etcd-ca.crt'],
    ['kubelet@worker-1', 'kubeconfig', 'kubelet.kubeconfig'],
    ['kubelet@worker-1', 'kubeconfig-anchors', 'ca.crt'],
    ['kube-scheduler@master', 'kubeconfig', 'scheduler.kubeconfig'],
    ['kube-apiserver@master', 'token-keys', 'sa.key'],
  ] as const)('%s holds old %s when it was changed after the start', (process, role, ending) => {
    const [path = ''] = holdingOf(process, role, ending).files;
    const held = judge(process, role, changedAt(path, later), ending);
    expect(held).toMatchObject({ state: 'stale', by: 'start', remedy: { kind: 'restart' } });
    expect(held.text).toBe('started at 2026-11-23T11:00:00Z, before it was changed at 2026-11-23T11:10:00Z');
  });

  it.each([
    ['in the same second', STARTED + SECOND, STARTED + SECOND, /in the very seconds/],
    ['by its mode only, or by an older file', CHANGED, later, /owner, mode or name was changed/],
  ])('is unknown when it was changed %s', (_, modified, changed, text) => {
    const held = judge('kubelet@worker-1', 'kubeconfig', {
      ...changedAt('nodes/worker-1/etc/kubernetes/kubelet.kubeconfig', modified, changed),
    });
    expect(held).toMatchObject({ state: 'unknown', by: undefined, remedy: { kind: 'restart' } });
    expect(held.text).toMatch(text);
  });

  it('is unknown where the file is not, or nobody says when he started', () => {
    const gone = { times: new Map() };
    expect(judge('kubelet@worker-1', 'kubeconfig', gone)).toMatchObject({
      state: 'unknown',
      text: 'its file is not where it is said to be',
      onDisk: false,
    });
    const silent = { processes: new Map([['kubelet@worker-1', { why: 'GET /metrics: Forbidden' }]]) };
    const held = judge('kubelet@worker-1', 'kubeconfig', silent);
    expect(held).toMatchObject({ state: 'unknown', text: 'GET /metrics: Forbidden' });
    expect(judge('kube-proxy@master', 'kubeconfig', { processes: new Map() }).text).toContain('over TLS');
  });

  it('of the lease, where a file is read when a controller manager begins to lead', () => {
    const changed = changedAt(`${PKI}/sa.key`, STARTED + 5 * MINUTE);
    const keys = (change: Partial<Sights>) =>
      judge('kube-controller-manager@master', 'token-keys', { ...changed, ...change });
    const later = { value: { host: 'master', since: STARTED + 6 * MINUTE } };
    expect(keys({}).state).toBe('stale');
    expect(keys({ leader: later })).toMatchObject({ state: 'fresh', by: 'leadership' });
    const two = { controllerManagers: ['master', 'other'] };
    expect(keys({ ...two, leader: { value: { host: 'other', since: STARTED } } })).toMatchObject({
      state: 'fresh',
      text: 'reads it when it begins to lead: other leads',
    });
    expect(keys({ ...two, leader: { value: { host: 'stranger', since: STARTED } } }).state).toBe('unknown');
    expect(keys({ leader: { why: 'Forbidden' } })).toMatchObject({ state: 'unknown' });
  });
});

describe('what is read again by itself', () => {
  const path = 'kube-apiserver@master';
  const client = `${PKI}/apiserver-kubelet-client.crt`;

  it('is waited for, and then taken to be read', () => {
    const soon = judge(path, 'kubelet-pair', changedAt(client, NOW - MINUTE));
    expect(soon).toMatchObject({ state: 'unknown', remedy: { kind: 'wait', within: 5 * MINUTE } });
    expect(soon.text).toBe('it was changed 1 minute ago, and is read again by itself within 5 minutes');
    const then = judge(path, 'kubelet-pair', changedAt(client, NOW - 6 * MINUTE));
    expect(then).toMatchObject({ state: 'fresh', by: 'table' });
  });

  it('with the next request only, is old for who never looked', () => {
    const changed = changedAt(`${PKI}/ca.crt`, NOW - 6 * MINUTE);
    const never = judge(path, 'kubelet-anchors', changed);
    expect(never).toMatchObject({ state: 'stale', by: 'looks', remedy: { kind: 'restart' } });
    const looked = new Map([[path, { value: { started: STARTED, looks: 3 } }]]);
    expect(judge(path, 'kubelet-anchors', { ...changed, processes: looked }).state).toBe('fresh');
    const silent = new Map([[path, { why: 'Forbidden' }]]);
    expect(judge(path, 'kubelet-anchors', { ...changed, processes: silent }).state).toBe('unknown');
  });

  it('and is shown to be another, is waited for while its time runs', () => {
    const { sockets } = sights();
    const old = { ...sockets.get(path), leaf: stray.der } as SocketSight;
    const shown = { sockets: new Map([...sockets, [path, old]]) };
    expect(judge(path, 'serving', shown)).toMatchObject({ state: 'stale', remedy: { kind: 'restart' } });
    const recent = judge(path, 'serving', { ...changedAt(`${PKI}/apiserver.crt`, NOW - SECOND), ...shown });
    expect(recent).toMatchObject({ state: 'stale', by: 'leaf', remedy: { kind: 'wait', within: MINUTE } });
    expect(recent.text).toMatch(
      /^presents a certificate with the serial \d+, on disk it has the serial \d+$/,
    );
    expect(judge(path, 'serving', { ...noDisk(), ...shown }).text).toMatch(
      /, in the state it has the serial \d+$/,
    );
  });
});

describe('whom a program lets in', () => {
  const etcd = (change: Partial<Sights>) => judge('etcd@master', 'client-anchors', change);
  const path = `${PKI}/etcd-ca.crt`;

  it('is told by the names that it accepts', () => {
    expect(etcd({ ...noDisk(), ...withFile(path, textIn(path) + STRAY) })).toMatchObject({
      state: 'stale',
      by: 'authorities',
      text: 'does not accept CN=stray, which is in it',
      onDisk: false,
      comparedWith: 'in the state',
    });
    const gone = withFile(path, STRAY);
    const { sockets } = sights();
    const both = [stray, ...certificates(path)].map(({ subject }) => subject.der);
    const shown = { ...socketOf([]), authorities: both };
    expect(etcd({ ...gone, sockets: new Map([...sockets, ['etcd@master', shown]]) }).text).toBe(
      'accepts CN=ETCD-CA, which is no longer in it',
    );
  });

  it('of one name, by their count', () => {
    const twin = mint(rootDraft('ETCD-CA', keyOf('held twin')));
    const subject = { ...certificates(path)[0] }.subject;
    const second = mint({
      ...rootDraft('ETCD-CA', keyOf('held twin')),
      ...(subject && { subject, issuer: subject }),
    });
    expect(twin.subject.der).toEqual(second.subject.der);
    const both = withFile(path, textIn(path) + writePem('CERTIFICATE', second.der));
    const text = (place: string) => `does not accept CN=ETCD-CA, which is in it (1 of that name, ${place} 2)`;
    expect(etcd(both)).toMatchObject({ text: text('on disk'), comparedWith: 'on disk' });
    expect(etcd({ ...noDisk(), ...both })).toMatchObject({ text: text('in the state') });
  });

  it('is told by whom it lets in and whom it refuses, where the name is the same', () => {
    const other = mint(rootDraft('ETCD-CA', keyOf('held other')));
    const swapped = withFile(path, writePem('CERTIFICATE', other.der));
    expect(etcd(swapped)).toMatchObject({
      state: 'stale',
      by: 'trial',
      text: 'lets in kube-apiserver-etcd-client, whose authority is not in it',
    });
    const { sockets } = sights();
    const refusing = { ...socketOf([path]), trials: [trialOf(`${PKI}/apiserver-etcd-client`, 'refused')] };
    expect(etcd({ sockets: new Map([...sockets, ['etcd@master', refusing]]) })).toMatchObject({
      state: 'stale',
      text: 'refuses kube-apiserver-etcd-client, whose authority is in it',
    });
  });

  it('is unknown where names and keys are the same and the file is newer: a prolonged authority', () => {
    const held = etcd(changedAt(path, STARTED + MINUTE));
    expect(held).toMatchObject({ state: 'unknown', remedy: { kind: 'restart' } });
    expect(held.text).toContain('names and keys of the authorities are the same');
  });

  it('is not told by names alone', () => {
    const { sockets } = sights();
    const untried = new Map([...sockets, ['etcd@master', socketOf([path])]]);
    expect(etcd({ ...noDisk(), sockets: untried }).state).toBe('unknown');
    expect(etcd({ sockets: untried })).toMatchObject({ state: 'fresh', by: 'start' });
  });

  it('is not told by what a kubelet advertises at a tick of its own, nor by more than a ConfigMap needs', () => {
    const ca = 'nodes/worker-1/etc/kubernetes/pki/ca.crt';
    const two = { ...changedAt(ca, NOW - SECOND), ...withFile(ca, textIn(ca) + STRAY) };
    expect(judge('kubelet@worker-1', 'client-anchors', two)).toMatchObject({
      state: 'unknown',
      remedy: { kind: 'wait' },
    });
    const { sockets } = sights();
    const more = socketOf([`${PKI}/ca.crt`, `${PKI}/front-proxy-ca.crt`, path], undefined, [
      trialOf('users/kube-admin/admin'),
    ]);
    const id = 'kube-controller-manager@master';
    expect(judge(id, 'client-anchors', { sockets: new Map([...sockets, [id, more]]) }).state).toBe('fresh');
  });

  it.each([
    ['etcd@master', 'client-anchors', `${PKI}/etcd-ca.crt`, 'nonsense', 'no certificate is in it'],
    ['kube-apiserver@master', 'etcd-anchors', `${PKI}/etcd-ca.crt`, '', 'no certificate is in it'],
    ['kube-apiserver@master', 'client-anchors', `${PKI}/ca.crt`, '', 'data does not contain any valid RSA'],
    ['kube-apiserver@master', 'kubelet-anchors', `${PKI}/ca.crt`, 'x', 'unable to load root certificates'],
  ] as const)(
    'is for nobody to restart by a file that is broken: %s, %s',
    (process, role, path, text, why) => {
      const held = judge(process, role, withFile(path, text));
      expect(held).toMatchObject({ state: 'stale', by: 'file', remedy: { kind: 'mend' } });
      expect(held.text).toContain(`could not read it now: ${why}`);
    },
  );
});

describe('what is told to everybody', () => {
  const keys = (change: Partial<Sights>) => judge('kube-apiserver@master', 'token-keys', change, 'sa.pub');
  const told = (...kids: string[]) => ({ keys: new Map([['kube-apiserver@master', { value: kids }]]) });

  it('are the keys by which tokens are verified', () => {
    const own = kidOf(`${PKI}/sa.pub`);
    // Shown to be the same, whenever the file was written.
    expect(keys(changedAt(`${PKI}/sa.pub`, NOW))).toMatchObject({ state: 'fresh', by: 'keys' });
    expect(keys(told(own, 'another-key-id'))).toMatchObject({
      state: 'stale',
      by: 'keys',
      text: 'knows key another-key-…, which is no longer in it',
      remedy: { kind: 'restart' },
    });
    expect(keys(told()).text).toBe(`does not know key ${own.slice(0, 12)}…, which is in it`);
  });

  it('are read from every kind of block that Kubernetes takes for a key', () => {
    const certificate = mint(
      leafDraft(nameOf('tokens'), keyOf('held rsa', 'rsa-2048'), rootDraft('r', keyOf('r')), []),
    );
    const pem = writePem('CERTIFICATE', certificate.der) + textIn(`${PKI}/sa.key`);
    const kid = createHash('sha256').update(certificate.publicKey.spki).digest('base64url');
    const held = keys({ ...withFile(`${PKI}/sa.pub`, pem), ...told(kid, kidOf(`${PKI}/sa.pub`)) });
    expect(held).toMatchObject({ state: 'fresh', by: 'keys' });
    expect(keys({ ...noDisk(), ...withFile(`${PKI}/sa.pub`, 'nonsense') }).state).toBe('unknown');
  });

  it('is the authority that the controller manager publishes', () => {
    const published = (change: Partial<Sights>) =>
      judge('kube-controller-manager@master', 'published-anchors', change);
    const other = { published: { value: [stray] } };
    expect(published(other)).toMatchObject({ state: 'stale', by: 'published', remedy: { kind: 'restart' } });
    expect(published(other).text).toMatch(
      /^does not publish CN=KUBERNETES-CA .*; publishes CN=stray .*kube-root-ca\.crt\)$/,
    );
    // Another's, perhaps.
    const two = { controllerManagers: ['master', 'other'], leader: { why: 'Forbidden' } } as const;
    expect(published({ ...other, ...two }).state).toBe('unknown');
    expect(published(two).state).toBe('fresh');
    const waits = { ...two, leader: { value: { host: 'other', since: STARTED } } };
    expect(published({ ...other, ...waits })).toMatchObject({ state: 'fresh', by: 'table' });
  });
});

it('takes certificates of anybody for what they are', () => {
  const { sockets } = sights();
  const odd = { leaf: Uint8Array.of(1, 2, 3), authorities: [Uint8Array.of(0x30)], trials: [] };
  const change = { sockets: new Map([...sockets, ['kube-apiserver@master', odd]]) };
  expect(judge('kube-apiserver@master', 'serving', change).text).toMatch(
    /^presents a certificate that cannot be read/,
  );
  expect(() => judge('kube-apiserver@master', 'client-anchors', change)).not.toThrow(KubetlsError);
});
