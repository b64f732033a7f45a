import { runChild } from '../child.ts';
import { ran } from '../ran.ts';
import { errno } from '../../stores/index.ts';
import { printable } from '../../base/index.ts';
import { hostError } from '../errors.ts';
import type { HostRunOptions, Ran } from '../types.ts';
import { KEPT } from '../child.ts';

/** A command on this machine. What it started ends with it when it takes too long or is interrupted. */
export async function runHere(
  at: string,
  [program, ...words]: readonly string[],
  { timeout, signal }: HostRunOptions,
): Promise<Ran> {
  if (program === undefined || program === '' || [program, ...words].some((word) => word.includes('\0')))
    throw hostError({ code: 'hosts/command', message: 'this is no command', at });
  try {
    return ran(at, program, timeout, await runChild(program, words, { timeout, signal, keep: KEPT }));
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    const message = `${printable(program)} cannot be started: ${code}`;
    throw hostError({ code: 'hosts/command', message, at, cause: error });
  }
}
