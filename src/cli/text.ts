/** Text for terminals: nothing that comes from outside may move a cursor or look like a line of ours. */

import { withoutKeys } from '../base/index.ts';

/** Names from certificates and files are shown with control characters escaped, and never a private key. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the point of it: C0, DEL, C1, and the bidirectional controls that reorder what a person reads (Unicode TR 36, 3.5).
  return withoutKeys(text).replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => {
      const code = character.codePointAt(0) as number;
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
    },
  );
}

/** A word for a POSIX shell: quoted only when it must be. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  // Not toLocaleString: the first call loads ICU, a tenth of the time that a small plan takes.
  const digits = String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${digits} ${count === 1 ? one : many}`;
}

/** `in 364 days`, `in 7 hours`, `3 days ago`. */
export function relative(at: number, now: number): string {
  const distance = Math.abs(at - now);
  const [size, unit] =
    distance >= 2 * 86_400_000
      ? [86_400_000, 'day']
      : distance >= 7_200_000
        ? [3_600_000, 'hour']
        : [60_000, 'minute'];
  // Nobody counts the seconds by which a year is short; near the end they do.
  const count = distance >= 30 * 86_400_000 ? Math.round(distance / size) : Math.floor(distance / size);
  const amount = plural(count, unit);
  return at >= now ? `in ${amount}` : `${amount} ago`;
}
