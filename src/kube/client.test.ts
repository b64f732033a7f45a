import { describe, expect, it } from 'vitest';
import { KubetlsError, utf8 } from '../base/index.ts';
import { linesOf, textOf } from './body.ts';
import {
  type ApiRequest,
  type ApiResponse,
  type Exchange,
  fakeApi,
  kubeClient,
  type KubeError,
  RESOURCES,
  type WatchEvent,
} from './index.ts';

const { secrets, nodes, signingRequests } = RESOURCES;

const secret = (name: string, namespace = 'default', more: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels: more },
  data: { 'tls.crt': 'AAAA' },
  fieldOfTomorrow: { deep: [1, { kept: true }] },
});

async function failureOf(work: Promise<unknown>): Promise<KubeError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as KubeError,
  );
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

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

describe('watch', () => {
  it('goes on over many requests, from where the one before ended', async () => {
    const api = fakeApi();
    const before = api.put(secrets, secret('old'));
    const stop = new AbortController();
    const client = kubeClient(api.exchange);
    const seen: string[] = [];
    const happen = setInterval(() => {
      if (seen.length === 0) api.put(secrets, secret('a'));
      else if (seen.length === 1) api.put(secrets, { ...secret('a'), data: {} });
      else api.remove(secrets, 'a', 'default');
    }, 60);
    const from = { resourceVersion: before.metadata.resourceVersion!, signal: stop.signal };
    for await (const { type, object } of client.watch(secrets, from)) {
      seen.push(`${type} ${object.metadata.name}`);
      if (seen.length === 3) stop.abort();
    }
    clearInterval(happen);
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    expect(api.requests.length).toBeGreaterThan(1);
    expect(new Set(api.requests.map(({ path }) => path)).size).toBeGreaterThan(1);
  });

  it('says when the server no longer knows where to go on from', async () => {
    const api = fakeApi();
    api.put(secrets, secret('a'));
    api.compact();
    const error = await failureOf(all(kubeClient(api.exchange).watch(secrets, { resourceVersion: '1' })));
    expect(error).toMatchObject({ code: 'kube/gone' });
    expect(error.message).toContain('too old resource version');
  });

  it('goes on after a connection that was lost in the middle of an event', async () => {
    const event: WatchEvent = {
      type: 'ADDED',
      object: { ...secret('a'), metadata: { name: 'a', resourceVersion: '9' } },
    };
    const line = `${JSON.stringify(event)}\n`;
    const exchange = answering(
      { status: 200, text: line + line.slice(0, 40), lost: true },
      { status: 200, text: line },
    );
    const seen = [];
    for await (const { type } of kubeClient(exchange).watch(secrets)) if (seen.push(type) === 2) break;
    expect(
      exchange.requests.map(({ path }) => new URL(path, 'https://x').searchParams.get('resourceVersion')),
    ).toEqual([null, '9']);
  });

  it('does not ask a server in a tight loop that ends it at once', async () => {
    const exchange = answering({ status: 200, text: '' });
    const error = await failureOf(all(kubeClient(exchange).watch(secrets)));
    expect(error.message).toBe('watching /api/v1/secrets: the server ends it at once, 5 times in a row');
    expect(exchange.requests).toHaveLength(5);
  });

  it.each(['{"type":"ODD","object":{"metadata":{}}}', '{"type":"ADDED"}', 'x', '[]', '{"type":["ADDED"]}'])(
    'refuses %j as an event',
    async (text) => {
      const error = await failureOf(
        all(kubeClient(answering({ status: 200, text: `${text}\n` })).watch(secrets)),
      );
      expect(error.code).toBe('kube/malformed');
    },
  );
});

