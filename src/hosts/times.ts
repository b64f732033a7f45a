import { type Instant, SECOND } from '../base/index.ts';

/** What every host can say: a `stat` may know no part of a second. */
export function toSecond(at: number): Instant {
  return Math.floor(at / SECOND) * SECOND;
}
