// The API of a real cluster: what our client makes of it, beside kubectl.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret, utf8 } from '../../../src/base/index.ts';
import { parseKubeconfig, resolveKubeconfig } from '../../../src/kubeconfig/index.ts';
import { httpsExchange, type KubeClient, kubeClient, RESOURCES } from '../../../src/kube/index.ts';
import { type Forward, forwardTo } from './forward.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { untilPublished } from './published.ts';
import { API_NAME, TOPOLOGIES } from './scenarios.ts';

const LONG = 60_000; // milliseconds
const { configMaps } = RESOURCES;

describe.skipIf('missing' in ground)(
  'the API of a real cluster (needs Go, root and network namespaces)',
  () => {
    const cluster = booted({ title: 'live', topology: TOPOLOGIES.single, profile: 'flat', spec: [] });
    const kubectl = (...words: string[]) => cluster().mustKubectl(words);
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
      await untilPublished(cluster());
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
  },
);

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
