import { describe, expect, it } from 'vitest';
import { all, answering, failureOf, secret } from './answers.fixture.ts';
import { fakeApi, kubeClient, RESOURCES } from './index.ts';

const { secrets, nodes, signingRequests } = RESOURCES;

describe('get', () => {
  it('gives an object as it is, with fields that nobody here knows', async () => {
    const api = fakeApi();
    const kept = api.put(secrets, secret('a'));
    expect(await kubeClient(api.exchange).get(secrets, { name: 'a', namespace: 'default' })).toEqual(kept);
    expect(kept['fieldOfTomorrow']).toEqual({ deep: [1, { kept: true }] });
  });

  it("says what is not there in the server's words", async () => {
    const error = await failureOf(kubeClient(fakeApi().exchange).get(signingRequests, { name: 'csr-1' }));
    expect(error).toMatchObject({
      code: 'kube/not-found',
      message:
        'GET /apis/certificates.k8s.io/v1/certificatesigningrequests/csr-1: certificatesigningrequests.certificates.k8s.io "csr-1" not found',
      where: { path: 'HTTP 404' },
    });
  });

  it.each(['', '.', '..', 'a/b', 'a%2fb', '../../secrets'])('does not ask for the name %j', async (name) => {
    const api = fakeApi();
    await expect(async () => kubeClient(api.exchange).get(nodes, { name })).rejects.toMatchObject({
      code: 'kube/invalid',
    });
    expect(api.requests).toEqual([]);
  });

  it('wants a namespace where there are some', async () => {
    await expect(async () => kubeClient(fakeApi().exchange).get(secrets, { name: 'a' })).rejects.toThrow(
      'secrets "a": no namespace is given',
    );
  });

  it('writes no name into a path as it is', async () => {
    const api = fakeApi();
    await failureOf(kubeClient(api.exchange).get(nodes, { name: 'a?b#c d' }));
    expect(api.requests.map(({ path }) => path)).toEqual(['/api/v1/nodes/a%3Fb%23c%20d']);
  });
});

describe('list', () => {
  it.each([0, 1, 500, 501, 1_203])(
    'gives each of %i objects once, page by page, with its kind',
    async (count) => {
      const api = fakeApi();
      for (let i = 0; i < count; i++) api.put(secrets, secret(`s-${i}`, `ns-${i % 3}`));
      const listing = kubeClient(api.exchange).list(secrets);
      const found = await all(listing);
      expect(new Set(found.map(({ metadata }) => metadata.name)).size).toBe(count);
      expect(found).toHaveLength(count);
      expect(found.every(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1')).toBe(true);
      expect(api.requests).toHaveLength(Math.max(1, Math.ceil(count / 500)));
      expect(listing.resourceVersion).toBe(String(count + 1));
    },
  );

  it('reads the next page only when the one before was taken', async () => {
    const api = fakeApi();
    for (let i = 0; i < 10; i++) api.put(secrets, secret(`s-${i}`));
    for await (const { metadata } of kubeClient(api.exchange).list(secrets, { pageSize: 4 })) {
      if (metadata.name === 's-4') break;
    }
    expect(api.requests).toHaveLength(2);
  });

  it('selects by namespace and label', async () => {
    const api = fakeApi();
    api.put(secrets, secret('a', 'one', { tier: 'x' }));
    api.put(secrets, secret('b', 'one'));
    api.put(secrets, secret('c', 'two', { tier: 'x' }));
    const found = kubeClient(api.exchange).list(secrets, { namespace: 'one', labelSelector: 'tier=x' });
    expect((await all(found)).map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  it.each([
    '{"kind":"SecretList"}',
    '{"metadata":{},"items":{}}',
    '{"metadata":{},"items":[1]}',
    '[]',
    '7',
    'null',
    '<html>',
    '',
  ])('refuses %j as a list', async (text) => {
    const error = await failureOf(all(kubeClient(answering({ status: 200, text })).list(secrets)));
    expect(error).toMatchObject({
      code: 'kube/malformed',
      message: '/api/v1/secrets: the answer is none of an API server',
    });
  });

  it('does not go in a circle with a server', async () => {
    const exchange = answering({ status: 200, text: '{"metadata":{"continue":"again"},"items":[]}' });
    const error = await failureOf(all(kubeClient(exchange).list(secrets)));
    expect(error).toMatchObject({ code: 'kube/malformed' });
    expect(exchange.requests).toHaveLength(2);
  });

  it('takes null for no items, as Go writes it', async () => {
    const text = '{"metadata":{"resourceVersion":"4"},"items":null}';
    expect(await all(kubeClient(answering({ status: 200, text })).list(secrets))).toEqual([]);
  });
});

describe('patch and create', () => {
  it('changes what is named and nothing else', async () => {
    const api = fakeApi();
    api.put(secrets, secret('a'));
    const client = kubeClient(api.exchange);
    const name = { name: 'a', namespace: 'default' };
    await client.patch(secrets, name, { data: { 'tls.crt': 'BBBB', more: 'CCCC' } }, { kind: 'merge' });
    const now = await client.get(secrets, name);
    expect(now).toMatchObject({ ...secret('a'), data: { 'tls.crt': 'BBBB', more: 'CCCC' } });
  });

  it('tells of a conflict', async () => {
    const api = fakeApi();
    api.put(secrets, secret('a'));
    const name = { name: 'a', namespace: 'default' };
    const patch = { metadata: { resourceVersion: '1' } };
    const error = await failureOf(kubeClient(api.exchange).patch(secrets, name, patch, { kind: 'merge' }));
    expect(error.code).toBe('kube/conflict');
    expect(error.message).toContain('the object has been modified');
  });

  it('says who applies, and whether anything is to be kept', async () => {
    const exchange = answering({ status: 200, text: JSON.stringify(secret('a')) });
    const name = { name: 'a', namespace: 'default' };
    const options = {
      kind: 'apply',
      fieldManager: 'kubetls',
      force: true,
      dryRun: true,
      subresource: 'status',
    } as const;
    await kubeClient(exchange).patch(secrets, name, {}, options);
    expect(exchange.requests).toMatchObject([
      {
        method: 'PATCH',
        path: '/api/v1/namespaces/default/secrets/a/status?fieldManager=kubetls&force=true&dryRun=All',
        contentType: 'application/apply-patch+yaml',
      },
    ]);
  });

  it('creates once', async () => {
    const client = kubeClient(fakeApi().exchange);
    const made = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };
    const options = { namespace: 'default' };
    expect((await client.create(secrets, made, options)).metadata.namespace).toBe('default');
    expect(await failureOf(client.create(secrets, made, options))).toMatchObject({
      code: 'kube/conflict',
      message: 'POST /api/v1/namespaces/default/secrets: secrets "a" already exists',
    });
  });
});
