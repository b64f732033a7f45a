/** The sentence for people of each step. */
import { MINUTE, SECOND } from '../base/index.ts';
import type { StatePath } from '../cluster/index.ts';
import type { Need } from './needs.ts';
import type { Place } from './types.ts';

export const at = ({ component, node }: Place): string => `${component}@${node}`;

export function deliverText(files: readonly StatePath[], to: string): string {
  return `${counted(files.length, 'file')} to ${to}: ${named(files)}`;
}

export function reloadText(reloads: Need['reloads']): string {
  const late = reloads.filter(({ within }) => within > MINUTE);
  const soon = reloads.filter(({ within }) => within <= MINUTE);
  const parts = [
    ...(soon.length > 0 ? [`${named(soon.map(({ path }) => path))} at once`] : []),
    ...late.map(({ path, within }) => `${fileName(path)} within ${time(within)}`),
  ];
  return `takes up by itself: ${parts.join(', ')}`;
}

export function restartText(because: StatePath, how: string, alone: boolean): string {
  const away = alone ? '; nothing stands in for it meanwhile' : '';
  return `${how}: ${fileName(because)} is read at its start only${away}`;
}

/** Of one that is dead anyway. */
export function reviveText(file: StatePath, how: string, waitsFor: string | undefined): string {
  return waitsFor === undefined
    ? `${how}: it has none but new files (${fileName(file)})`
    : `${how}: it waited for ${waitsFor}`;
}

export function gateText(healthy: number, proven: number): string {
  const parts = [
    ...(healthy > 0 ? ['it is well'] : []),
    ...(proven > 0 ? [`${counted(proven, 'edge')} proven`] : []),
  ];
  return parts.join(', ');
}

export function beforeText(others: readonly string[]): string {
  return `before it goes away, ${others.join(', ')} must be well`;
}

function time(ms: number): string {
  return ms >= MINUTE
    ? counted(Math.round(ms / MINUTE), 'minute')
    : counted(Math.round(ms / SECOND), 'second');
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

const NAMED = 4;

function named(files: readonly StatePath[]): string {
  const names = files.slice(0, NAMED).map(fileName);
  return files.length > NAMED ? `${names.join(', ')} and ${files.length - NAMED} more` : names.join(', ');
}

/** Two of kubeadm's are called `server.crt` in one place or another: with its directory. */
function fileName(path: StatePath): string {
  const parts = path.split('/');
  return (parts.at(-2) === 'etcd' ? parts.slice(-2) : parts.slice(-1)).join('/');
}
