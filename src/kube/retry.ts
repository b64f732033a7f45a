import type { KubeError } from './types.ts';

/** client-go rest/request.go gives up after ten; a person waits for less. */
const ATTEMPTS = 5;
const FIRST_WAIT = 100;
/** A server that is drowning asks for longer; then the caller shall know. */
const LONGEST_WAIT = 10_000;

/**
 * Milliseconds to wait before the next attempt; undefined when there is none. Whatever changes something is
 * sent again only where the server has said that it did not do it.
 *
 * @param attempt from 1: those that failed
 * @param chance from 0 to 1: what keeps many clients from coming back at once
 */
export function waitBefore(
  { code }: Pick<KubeError, 'code'>,
  { attempt, reads, retryAfter, chance }: Tried,
): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  const told = retryAfter === undefined ? undefined : retryAfter * 1_000;
  const again =
    code === 'kube/throttled' ||
    (code === 'kube/server' && (told !== undefined || reads)) ||
    ((code === 'kube/unreachable' || code === 'kube/timeout') && reads);
  if (!again) return undefined;
  if (told !== undefined) return told > LONGEST_WAIT ? undefined : told;
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (0.5 + chance / 2);
}

interface Tried {
  readonly attempt: number;
  readonly reads: boolean;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  readonly chance: number;
}
