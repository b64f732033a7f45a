import { describe, expect, it } from 'vitest';
import { NOW } from '../../../test/support/small-cluster.ts';
import { MINUTE, SECOND } from '../../base/index.ts';
import {
  CHANGED,
  changedAt,
  holdingOf,
  holdings,
  judge,
  noDisk,
  PKI,
  sights,
  STARTED,
  stray,
} from './held.fixture.ts';
import { comparedFiles } from './holdings.ts';
import { judgeHeld } from './judge-held.ts';
import type { Sights, SocketSight } from './types.ts';

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
    const before = { value: { host: 'master', since: STARTED - MINUTE } };
    expect(keys({ leader: before })).toMatchObject({
      state: 'fresh',
      text: 'reads it when it begins to lead: the lease is still that of the one before it',
    });
    expect(keys({ leader: before, processes: new Map() }).state).toBe('stale');
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
    expect(never.text).toContain('kubectl logs');
    expect(judge('kube-scheduler@master', 'kubeconfig-anchors', changed)).toMatchObject({
      by: 'looks',
      text: 'has not looked at it since it started: it does so with its next request to kube-apiserver',
    });
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