describe('again', () => {
  const waited: number[] = [];
  const options = { wait: async (pause: number) => waited.push(pause), chance: () => 1 };
  const get = async (...answers: readonly Answer[]) => {
    waited.length = 0;
    const exchange = answering(...answers);
    const outcome = await kubeClient(exchange, options)
      .getPath('/version')
      .catch((error: unknown) => error as KubeError);
    return { outcome, attempts: exchange.requests.length, waited: [...waited] };
  };
  const fine: Answer = { status: 200, text: '{}' };

  it('reads again what was lost, with longer and longer waits', async () => {
    expect(await get({ lost: true }, { lost: true }, fine)).toEqual({
      outcome: {},
      attempts: 3,
      waited: [100, 200],
    });
    expect(await get({ status: 200, text: '{"half":', lost: true }, fine)).toMatchObject({
      outcome: {},
      attempts: 2,
    });
  });

  it('gives up, and says how often it tried', async () => {
    const { outcome, attempts } = await get({ lost: true });
    expect(outcome).toMatchObject({ code: 'kube/unreachable', message: 'EOF (5 attempts)' });
    expect(attempts).toBe(5);
  });

  it('waits as long as the server asks for, within reason', async () => {
    expect(await get({ status: 429, text: '', retryAfter: 3 }, fine)).toMatchObject({
      outcome: {},
      waited: [3_000],
    });
    expect(await get({ status: 503, text: '', retryAfter: 600 })).toMatchObject({ attempts: 1, waited: [] });
  });

  it.each([400, 401, 403, 404, 409, 410, 422])('does not ask again after %i', async (status) => {
    expect((await get({ status, text: '' })).attempts).toBe(1);
  });

  it('does not change anything twice, unless the server says that it did nothing', async () => {
    const patch = async (...answers: readonly Answer[]) => {
      const exchange = answering(...answers);
      const name = { name: 'a', namespace: 'b' };
      await kubeClient(exchange, options)
        .patch(secrets, name, {}, { kind: 'merge' })
        .catch(() => undefined);
      return exchange.requests.length;
    };
    expect(await patch({ lost: true }, fine)).toBe(1);
    expect(await patch({ status: 500, text: '' }, fine)).toBe(1);
    expect(await patch({ status: 429, text: '', retryAfter: 1 }, fine)).toBe(2);
  });
});

describe('refusals', () => {
  const refused = async (status: number, text: string) =>
    failureOf(kubeClient(answering({ status, text })).getPath('/x'));

  it('keeps to the Status, else to a short text, and reads no page of a proxy out', async () => {
    const said = { kind: 'Status', message: 'pods is forbidden: User "a" cannot list', reason: 'Forbidden' };
    expect((await refused(403, JSON.stringify(said))).message).toBe(`GET /x: ${said.message}`);
    expect((await refused(404, 'page not found\n')).message).toBe('GET /x: page not found');
    expect((await refused(404, ' <html>hello')).message).toBe('GET /x: the server answered 404');
    expect((await refused(400, '{"kind":"Status","message":7}')).message).toBe(
      'GET /x: {"kind":"Status","message":7}',
    );
    expect((await refused(400, 'x'.repeat(100_000))).message.length).toBeLessThan(2_100);
  });

  it('reads no endless refusal', async () => {
    expect((await refused(400, 'x'.repeat(2 ** 20 + 1))).code).toBe('kube/too-large');
  });
});

describe('bodies', () => {
  async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield utf8(text);
  }

  it('are read up to a limit', async () => {
    expect(await textOf(chunks('ab', 'cd'), 4)).toBe('abcd');
    await expect(textOf(chunks('ab', 'cde'), 4)).rejects.toMatchObject({ code: 'kube/too-large' });
  });

  it('are lines wherever they are cut; the last one must end', async () => {
    const text = 'one\ntwo ä\n\nthree\nhalf';
    for (let cut = 0; cut < text.length; cut++) {
      const parts = chunks(text.slice(0, cut), text.slice(cut));
      expect(await all(linesOf(parts))).toEqual(['one', 'two ä', '', 'three']);
    }
    await expect(all(linesOf(chunks('abc', 'def'), 5))).rejects.toMatchObject({ code: 'kube/too-large' });
  });
});

interface Answer {
  readonly status?: number;
  readonly text?: string;
  readonly retryAfter?: number;
  /** The connection ends after the text. */
  readonly lost?: boolean;
}

/** Answers one after the other, and the last one from then on. */
function answering(...answers: readonly Answer[]): Exchange & { readonly requests: ApiRequest[] } {
  const requests: ApiRequest[] = [];
  const lost = () => new KubetlsError({ code: 'kube/unreachable', message: 'EOF' });
  const exchange = async (request: ApiRequest): Promise<ApiResponse> => {
    const answer = answers[Math.min(requests.push(request), answers.length) - 1]!;
    if (answer.status === undefined) throw lost();
    async function* body() {
      yield utf8(answer.text ?? '');
      if (answer.lost) throw lost();
    }
    return { status: answer.status, retryAfter: answer.retryAfter, body: body() };
  };
  return Object.assign(exchange, { close: () => undefined, requests });
}
