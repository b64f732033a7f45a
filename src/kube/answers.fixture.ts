/** Servers that answer what a test hands them, and what a test makes of the answers. */
import { KubetlsError, utf8 } from '../base/index.ts';
import type { ApiRequest, ApiResponse, Exchange, KubeError } from './index.ts';

export const secret = (name: string, namespace = 'default', more: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels: more },
  data: { 'tls.crt': 'AAAA' },
  fieldOfTomorrow: { deep: [1, { kept: true }] },
});

export async function failureOf(work: Promise<unknown>): Promise<KubeError> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as KubeError,
  );
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

export interface Answer {
  readonly status?: number;
  readonly text?: string;
  readonly retryAfter?: number;
  /** The connection ends after the text. */
  readonly lost?: boolean;
}

/** Answers one after the other, and the last one from then on. */
export function answering(...answers: readonly Answer[]): Exchange & { readonly requests: ApiRequest[] } {
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
