import { liveNode, liveRequest } from '../../../src/audit/index.ts';
import { asBuffer, expectedFailure } from '../../../src/base/index.ts';
import { type ApiRequest, type Exchange, kubeClient, RESOURCES } from '../../../src/kube/index.ts';
import { piecesOf } from '../pieces.ts';
import { listed, mustHold, never, type Target } from '../target.ts';

/** What an API server answers, or whoever answers in its place. */
export const apiTargets: Readonly<Record<string, Target>> = {
  'api-answer': never('text', readAnswers, {
    words: listed(
      '{"type":"ADDED","object":{"metadata":{}}}\n¦"type":"MODIFIED"¦"type":"DELETED"¦"type":"BOOKMARK"¦"type":"ERROR"',
      '"metadata":{"resourceVersion":"1"}¦"continue":"a"¦"items":[¦"items":null¦"kind":"Status"¦"code":410¦"message":"',
      '"conditions":[{"type":"Approved"}]¦"addresses":[{"type":"InternalIP","address":"10.0.0.1"}]¦"creationTimestamp":"',
      'null¦[]¦{}¦""¦1e999¦\n¦\r\n¦\\ud800¦__proto__¦toString¦<html>¦}',
    ),
    pace: 1 / 2,
  }),
};

const STATUSES = [200, 200, 200, 201, 403, 410, 429, 500];
const EVENTS: readonly string[] = ['ADDED', 'MODIFIED', 'DELETED'];
/** Of the server's own words there are at most 2,000 characters. */
const LONGEST_MESSAGE = 3000;

/** The first octet says with which status it comes, and how it is cut into pieces. */
async function readAnswers(bytes: Uint8Array): Promise<void> {
  const [first = 0] = bytes;
  const body = asBuffer(bytes).subarray(1);
  const client = kubeClient(answering(STATUSES[first % STATUSES.length]!, body, first >> 3), {
    wait: async () => {},
    chance: () => 0,
  });
  const { nodes, signingRequests } = RESOURCES;
  await refusable(async () => {
    for await (const object of client.list(nodes)) useObject(object);
  });
  await refusable(async () => {
    for await (const { type, object } of client.watch(signingRequests)) {
      mustHold(EVENTS.includes(type), 'an event is of a kind');
      useObject(object);
    }
  });
  await refusable(async () => useObject(await client.get(nodes, { name: 'a' })));
}

/** The same to all, but a watch that asks again is told that nobody knows where it stopped. */
function answering(status: number, body: Buffer, cut: number): Exchange {
  let watches = 0;
  const exchange = async ({ endless }: ApiRequest) => {
    const again = endless === true && watches++ > 0;
    return { status: again ? 410 : status, retryAfter: undefined, body: arriving(body, cut) };
  };
  return Object.assign(exchange, { close: () => {} });
}

async function* arriving(body: Buffer, cut: number): AsyncGenerator<Buffer> {
  yield* piecesOf(body, cut);
}

function useObject(object: { readonly metadata: unknown }): void {
  mustHold(typeof object.metadata === 'object' && object.metadata !== null, 'an object has metadata');
  liveNode(object);
  liveRequest(object);
}

async function refusable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, message } = expectedFailure(error);
    mustHold(code.startsWith('kube/') && message.length <= LONGEST_MESSAGE, 'a refusal is for people');
  }
}
