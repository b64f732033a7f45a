/** Which directories of a whole machine are looked at: where clusters keep such things, and people. */
import type { FsOps } from '../directory/fs-ops.ts';

/** A directory that has all of these is the root of a machine. */
const MACHINE = ['etc', 'proc', 'usr'] as const;

export function isMachine(directory: string, { lstat }: Pick<FsOps, 'lstat'>): boolean {
  return MACHINE.every((name) => lstat(`${directory}/${name}`)?.isDirectory());
}

interface Place {
  readonly at: string;
  /** How many directories below it are entered, one in another; absent: all. */
  readonly depth?: number;
  /** Of those directly in it. */
  readonly names?: RegExp;
}

/**
 * Programs, images, caches, volumes and shares of other machines are in none of them: a walk over those takes
 * minutes, and what it finds is no cluster's. What a setting names elsewhere is read all the same (`readNamed`).
 */
const PLACES: readonly Place[] = [
  { at: 'etc' },
  { at: 'usr/local/etc' },
  // Packages' units, kubeadm's drop-in for the kubelet among them.
  { at: 'usr/lib/systemd/system', names: /^(?:kube|etcd|k3s|rke2)/ },
  { at: 'opt', depth: 5 },
  { at: 'srv', depth: 4 },
  { at: 'root', depth: 2 },
  { at: 'home', depth: 3 },
  {
    at: 'var/lib',
    names: /^(?:kube|etcd|minikube|rancher|rke|k0s|k3s|microk8s|cni|calico|cilium|cloud|localkube)/,
  },
  { at: 'var/snap/microk8s' },
];

/** Of these, what is left out: the public authorities of the operating system, and containers' own trees. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'etc/ssl/certs',
  'etc/pki/ca-trust',
  'etc/ca-certificates',
  'var/lib/kubelet/pods',
  'var/lib/rancher/k3s/agent/containerd',
  'var/lib/rancher/k3s/data',
  'var/lib/rancher/rke2/agent/containerd',
  'var/lib/rancher/rke2/data',
  'var/lib/k0s/containerd',
  'var/snap/microk8s/common/var/lib/containerd',
]);

/** Hidden directories are programs' own, but for those of clusters' tools; libraries of Node come by the thousand. */
function isOrdinary(name: string): boolean {
  return name !== 'node_modules' && (!name.startsWith('.') || name === '.kube' || name === '.minikube');
}

/** @param at below the machine's root, without a slash before it; behind links, as it is called */
export function isLookedAt(at: string): boolean {
  return !LEFT_OUT.has(at) && PLACES.some((place) => isOnTheWay(at, place) || isWithin(at, place));
}

/** Directories between the root and a place hold programs' files, libraries by the hundred: they are only passed. */
export function isPassed(at: string): boolean {
  return at !== '' && PLACES.every((place) => at !== place.at && !isWithin(at, place));
}

function isOnTheWay(at: string, place: Place): boolean {
  return `${place.at}/`.startsWith(`${at}/`);
}

function isWithin(at: string, place: Place): boolean {
  if (!at.startsWith(`${place.at}/`)) return false;
  const names = at.slice(place.at.length + 1).split('/');
  const { depth = names.length, names: wanted } = place;
  return names.length <= depth && wanted?.test(names[0] ?? '') !== false && names.every(isOrdinary);
}

/** Views of the kernel and what goes with the next start: nothing that is kept. */
const NOT_KEPT = /^(?:proc|sys|dev|run|tmp)(?:\/|$)/;

/**
 * A link from where a cluster keeps things leads to where it keeps them as well: `/etc/kubernetes` on a disk of its
 * own; and `/home` is `/var/home` where the system is an image.
 */
export function isLinkFollowed(from: string, to: string): boolean {
  if (isLookedAt(to)) return true;
  const isPlace = PLACES.some((place) => from === place.at || isOnTheWay(from, place));
  return (isPlace || /^(?:etc|var)\/.*(?:kube|etcd)/.test(from)) && !NOT_KEPT.test(to);
}

/** That a file of the machine could not be read is worth a word where it may be the cluster's. */
export function isWorthAWord(path: string): boolean {
  return /kube|etcd|pki|rancher|rke|k0s|k3s|\.(?:crt|cer|cert|der|pem|key|p12|pfx|jks)$/i.test(path);
}
