/** Who a process is, told apart from another one that has its number by now. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { errno } from './failures.ts';

/** A process, such that no two are equal: numbers are used again, after a while and in every container. */
export interface Holder {
  readonly pid: number;
  /** Start of the process, opaque; empty where the system does not tell. */
  readonly started: string;
  readonly host: string;
}

/** This process. */
export function thisProcess(): Holder {
  return { pid: process.pid, started: startOf(process.pid) ?? '', host: hostname() };
}

/** Whether the process of that number is gone, or is a later one. */
export function isAnother({ pid, started }: Holder): boolean {
  const now = startOf(pid);
  return now === undefined || (now !== '' && started !== '' && now !== started);
}

/**
 * When a process started: boot id and clock ticks since boot (proc(5), field 22 of /proc/PID/stat; the
 * second field may hold spaces and parentheses). Empty where there is no /proc; undefined for no process,
 * and for a zombie: a container without an init keeps those.
 */
function startOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const ticks = fields[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${ticks}`;
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errno(error) === 'EPERM';
  }
}
