/** Reads what the other side answered. It may be broken or hostile: nothing is believed but what was asked for. */
import { SECOND } from '../../base/index.ts';
import type { FoundFile } from '../../inventory/index.ts';
import { hostError, lastWords } from '../errors.ts';
import { FILE_BYTES, tooLarge } from '../paths.ts';
import type { Standing, Stood } from '../plan-write.ts';
import type { FileTimes } from '../types.ts';
import { type Answer, wrongAnswer } from './connection.ts';

const STAT = /^([0-7]{1,5}) (\d{1,10}) (\d{1,10}) (\d{1,16})$/;
const HASH = /^\\?([0-9a-f]{64}) /;

/** What stands at each of these paths, in their order. */
export function standingIn(name: string, paths: readonly string[], answer: Answer): Standing[] {
  const lines = linesOf(name, answer);
  const kinds = paths.map((path) => kindOf(name, path, lines.shift()));
  const count = kinds.filter(({ kind }) => kind === 'F').length;
  const [stats, hashes] = [lines.splice(0, count), lines.splice(0, count)];
  if (hashes.length < count || lines.some((line) => line !== '')) throw unread(name, answer);
  let at = 0;
  return kinds.map(({ kind, target }, i) => {
    if (kind === 'M') return { target, stood: undefined };
    const stood = stoodIn(stats[at], hashes[at++]);
    if (!stood) throw unread(name, answer);
    if (stood.size > FILE_BYTES) throw tooLarge(`${name}: ${paths[i]}`);
    return { target, stood };
  });
}

function stoodIn(stat = '', hash = ''): (Stood & { readonly size: number }) | undefined {
  const [, mode = '', uid, gid, size] = STAT.exec(stat) ?? [];
  const sha256 = HASH.exec(hash)?.[1];
  if (sha256 === undefined || uid === undefined) return undefined;
  return {
    mode: Number.parseInt(mode, 8) & 0o7777,
    owner: { uid: Number(uid), gid: Number(gid) },
    size: Number(size),
    sha256,
  };
}

/** The files that are there. What was changed between its bytes and its size is no answer. */
export function filesIn(name: string, paths: readonly string[], answer: Answer): FoundFile[] {
  const lines = linesOf(name, answer);
  let at = 0;
  const contents = paths.flatMap((path) => {
    if (kindOf(name, path, lines[at++]).kind === 'M') return [];
    const end = lines.indexOf('.', at);
    if (end < 0) throw unread(name, answer);
    const bytes = Uint8Array.from(Buffer.from(lines.slice(at, end).join(''), 'base64'));
    at = end + 1;
    return [{ path, bytes }];
  });
  return contents.map(({ path, bytes }) => {
    const [, mode, size] = /^([0-7]{1,5}) (\d{1,16})$/.exec(lines[at++] ?? '') ?? [];
    if (mode === undefined) throw unread(name, answer);
    if (Number(size) > FILE_BYTES) throw tooLarge(`${name}: ${path}`);
    if (bytes.length !== Number(size)) throw unread(name, answer);
    return { path, mode: Number.parseInt(mode, 8) & 0o7777, bytes };
  });
}

/** busybox's `stat` knows whole seconds only. */
const endOf = (seconds: string | undefined): number => (Number(seconds) + 1) * SECOND - 1;

/** When the files that are there were changed. */
export function timesIn(name: string, paths: readonly string[], answer: Answer): FileTimes[] {
  const lines = linesOf(name, answer);
  const there = paths.filter((path) => kindOf(name, path, lines.shift()).kind === 'F');
  const times = lines.splice(0, 2 * there.length).map((line) => {
    const [, modified, changed] = /^(-?\d{1,12}) (-?\d{1,12})$/.exec(line) ?? [];
    if (changed === undefined) throw unread(name, answer);
    return { modified: endOf(modified), changed: endOf(changed) };
  });
  if (times.length < 2 * there.length || lines.some((line) => line !== '')) throw unread(name, answer);
  return there.map((path, i) => {
    const both = times.slice(2 * i, 2 * i + 2);
    const latest = (of: 'modified' | 'changed'): number => Math.max(...both.map((one) => one[of]));
    return { path, modified: latest('modified'), changed: latest('changed') };
  });
}

function linesOf(name: string, { body }: Answer): string[] {
  const text = body.toString();
  if (/[^\P{Cc}\n]/u.test(text)) throw wrongAnswer(name, 'reading', 'it holds control characters');
  return text.split('\n');
}

interface Kind {
  readonly kind: 'F' | 'M';
  readonly target: string;
}

function kindOf(name: string, path: string, line = ''): Kind {
  const [, kind, target = ''] = /^([FMOLX]) (.*)$/.exec(line) ?? [];
  const at = `${name}: ${path}`;
  if (kind === 'L') throw hostError({ code: 'hosts/path', message: 'too many symbolic links', at });
  if (kind === 'O')
    throw hostError({ code: 'hosts/path', message: 'something other than a file stands there', at });
  if (kind === 'X') {
    const hint = 'log in as root, or let this user run sh by sudo';
    throw hostError({ code: 'hosts/read', message: 'permission denied on the way', at, hint });
  }
  if ((kind !== 'F' && kind !== 'M') || !/^(\/[^/]+)+$/.test(target))
    throw wrongAnswer(name, 'reading', 'this is no path');
  return { kind, target: target.slice(1) };
}

function unread(name: string, { stderr }: Answer): Error {
  const words = lastWords(stderr.toString());
  if (words === '') return wrongAnswer(name, 'reading', 'something is missing or too much');
  return hostError({ code: 'hosts/read', message: words, at: name });
}
