import { describe, expect, it } from 'vitest';
import { keyOf, mint, rootDraft } from '../../../test/judges/mint.ts';
import { NOW } from '../../../test/support/small-cluster.ts';
import { MINUTE, SECOND } from '../../base/index.ts';
import { writePem } from '../../x509/index.ts';
import {
  certificates,
  changedAt,
  judge,
  noDisk,
  PKI,
  sights,
  socketOf,
  STARTED,
  stray,
  STRAY,
  textIn,
  trialOf,
  withFile,
} from './held.fixture.ts';
import type { Sights } from './types.ts';

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
