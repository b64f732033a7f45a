/** What the hour says where no socket does: when the process read the file, against when the file was changed. */
import { type Instant, MINUTE, SECOND, toRfc3339 } from '../../base/index.ts';
import type { Finding, Untold } from './findings.ts';
import { leadershipOf } from './leadership.ts';
import type { Holding, Sights, Times } from './types.ts';

/**
 * process_start_time_seconds is reckoned from the boot, whose hour the kernel tells in whole seconds (procfs
 * stat.go, btime): up to one too early. Times of files may be as much too late. And a program reads its files in the
 * first second of its life.
 */
const BLUR = 3 * SECOND;

export function timeSeen(holding: Holding, sights: Sights): Finding | Untold {
  const times = timesOf(holding, sights);
  if ('why' in times) return { state: 'unknown', text: times.why };
  const read = readAt(holding, sights);
  if (!('why' in read) && read.at >= times.changed) {
    const text = `${read.did} after it was last changed`;
    return { state: 'fresh', by: read.by, text, whole: true };
  }
  if (holding.fact.reload === 'hot') return reloaded(holding, times, sights);
  return 'why' in read ? { state: 'unknown', text: read.why } : readBefore(read, times);
}

/** The latest of its files. */
function timesOf({ files, node }: Holding, { times, unseenDisks }: Sights): Times | { readonly why: string } {
  const why = unseenDisks.get(node);
  if (why !== undefined) return { why };
  const found = files.map((path) => times.get(path));
  const seen = found.filter((one) => one !== undefined);
  if (seen.length < found.length) return { why: 'its file is not where it is said to be' };
  return {
    modified: Math.max(...seen.map(({ modified }) => modified)),
    changed: Math.max(...seen.map(({ changed }) => changed)),
  };
}

interface ReadAt {
  readonly at: Instant;
  readonly by: 'start' | 'leadership';
  readonly did: string;
  /** It read it then or later. */
  readonly atLeast?: true;
}

function readAt(holding: Holding, sights: Sights): ReadAt | { readonly why: string } {
  const leadership = leadershipOf(holding, sights);
  if (leadership?.kind === 'unknown') return leadership;
  if (leadership?.kind === 'leads' && leadership.since !== undefined) {
    return { at: leadership.since, by: 'leadership', did: 'began to lead' };
  }
  const process = sights.processes.get(`${holding.component}@${holding.node}`);
  if (!process) return { why: 'nothing that it answers over TLS says when it started' };
  if ('why' in process) return process;
  const later = leadership ? ({ atLeast: true } as const) : {};
  return { at: process.value.started, by: 'start', did: 'started', ...later };
}

function readBefore({ at, by, did, atLeast }: ReadAt, { modified }: Times): Finding | Untold {
  if (atLeast)
    return { state: 'unknown', text: `${did} before it was changed; since when it leads is not seen` };
  if (at + BLUR < modified) {
    const text = `${did} at ${toRfc3339(at)}, before it was changed at ${toRfc3339(modified)}`;
    return { state: 'stale', by, text };
  }
  const text =
    at < modified
      ? `${did} in the very seconds in which it was changed`
      : `${did} before its owner, mode or name was changed, or an older file was put in its place`;
  return { state: 'unknown', text, restart: true };
}

/** What it reads by itself, it has read when the time is over that this takes at most. */
function reloaded(holding: Holding, { changed }: Times, { now, processes }: Sights): Finding | Untold {
  const { component, node, role, fact } = holding;
  const ago = Math.max(0, now - changed);
  if (ago <= fact.within + BLUR) {
    const text = `it was changed ${duration(ago)} ago, and is read again by itself within ${duration(fact.within)}`;
    return { state: 'unknown', text, within: fact.within };
  }
  const text = `reads it again by itself within ${duration(fact.within)} of a change`;
  const fresh: Finding = { state: 'fresh', by: 'table', text, whole: true };
  // With the next request only (client-go transport/ca_rotation.go): who never asked has never looked.
  if (role !== 'kubelet-anchors' && role !== 'kubeconfig-anchors') return fresh;
  const process = processes.get(`${component}@${node}`);
  if (!process || 'why' in process || process.value.looks === undefined) {
    return { state: 'unknown', text: 'whether it has looked at it since its change is not seen' };
  }
  if (process.value.looks > 0) return fresh;
  return { state: 'stale', by: 'looks', text: NEVER_LOOKED[role] };
}

/** Measured: exec, attach and port-forward never make kube-apiserver look. */
const NEVER_LOOKED = {
  'kubelet-anchors':
    'has not looked at it since it started: it does so with the next request (kubectl logs), and exec and attach go by the old one until then',
  'kubeconfig-anchors':
    'has not looked at it since it started: it does so with its next request to kube-apiserver',
} as const;

function duration(ms: number): string {
  const minutes = ms >= MINUTE;
  const count = Math.round(ms / (minutes ? MINUTE : SECOND));
  return `${count} ${minutes ? 'minute' : 'second'}${count === 1 ? '' : 's'}`;
}
