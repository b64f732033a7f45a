import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyOf, leafDraft, mint, nameOf, rootDraft } from '../../../test/judges/mint.ts';
import { NOW } from '../../../test/support/small-cluster.ts';
import { KubetlsError } from '../../base/index.ts';
import { writePem } from '../../x509/index.ts';
import {
  changedAt,
  judge,
  kidOf,
  noDisk,
  PKI,
  sights,
  STARTED,
  stray,
  textIn,
  withFile,
} from './held.fixture.ts';
import type { Sights } from './types.ts';

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
