// The API of a real cluster: what our client makes of it, beside kubectl, and what `check --live` finds in it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret, utf8 } from '../../../src/base/index.ts';
import { parseKubeconfig, resolveKubeconfig } from '../../../src/kubeconfig/index.ts';
import { httpsExchange, type KubeClient, kubeClient, RESOURCES } from '../../../src/kube/index.ts';
import { writePem } from '../../../src/x509/index.ts';
import { keyOf, mint, rootDraft } from '../../judges/mint.ts';
import { type Forward, forwardTo } from './forward.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import type { RealCluster } from './real-cluster.ts';
import { API_NAME, TOPOLOGIES } from './scenarios.ts';
import { until } from './until.ts';

const LONG = 60_000; // milliseconds
const { configMaps, secrets } = RESOURCES;

describe.skipIf('missing' in ground)(
  'the API of a real cluster (needs Go, root and network namespaces)',
  () => {
    const cluster = booted({ title: 'live', topology: TOPOLOGIES.single, profile: 'flat', spec: [] });
    const kubectl = (...words: string[]) => cluster().mustKubectl(words);
    const apply = (object: object) => cluster().mustKubectl(['apply', '-f', '-'], JSON.stringify(object));
    const listed = async (what: string) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kubectl's own shape
      (
        JSON.parse(await kubectl('get', what, '-A', '-o', 'json', '--show-managed-fields')) as {
          items: { metadata: { name: string } }[];
        }
      ).items;

    let forward: Forward;
    let client: KubeClient;
    beforeAll(async () => {
      const roots = async () =>
        (await listed('configmaps')).filter(({ metadata }) => metadata.name === 'kube-root-ca.crt');
      await until('the authority in every namespace', async () => (await roots()).length >= 4);
      const { namespace, wiring } = cluster();
      forward = await forwardTo(namespace.door, wiring.apiservers[0]!.address);
      client = clientFor(readFileSync(cluster().wiring.admin), cluster().wiring.admin, forward.port);
    }, LONG);
    afterAll(() => {
      client?.close();
      forward?.close();
    });

    it('lists what kubectl lists, object by object, in pages of any size', async () => {
      for (const pageSize of [1, 7, 500]) {
        const found = [];
        for await (const object of client.list(configMaps, { pageSize })) found.push(object);
        expect(found).toEqual(await listed('configmaps'));
      }
    });

    it("gives objects and refusals in the server's words", async () => {
      const name = { name: 'kube-root-ca.crt', namespace: 'kube-system' };
      const shown = JSON.parse(
        await kubectl('-n', 'kube-system', 'get', 'cm', name.name, '-o', 'json', '--show-managed-fields'),
      ) as object;
      expect(await client.get(configMaps, name)).toEqual(shown);
      const missing = client.get(configMaps, { ...name, name: 'none' });
      await expect(missing).rejects.toMatchObject({
        code: 'kube/not-found',
        message: 'GET /api/v1/namespaces/kube-system/configmaps/none: configmaps "none" not found',
      });
    });

    it('watches from a list on, and patches in every way', async () => {
      const listing = client.list(configMaps, { namespace: 'default' });
      for await (const { metadata } of listing) expect(metadata.namespace).toBe('default');
      const stop = new AbortController();
      const from = { namespace: 'default', resourceVersion: listing.resourceVersion!, signal: stop.signal };
      const seen: string[] = [];
      const watching = (async () => {
        for await (const { type, object } of client.watch(configMaps, from)) {
          seen.push(`${type} ${JSON.stringify(object['data'])}`);
          if (type === 'DELETED') stop.abort();
        }
      })();
      const name = { name: 'mine', namespace: 'default' };
      await client.create(
        configMaps,
        { metadata: { name: 'mine' }, data: { a: '1' } },
        { namespace: 'default' },
      );
      await client.patch(configMaps, name, { data: { a: '2' } }, { kind: 'merge' });
      await client.patch(configMaps, name, [{ op: 'replace', path: '/data/a', value: '3' }], {
        kind: 'json',
      });
      await client.patch(configMaps, name, { data: { a: '4' } }, { kind: 'strategic' });
      const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: '5' } };
      await client.patch(configMaps, name, applied, { kind: 'apply', fieldManager: 'kubetls', force: true });
      await client.patch(configMaps, name, { data: { a: '6' } }, { kind: 'merge', dryRun: true });
      await kubectl('delete', 'cm', 'mine');
      await watching;
      expect(seen).toEqual([
        ...['1', '2', '3', '4', '5'].map((a, i) => `${i === 0 ? 'ADDED' : 'MODIFIED'} {"a":"${a}"}`),
        'DELETED {"a":"5"}',
      ]);
    });

    it('is not let in with what the server does not know', async () => {
      const { wiring } = cluster();
      const text = readFileSync(wiring.admin, 'utf8').replace(/client-(certificate|key)(-data)?:.*/g, '');
      const stranger = clientFor(Buffer.from(text), wiring.admin, forward.port, {
        token: 'nobody',
      });
      await expect(stranger.getPath('/version')).rejects.toMatchObject({
        code: 'kube/unauthorized',
        message: 'GET /version: Unauthorized',
      });
      stranger.close();
    });

    it(
      'is found in order by check --live, then what is put into it',
      async () => {
        expect(await check(cluster())).toMatchObject({ code: 0, ids: ['masters-member'] });
        const stranger = mint({
          ...rootDraft('stranger', keyOf('real-stranger')),
          keyUsage: ['keyCertSign'],
        });
        const pem = writePem('CERTIFICATE', stranger.der);
        const authentication = { name: 'extension-apiserver-authentication', namespace: 'kube-system' };
        const { data } = (await client.get(configMaps, authentication)) as unknown as {
          data: Record<string, string>;
        };
        const both = { data: { 'client-ca-file': `${data['client-ca-file']}${pem}` } };
        await client.patch(configMaps, authentication, both, { kind: 'merge' });
        await apply({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata: { name: 'web', namespace: 'default' },
          stringData: {
            'tls.crt': pem,
            'tls.key': readFileSync(cluster().tree.at('authorities/cluster/g1/ca.key'), 'utf8'),
          },
        });
        const { ids, messages, code } = await check(cluster());
        expect(ids).toEqual(expect.arrayContaining(['live-client-authority', 'pair-mismatch']));
        expect(messages.some((one) => /"stranger".*which no file has/.test(one))).toBe(true);
        expect(code).toBe(1);
        for await (const { metadata } of client.list(secrets)) expect(metadata.name).toBe('web');
      },
      LONG,
    );

    it(
      'is unknown when the server is not there',
      async () => {
        await cluster().component('kube-apiserver@cp1').stop();
        const { code, ids, stderr } = await check(cluster());
        expect(code).toBe(3);
        expect(ids).toEqual(['masters-member']);
        expect(stderr).toContain('unknown: the running cluster: dial tcp');
      },
      LONG,
    );
  },
);

async function check(cluster: RealCluster) {
  const words = ['check', '--live', '--kubeconfig', cluster.wiring.admin, '-o', 'json'];
  const { code, stdout, stderr } = await cluster.kubetls(words);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
  const { findings } = JSON.parse(stdout) as { findings: { id: string; message: string }[] };
  return {
    code,
    stderr,
    ids: findings.map(({ id }) => id),
    messages: findings.map(({ message }) => message),
  };
}

function clientFor(kubeconfig: Uint8Array, file: string, port: number, as?: { token: string }): KubeClient {
  const text = Buffer.from(kubeconfig).toString('utf8');
  const config = parseKubeconfig(utf8(text), file);
  const read = (name: string) => readFileSync(name);
  const resolved = resolveKubeconfig(config, { directory: path.dirname(file), read });
  const server = { ...resolved.server, host: '127.0.0.1', port };
  const exchange = httpsExchange(
    { ...resolved, server, tlsServerName: API_NAME, ...(as && tokenOf(as.token)) },
    { clock: { now: () => Date.now() }, userAgent: 'kubetls/test' },
  );
  return kubeClient(exchange);
}

function tokenOf(token: string) {
  return { token: { source: 'data', value: new Secret(utf8(token)) } } as const;
}
