// What a node's programs see: this machine, with the node's own /etc/kubernetes and /var/lib in their places.
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from './commands.ts';

/** Directories of a system that a node's programs want to find; below them they may write only where it is the node's. */
const SYSTEM = ['etc', 'usr/libexec'] as const;
const OWN = ['etc/kubernetes', 'var/lib'] as const;
/** kubeadm's manifest of the controller manager mounts it (phases/controlplane/volumes.go, flexvolume-dir). */
const FLEX_VOLUMES = 'usr/libexec/kubernetes/kubelet-plugins/volume/exec';

/** `disk`: what is the node's `/`. `hosts`: its /etc/hosts. */
export async function prepareView(disk: string, hosts: string): Promise<void> {
  for (const directory of [...SYSTEM, ...OWN, FLEX_VOLUMES])
    await mkdir(path.join(disk, directory), { recursive: true });
  await copyFile(hosts, path.join(disk, 'etc/hosts'));
}

/** In a mount namespace of its own: nothing of this machine is changed, and nobody else sees it. */
export function inView(disk: string, command: readonly string[]): Command {
  const script = [
    ...SYSTEM.map((name) => `mount -t overlay overlay -o 'lowerdir=${disk}/${name}:/${name}' /${name}`),
    ...OWN.map((name) => `mount --bind '${disk}/${name}' /${name}`),
    'exec "$@"',
  ].join(' && ');
  return ['unshare', '--mount', '--propagation', 'slave', 'sh', '-c', script, 'sh', ...command];
}
