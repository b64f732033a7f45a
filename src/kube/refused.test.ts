import { describe, expect, it } from 'vitest';
import { utf8 } from '../base/index.ts';
import { all, type Answer, answering, failureOf } from './answers.fixture.ts';
import { linesOf, textOf } from './body.ts';
import { kubeClient, type KubeError, RESOURCES } from './index.ts';

const { secrets } = RESOURCES;

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
