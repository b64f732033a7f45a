import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has } from '../../test/tls/openssl.ts';
import { type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';
import { Secret } from '../base/index.ts';
import { describeCluster, type Edge, type KubeconfigItem, parseSpec } from '../cluster/index.ts';
import { type ProbeCredential, probeMany, type ProbeTask, requestFor } from '../probe/index.ts';

const NODES = `
  nodes:
    - { name: cp-1, roles: [control-plane, etcd], addresses: [10.0.0.11] }
    - { name: cp-2, roles: [control-plane, etcd], addresses: [10.0.0.12] }
    - { name: etcd-3, roles: [etcd], addresses: [10.0.0.13] }
    - { name: worker-1, roles: [worker], addresses: [10.0.0.21] }`;
const REUSED =
  'clients: { apiserver-etcd: reuse-server, apiserver-kubelet: reuse-server, kubelet-apiserver: reuse-server }';
const USERS = 'users: [{ name: kube-admin, groups: ["system:masters"] }]';
const specOf = (rest: string): string =>
  `apiVersion: kubetls/v1\nkind: Cluster\nmetadata: { name: demo }\nspec:\n  endpoint: kube-apiserver:6443${NODES}\n  ${rest}\n`;

describe.skipIf(!has('openssl'))('every edge of a cluster against its twin (needs openssl)', () => {
  describe.each([
    ['flat', specOf(`profile: flat\n  ${USERS}`)],
    ['kubeadm', specOf('profile: kubeadm')],
    [
      'flat, one authority, pairs reused',
      specOf(`profile: flat\n  authorities: { etcd: shared }\n  ${REUSED}\n  ${USERS}`),
    ],
  ])('%s', (_, spec) => {
    const cluster = describeCluster(parseSpec(spec, 'kubetls.yaml'));
    let fixture: TwinFixture;
    beforeAll(async () => {
      fixture = await twinFixture({}, cluster);
    });
    afterAll(() => fixture.end());

    function file(name: string): Buffer {
      return readFileSync(path.join(fixture.state.directory, name));
    }

    function credentialOf({ presents }: Edge): ProbeCredential | undefined {
      if (presents.kind === 'none') return undefined;
      if (presents.kind === 'pair') {
        return { certificate: file(presents.certificate), key: new Secret(file(presents.key)) };
      }
      const item = cluster.items.find(
        (item): item is KubeconfigItem => item.kind === 'kubeconfig' && item.file.path === presents.file,
      );
      if (!item) throw new Error(`no item makes ${presents.file}`);
      if ('paths' in item.credentials) {
        const beside = path.dirname(item.file.path);
        const { certificate, key } = item.credentials.paths;
        const [crt, private_] = [certificate, key].map((name) => file(path.join(beside, name)));
        return crt && private_ && { certificate: crt, key: new Secret(private_) };
      }
      const made = fixture.state.pairs.get(item.id);
      return made && { certificate: Buffer.from(made.certificate), key: new Secret(Buffer.from(made.key)) };
    }

    it('is answered: accepted with a certificate, and anonymous where none is shown', async () => {
      const edges = cluster.edges;
      const tasks = edges.map((edge): ProbeTask => {
        const credential = credentialOf(edge);
        const request = requestFor(edge.endpoint, credential ? edge.as : 'anonymous');
        const target = { ...fixture.twin.address(edge.endpoint.id), serverName: edge.name, request };
        return { target, credential, options: { timeout: 20_000 } };
      });
      const results = await probeMany(tasks, { concurrency: 8 });
      const seen = results.map(({ result }, index) => {
        const { id, presents } = edges[index] ?? { id: '', presents: { kind: 'none' } };
        const open = presents.kind === 'none' && result.kind === 'denied' && result.status === 403;
        return result.kind === 'accepted' || open ? `${id}: good` : `${id}: ${JSON.stringify(result)}`;
      });
      expect(seen).toEqual(edges.map(({ id }) => `${id}: good`));
      expect(seen.length).toBeGreaterThan(30);
    });

    it('shows who is asking', async () => {
      const toApiserver = cluster.edges.filter(({ endpoint }) => endpoint.id === 'kube-apiserver@cp-1');
      const names = new Map<string, unknown>();
      for (const edge of toApiserver) {
        const credential = credentialOf(edge);
        const target = { ...fixture.twin.address(edge.endpoint.id), request: requestFor(edge.endpoint) };
        const [result] = await probeMany([{ target, credential, options: { timeout: 20_000 } }], {
          concurrency: 1,
        });
        names.set(edge.client.name, result?.result.kind === 'accepted' ? result.result.identity : undefined);
      }
      expect(names.get('kube-scheduler@cp-1')).toBe('system:kube-scheduler');
      expect(names.get('kubelet@worker-1')).toBe('system:node:worker-1');
    });
  });
});
