import { describe, expect, it } from 'vitest';
import { compareProof } from '../../test/judges/compare-proof.ts';
import { hugeKey } from '../../test/judges/huge-key.ts';
import { keyOf, mint, NOW } from '../../test/judges/mint.ts';
import { inventoryOf, smallDrafts, smallEdges, smallFiles } from '../../test/judges/breakable-cluster.ts';

import { evaluate, judge, judgeRefusal, type Observation, predictRefusals } from './index.ts';

const edges = smallEdges();
const drafts = smallDrafts();
const inventory = inventoryOf(smallFiles(drafts));
const served = inventory.get('nodes/master/etc/kubernetes/pki/apiserver.crt');
const onDisk =
  served?.content.kind === 'certificates' ? served.content.certificates.map(({ der }) => der) : [];

function seen(result: Observation['result'], presented: readonly Uint8Array[] = onDisk): Observation {
  return { presented, protocol: 'TLSv1.3', acceptableAuthorities: [], result };
}

const accepted = { kind: 'accepted', status: 200, identity: 'kube-admin' } as const;

describe('judge', () => {
  it('agrees with the prediction where the handshake shows what the files say', () => {
    const observed = judge(edges.admin, inventory, seen(accepted), NOW);
    expect(observed).toMatchObject({ ok: true, error: undefined, notes: [] });
    expect(compareProof(evaluate(edges.admin, inventory, NOW), observed)).toEqual([]);
  });

  it('verifies what was presented, not what is on disk, and says that they differ', () => {
    const stale = mint({ ...drafts.apiserver, names: drafts.etcd.names });
    const observed = judge(edges.admin, inventory, seen(accepted, [stale.der]), NOW);
    const error =
      'tls: failed to verify certificate: x509: certificate is valid for master, not kube-apiserver';
    expect(observed.server).toEqual({ ok: false, error });
    expect(observed.client.ok).toBe(true);
    expect(observed.notes).toEqual([
      expect.stringMatching(
        /^presents the certificate with serial \d+, while the one in the state has serial \d+$/,
      ),
    ]);
    expect(compareProof(evaluate(edges.admin, inventory, NOW), observed)).toEqual([
      { direction: 'server', predicted: { ok: true, error: undefined }, observed: observed.server },
    ]);
  });

  it.each<[string, Observation['result'], string | undefined]>([
    [
      'an alert',
      { kind: 'refused', how: 'alert', text: 'remote error: tls: bad certificate' },
      'remote error: tls: bad certificate',
    ],
    ['401', { kind: 'denied', status: 401, text: 'Unauthorized' }, 'Unauthorized'],
    [
      '403 of somebody',
      { kind: 'denied', status: 403, text: 'forbidden: User "kube-admin" cannot get path "/"' },
      undefined,
    ],
    [
      '403 of nobody',
      { kind: 'denied', status: 403, text: 'forbidden: User "system:anonymous" cannot get path "/"' },
      'forbidden: User "system:anonymous" cannot get path "/"',
    ],
  ])('%s', (_, result, error) => {
    const { server, client } = judge(edges.admin, inventory, seen(result), NOW);
    expect(server.ok).toBe(true);
    expect(client).toEqual({ ok: error === undefined, error });
  });

  it('says no where nothing was presented, or nothing that can be read', () => {
    const text = 'dial tcp 10.0.0.10:6443: connect: connection refused';
    const unreachable = judge(edges.admin, inventory, seen({ kind: 'unreachable', text }, []), NOW);
    expect([unreachable.server.error, unreachable.client.error]).toEqual([text, text]);
    const broken = judge(edges.admin, inventory, seen(accepted, [...onDisk, Uint8Array.of(0x30)]), NOW);
    expect(broken.server.error).toMatch(/^tls: failed to parse certificate from server: /);
  });

  it('refuses a key of more than 8192 bits before anything else', () => {
    const observed = judge(edges.admin, inventory, seen(accepted, [oversized()]), NOW);
    expect(observed.server.error).toBe(
      'tls: server sent certificate containing RSA key larger than 8192 bits',
    );
  });

  it('says no of what cannot be read, though nobody verifies it', () => {
    const sent = [...onDisk, Uint8Array.of(0x30)];
    const { server } = judge(edges.proxy, inventory, seen({ ...accepted, identity: undefined }, sent), NOW);
    expect(server.error).toMatch(/^tls: failed to parse certificate from server: /);
  });

  it('does not judge a server whose certificate nobody looks at', () => {
    const { der } = mint({
      ...drafts.ca,
      subject: drafts.admin.subject,
      key: keyOf('own'),
      signedBy: keyOf('own'),
    });
    const observed = judge(edges.proxy, inventory, seen({ ...accepted, identity: undefined }, [der]), NOW);
    expect(observed).toMatchObject({ ok: true, notes: ['server not verified: nobody looks'] });
  });
});

function oversized(): Uint8Array {
  return mint({ ...drafts.apiserver, key: { ...drafts.apiserver.key, publicKey: hugeKey() } }).der;
}

describe('refusals', () => {
  it('are owed by every endpoint that a certificate opens', () => {
    const owed = Object.values(edges).map((edge) => [edge.id, predictRefusals(edge).length]);
    expect(owed.filter(([, count]) => count === 0)).toEqual([[edges.probe.id, 0]]);
    expect(predictRefusals(edges.etcd)).toEqual([
      { refusal: 'no-certificate', predicted: { ok: true, error: undefined } },
      { refusal: 'wrong-authority', predicted: { ok: true, error: undefined } },
    ]);
  });

  it.each<[string, Observation['result'], boolean | undefined]>([
    [
      'in the handshake',
      { kind: 'refused', how: 'alert', text: 'remote error: tls: certificate required' },
      true,
    ],
    ['by closing', { kind: 'refused', how: 'closed', text: 'EOF' }, true],
    ['with 401', { kind: 'denied', status: 401, text: 'Unauthorized' }, true],
    [
      'with 403 as nobody',
      { kind: 'denied', status: 403, text: 'forbidden: User "system:anonymous" …' },
      true,
    ],
    ['with 403 as somebody', { kind: 'denied', status: 403, text: 'forbidden: User "kube-admin" …' }, false],
    ['not at all', accepted, false],
    ['nobody knows', { kind: 'unreachable', text: 'i/o timeout' }, undefined],
  ])('%s', (_, result, ok) => {
    expect(judgeRefusal(edges.etcd, 'wrong-authority', seen(result))?.ok).toBe(ok);
  });

  it('name the intruder', () => {
    expect(judgeRefusal(edges.etcd, 'no-certificate', seen(accepted))?.error).toBe(
      'etcd@master let in a client without a certificate as kube-admin',
    );
  });
});
