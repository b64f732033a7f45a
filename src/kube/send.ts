import { setTimeout as sleep } from 'node:timers/promises';
import { expectedFailure, KubetlsError } from '../base/index.ts';
import { textOf } from './body.ts';
import { interrupted } from './errors.ts';
import { waitBefore } from './retry.ts';
import { refusalOf } from './status.ts';
import type { ApiRequest, ApiResponse, Exchange, KubeCode, KubeError } from './types.ts';

export interface ClientOptions {
  /** Resolves after so many milliseconds, or rejects when the signal is given. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
  /** From 0 to 1. */
  readonly chance?: () => number;
}

/** Sends a request as often as it may be sent, and gives what is read from a response with a status below 300. */
export type Send = <T>(request: ApiRequest, read: (response: ApiResponse) => Promise<T>) => Promise<T>;

/** Without a byte for so long the server counts as lost. client-go waits for ever; a person does not. */
export const PATIENCE = 30_000;

/** Enough of a refusal to find its Status. */
const LARGEST_REFUSAL = 2 ** 20;

export function sender(exchange: Exchange, { wait = slept, chance = Math.random }: ClientOptions): Send {
  return async (request, read) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await tried(exchange, request, read);
      if ('value' in outcome) return outcome.value;
      const { error, retryAfter } = outcome;
      const reads = request.method === 'GET';
      const pause = waitBefore(error, { attempt, reads, retryAfter, chance: chance() });
      if (pause === undefined) throw attempt > 1 ? afterAttempts(error, attempt) : error;
      await wait(pause, request.signal).catch(() => {
        throw interrupted();
      });
    }
  };
}

type Outcome<T> =
  | { readonly value: T }
  | { readonly error: KubeError; readonly retryAfter: number | undefined };

async function tried<T>(
  exchange: Exchange,
  request: ApiRequest,
  read: (response: ApiResponse) => Promise<T>,
): Promise<Outcome<T>> {
  try {
    const response = await exchange(request);
    const { status, retryAfter, body } = response;
    if (status >= 200 && status < 300) return { value: await read(response) };
    return { error: refusalOf(status, await textOf(body, LARGEST_REFUSAL), request), retryAfter };
  } catch (error) {
    return { error: expectedFailure(error) as KubeError, retryAfter: undefined };
  }
}

const slept = (milliseconds: number, signal: AbortSignal | undefined) =>
  sleep(milliseconds, undefined, signal === undefined ? {} : { signal });

function afterAttempts({ code, message, where, hint }: KubeError, attempts: number): KubeError {
  return new KubetlsError<KubeCode>({
    code,
    message: `${message} (${attempts} attempts)`,
    ...(where && { where }),
    ...(hint !== undefined && { hint }),
  });
}
