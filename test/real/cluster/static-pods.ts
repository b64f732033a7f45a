// A control plane as kubeadm runs it: static pods of the node's kubelet, from the manifests that kubeadm itself writes.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ControlPlaneNode, kubeadmConfig, type KubeadmSettings } from '../kubeadm-config.ts';
import { kubeadmUnder } from '../kubeadm.ts';
import type { Component } from './component.ts';
import { until } from './until.ts';

export const MANIFESTS = 'etc/kubernetes/manifests';
/** Of pods that are not started yet: a scheduler that starts without a kube-apiserver never trusts anybody. */
const ASIDE = 'manifests';
/** Characters that Linux keeps of a process's name (proc_pid_comm(5)). */
const NAME_MAX = 15;

/** `kubeadm init phase control-plane all` and `etcd local`, with the node's disk as its whole file system; put aside. */
export async function writeManifests(
  kubeadm: string,
  disk: string,
  settings: KubeadmSettings,
  node: ControlPlaneNode,
): Promise<void> {
  const config = path.join(disk, 'kubeadm.yaml');
  await writeFile(config, kubeadmConfig(settings, node, '/etc/kubernetes/pki'));
  const phases = [
    ['control-plane', 'all'],
    ['etcd', 'local'],
  ];
  for (const phase of phases) {
    const words = ['init', 'phase', ...phase, '--config', '/kubeadm.yaml'];
    const { code, stdout, stderr } = await kubeadmUnder(kubeadm, disk, words);
    if (code !== 0) throw new Error(`kubeadm ${words.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  }
  await rm(config);
  await rename(path.join(disk, MANIFESTS), path.join(disk, ASIDE));
  await mkdir(path.join(disk, MANIFESTS), { mode: 0o700 });
}

/** Of the pods of a node. */
export async function imagesOn(disk: string): Promise<string[]> {
  const directory = path.join(disk, ASIDE);
  if (!existsSync(directory)) return [];
  const images = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const [, image] = /^ +image: (\S+)$/m.exec(await readFile(path.join(directory, name), 'utf8')) ?? [];
      return image ?? [];
    }),
  );
  return images.flat();
}

/**
 * One that is started by its manifest; from then on its kubelet ends it and starts it. Its runtime writes its log and
 * its pid.
 */
export function podIn(logs: string, disk: string, id: string, ready: () => Promise<boolean>): Component {
  const manifest = `${id.split('@')[0]}.yaml`;
  const logFile = path.join(logs, `${id}.log`);
  const pidFile = path.join(logs, `${id}.pid`);
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const pid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0);
  const byKubelet = async () => {
    throw new Error(`${id} is a static pod: its kubelet starts and ends it`);
  };
  const running = () => pid() !== 0 && nameOf(pid()) === id.slice(0, id.indexOf('@')).slice(0, NAME_MAX);
  return {
    id,
    logFile,
    pid,
    running,
    log,
    lastLog: log,
    async start(expected = true) {
      const aside = path.join(disk, ASIDE, manifest);
      if (existsSync(aside)) await rename(aside, path.join(disk, MANIFESTS, manifest));
      if (expected)
        await until(`${id} is ready`, ready, { why: () => log().split('\n').slice(-15).join('\n') });
    },
    /** Its process; a kubelet that lives starts another. */
    async stop() {
      if (!running()) return;
      const old = pid();
      process.kill(old, 'SIGKILL');
      await until(`${id} has ended`, async () => nameOf(old) === '');
    },
    restart: byKubelet,
  };
}

/** Empty when there is no such process: a number may be another's by now. */
function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
