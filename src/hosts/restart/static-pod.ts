/**
 * A static pod is started anew by taking its manifest away and putting it back: the kubelet ends a pod whose
 * manifest has gone, and starts one that has come (pkg/kubelet/config/file.go). It must have gone first: the same
 * manifest is the same pod (config/common.go, applyDefaults: its UID is a hash of it), and one of that name waits
 * for the other (pod_workers.go, allowStaticPodStart).
 *
 * All of it is one script on the node: it goes on when we are cut off, and puts the manifest back when it is told
 * to end. Killed outright, the manifest lies in `parked`, which the next restart, or putBackManifests, sees.
 */
import type { ComponentName } from '../../cluster/index.ts';
import { hostError, lastWords } from '../errors.ts';
import type { Host } from '../types.ts';

export interface StaticPodPlaces {
  /** kubeadm's: cmd/kubeadm/app/constants, ManifestsSubDirName. */
  readonly manifests: string;
  /** On the same file system, so that a move is a rename; the kubelet looks at no other directory. */
  readonly parked: string;
  /** Seen where there is no crictl. */
  readonly processes: string;
  /** How long nothing may run before the kubelet must have seen that the manifest has gone; seconds. */
  readonly quiet: number;
  /** How long the kubelet may wait before it starts what has ended again and again; seconds. */
  readonly backoff: number;
}

export const PLACES: StaticPodPlaces = {
  manifests: '/etc/kubernetes/manifests',
  parked: '/etc/kubernetes/kubetls-restart',
  processes: '/proc',
  // It is told at once (inotify), and looks every 20 s in any case (fileCheckFrequency, apis/config/v1beta1/defaults.go).
  quiet: 21,
  // The same manifest is the same pod, and what it has waited for goes on (pkg/kubelet/kubelet.go, MaxCrashLoopBackOff;
  // kuberuntime_manager.go, doBackOff): a kube-apiserver whose certificates have ended is in it.
  backoff: 300,
};

/** `running` prints what runs of it: ids of containers, or numbers of processes by their name, which Linux cuts. */
const RUNNING = String.raw`
if crictl ps --quiet >/dev/null 2>&1; then
running() { crictl ps --quiet --name "^$name\$"; }
else
short=$(printf %.15s "$name")
running() {
for file in "$processes"/[0-9]*/comm; do
if read -r comm <"$file" && [ "$comm" = "$short" ]; then file=${'${file%/comm}'}; echo "${'${file##*/}'}"; fi
done 2>/dev/null
}
fi
among() { for one in $2; do [ "$one" != "$1" ] || return 0; done; return 1; }
some_left() { now=$(running) || return 0; for id in $now; do ! among "$id" "$old" || return 0; done; return 1; }
none_new() { now=$(running) || return 0; for id in $now; do among "$id" "$old" || return 1; done; return 0; }
seconds() { date +%s; }
pause() { sleep 0.2 2>/dev/null || sleep 1; }`;

/** $1 manifests, $2 parked, $3 component, $4 processes; seconds: $5 until it has stopped, $6 started, $7 quiet. */
const RESTART = String.raw`
manifest=$1/$3.yaml parked=$2/$3.yaml name=$3 processes=$4
${RUNNING}
back() { [ ! -f "$parked" ] || [ -e "$manifest" ] || mv "$parked" "$manifest"; }
back
if [ ! -f "$manifest" ]; then echo "there is no $manifest" >&2; exit 65; fi
if [ -e "$parked" ]; then mv -f "$parked" "$parked.replaced" || exit 64; fi
[ -d "$2" ] || mkdir -m 700 "$2" || exit 64
old=$(running)
trap back EXIT
trap 'exit 75' HUP INT TERM
mv "$manifest" "$parked" || exit 64
end=$(($(seconds) + $5))
[ -n "$old" ] || sleep "$7"
while some_left; do
if [ "$(seconds)" -ge "$end" ]; then echo "$3 did not stop within $5 s" >&2; exit 66; fi
pause
done
back || exit 64
end=$(($(seconds) + $6))
while none_new; do
if [ "$(seconds)" -ge "$end" ]; then echo "$3 did not start within $6 s" >&2; exit 67; fi
pause
done`;

/** @param patience for stopping, and again for starting beside the kubelet's own: milliseconds */
export async function restartStaticPod(
  host: Host,
  component: ComponentName,
  patience: number,
  { manifests, parked, processes, quiet, backoff }: StaticPodPlaces,
): Promise<void> {
  const stops = Math.max(1, Math.ceil(patience / 1000));
  const starts = stops + backoff;
  const words = [manifests, parked, component, processes, ...[stops, starts, quiet].map(String)];
  const timeout = (stops + starts + quiet + 30) * 1000;
  const { status, stderr } = await host.run(['sh', '-c', RESTART, 'sh', ...words], { timeout });
  if (status === 0) return;
  const said = lastWords(stderr);
  throw hostError({
    code: 'hosts/command',
    message: said === '' ? `restarting ${component} ended with status ${status}` : said,
    at: host.name,
    hint: `see what the kubelet says: journalctl -u kubelet; the manifest belongs into ${manifests}`,
  });
}

const PUT_BACK = String.raw`
for parked in "$2"/*.yaml; do
name=${'${parked##*/}'}
if [ -f "$parked" ] && [ ! -e "$1/$name" ]; then mv "$parked" "$1/$name" && echo "${'${name%.yaml}'}"; fi
done`;

/** Manifests that an interrupted restart left aside stand again when this returns; says of which components. */
export async function putBackManifests(
  host: Host,
  { manifests, parked }: StaticPodPlaces = PLACES,
): Promise<string[]> {
  const command = ['sh', '-c', PUT_BACK, 'sh', manifests, parked];
  const { status, stdout, stderr } = await host.run(command, { timeout: 60_000 });
  if (status !== 0 && lastWords(stderr) !== '')
    throw hostError({ code: 'hosts/command', message: lastWords(stderr), at: host.name });
  return stdout.split('\n').filter((name) => /^[a-z-]+$/.test(name));
}
