/** Text for terminals: nothing that comes from outside may move a cursor or look like a line of ours. */
import { isAbsolute, relative as relativePath, sep } from 'node:path';
import { printable } from '../base/index.ts';

export { printable };

/**
 * A word for a POSIX shell: quoted only when it must be. Line breaks and tabs stand as they are; other
 * control characters, which a terminal would obey, are left to printf.
 */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const quoted = word.replaceAll("'", "'\\''").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (character) => {
    const octal = character.charCodeAt(0).toString(8).padStart(3, '0');
    return `'"$(printf '\\${octal}')"'`;
  });
  return `'${quoted}'`;
}

/** A path as a person would type it here: relative below this directory, else absolute. Never like an option. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path.startsWith('-') ? `./${path}` : path;
  const near = relativePath('.', path);
  if (near === '') return '.';
  if (near === '..' || near.startsWith(`..${sep}`)) return path;
  return near.startsWith('-') ? `./${near}` : near;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `1,510` */
export function number(count: number): string {
  // Not toLocaleString: the first call loads ICU, a tenth of the time that a small plan takes.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
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
  const amount = count === 0 ? 'less than a minute' : plural(count, unit);
  return at >= now ? `in ${amount}` : `${amount} ago`;
}
