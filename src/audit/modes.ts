import type { Trouble } from './types.ts';

/** Whether a file with a secret in it is its owner's alone. A group may be a chosen few; others are everybody. */
export function modeTrouble(what: string, mode: number | undefined, field?: string): Trouble[] {
  if (mode === undefined || (mode & 0o077) === 0) return [];
  const forGroup = (mode & 0o007) === 0;
  const who = forGroup ? 'its group' : 'everybody on this machine';
  const done = (mode & 0o022) === 0 ? 'read' : 'read and changed';
  return [
    {
      message: `${what} may be ${done} by ${who} (mode ${modeText(mode)})`,
      ...(forGroup && { severity: 'warning' }),
      ...(field !== undefined && { field }),
    },
  ];
}

/** `0640` */
export function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
