import { describe, expect, it } from 'vitest';
import {
  inventoryOf,
  type SmallDrafts,
  smallDrafts,
  type SmallEdge,
  smallEdges,
  smallFiles,
} from '../../test/judges/breakable-cluster.ts';
import { keyOf, NOW, san } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { makeName } from '../x509/index.ts';
import { evaluate, logLines, nodeAddresses } from './index.ts';

const edges = smallEdges();
const addresses = nodeAddresses(Object.values(edges));

function logs(name: SmallEdge, change: (drafts: SmallDrafts) => void): string[] {
  const drafts = smallDrafts();
  change(drafts);
  const inventory = inventoryOf(smallFiles(drafts));
  const edge = edges[name];
  const verdict = evaluate(edge, inventory, NOW, { addresses });
  return logLines(edge, inventory, verdict, { at: NOW }).map(
    ({ component, text }) => `${component}: ${text}`,
  );
}

const EXPIRED =
  'x509: certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after 2026-11-22T12:00:00Z';

describe('what both sides write of an edge that fails', () => {
  it('nothing when it holds', () => {
    expect(logs('scheduler', () => {})).toEqual([]);
  });

  it('a client that does not like its server answers with a bad certificate', () => {
    const lines = logs('scheduler', ({ apiserver }) => (apiserver.notAfter = NOW - DAY));
    expect(lines).toEqual([
      'kube-apiserver@master: http: TLS handshake error from …: remote error: tls: bad certificate',
      `${edges.scheduler.client.name}: tls: failed to verify certificate: ${EXPIRED}`,
    ]);
    const [etcd] = logs('etcd', ({ etcd: server }) => (server.names = [san('elsewhere')]));
    expect(etcd).toBe(
      'etcd@master: "msg":"rejected connection on client endpoint",…,"error":"remote error: tls: bad certificate"',
    );
  });

  it('kube-apiserver names the certificate in its log, and says only Unauthorized', () => {
    const [server, client] = logs('scheduler', ({ scheduler }) => (scheduler.notAfter = NOW - DAY));
    // Both authenticators are asked: the front proxy's first.
    expect(server).toMatch(
      /^kube-apiserver@master: "Unable to authenticate the request" err="\[x509: certificate .*, verifying certificate SN=\d+, SKID=, AKID=([0-9A-F]{2}:){19}[0-9A-F]{2} failed: x509: certificate has expired or is not yet valid: .*\]"$/,
    );
    expect(client).toBe(`${edges.scheduler.client.name}: Unauthorized`);
  });

  it('a user with two ids is nobody, though the chain is good', () => {
    const ids = ['1', '2'].map((value) => ({ type: 'UID', value }));
    const lines = logs('scheduler', ({ scheduler }) => {
      scheduler.subject = makeName([{ type: 'CN', value: 'system:kube-scheduler' }, ...ids]);
    });
    expect(lines[0]).toMatch(/err="\[x509: .*, expected 1 UID, but found multiple: \[1 2\]\]"$/);
    expect(lines[1]).toBe(`${edges.scheduler.client.name}: Unauthorized`);
  });

  it('etcd says why in its log, and an alert to the client', () => {
    expect(logs('etcd', ({ etcdClient }) => (etcdClient.notAfter = NOW - DAY))).toEqual([
      `etcd@master: "msg":"rejected connection on client endpoint",…,"error":"tls: failed to verify certificate: ${EXPIRED}"`,
      `${edges.etcd.client.name}: remote error: tls: expired certificate`,
    ]);
    const stranger = logs('etcd', ({ etcdClient }) => (etcdClient.signedBy = keyOf('somebody')));
    expect(stranger[1]).toBe(`${edges.etcd.client.name}: remote error: tls: unknown certificate authority`);
  });

  it('whoever cannot sign with its own key says so, and the other side hears of no certificate', () => {
    const size = 'tls: certificate RSA key size too small for supported signature algorithms';
    const short = keyOf('short', 'rsa-512');
    expect(logs('etcd', ({ etcd }) => (etcd.key = short))).toEqual([
      `etcd@master: "msg":"rejected connection on client endpoint",…,"error":"${size}"`,
      `${edges.etcd.client.name}: remote error: tls: handshake failure`,
    ]);
    expect(logs('scheduler', ({ scheduler }) => (scheduler.key = short))).toEqual([
      'kube-apiserver@master: http: TLS handshake error from …: remote error: tls: handshake failure',
      `${edges.scheduler.client.name}: ${size}`,
    ]);
  });

  it('a peer from elsewhere is cut off without a word', () => {
    const fromElsewhere = (peer: SmallDrafts['peer2']) =>
      (peer.names = peer.names?.filter((name) => name.kind !== 'ip'));
    const lines = logs('peer', ({ peer2 }) => fromElsewhere(peer2));
    expect(lines).toEqual([
      `${edges.peer.endpoint.id}: "msg":"rejected connection on peer endpoint",…,"error":${JSON.stringify('tls: "10.0.0.11" does not match any of DNSNames ["second" "localhost"]')}`,
    ]);
  });
});
