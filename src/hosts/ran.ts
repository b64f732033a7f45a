import { printable } from '../base/index.ts';
import type { ChildEnd } from './child.ts';
import { hostError } from './errors.ts';
import type { Ran } from './types.ts';

/** How a command ended, or the failure that it did not end by itself. */
export function ran(at: string, program: string, timeout: number, end: ChildEnd): Ran {
  refuseUnended(at, program, timeout, end);
  return { status: end.status, stdout: end.stdout.toString(), stderr: end.stderr.toString() };
}

export function refuseUnended(at: string, what: string, timeout: number, { by }: ChildEnd): void {
  const name = printable(what);
  if (by === 'timeout')
    throw hostError({ code: 'hosts/timeout', message: `${name} took more than ${timeout / 1000} s`, at });
  if (by === 'interrupt')
    throw hostError({ code: 'hosts/interrupted', message: `${name} was interrupted`, at });
  if (by === 'flood')
    throw hostError({ code: 'hosts/too-large', message: `${name} never stopped talking`, at });
}
