import { describe, expect, it } from 'vitest';
import { all, answering, failureOf, secret } from './answers.fixture.ts';
import { fakeApi, kubeClient, RESOURCES, type WatchEvent } from './index.ts';

const { secrets } = RESOURCES;

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
