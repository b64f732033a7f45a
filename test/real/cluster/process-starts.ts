// Who was started when, by the kernel's own notes.
import { readFileSync } from 'node:fs';
import { kubeletPid } from './kubelet.ts';
import type { RealCluster } from './real-cluster.ts';

/** Where static pods are; a kubelet comes again by itself there. */
function pidOf(cluster: RealCluster, id: string): number {
  const [component, node = ''] = id.split('@');
  return component === 'kubelet'
    ? Number(readFileSync(kubeletPid(cluster.disks.of(node)), 'utf8'))
    : cluster.component(id).pid();
}

/** Milliseconds since 1970: field 22 of /proc/PID/stat counts hundredths of a second from the boot (proc(5)). */
export function startOf(pid: number): number {
  const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]) * 1_000;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return boot + Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) * 10;
}

export const pidsOf = (cluster: RealCluster, ids: readonly string[]): ReadonlyMap<string, number> =>
  new Map(ids.map((id) => [id, pidOf(cluster, id)]));

/** Those that another process runs by now, in the order in which those were started. */
export function startedAnew(cluster: RealCluster, before: ReadonlyMap<string, number>): string[] {
  const starts = [...pidsOf(cluster, [...before.keys()])]
    .filter(([id, pid]) => pid !== before.get(id))
    .map(([id, pid]) => ({ id, at: startOf(pid) }));
  return starts.sort((one, other) => one.at - other.at).map(({ id }) => id);
}
