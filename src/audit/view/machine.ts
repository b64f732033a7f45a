import type { StatePath } from '../../cluster/index.ts';

/** `nodes/master` of `nodes/master/etc/kubernetes/pki/ca.crt`; a path that is shorter stands for itself. */
export function machineOf(path: StatePath): string {
  const second = path.indexOf('/', path.indexOf('/') + 1);
  return second < 0 ? path : path.slice(0, second);
}
