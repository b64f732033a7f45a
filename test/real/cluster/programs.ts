// The programs of a cluster in the order of their start, each with the question that says it is ready.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  aggregatedCommand,
  apiserverCommand,
  at,
  type Common,
  controllerManagerCommand,
  etcdAddresses,
  etcdCommand,
  schedulerCommand,
} from './commands.ts';
import { type Component, type ComponentSettings, componentIn } from './component.ts';
import { statusOf } from './dial.ts';
import type { Disks } from './disks.ts';
import { HEALTHZ_PORT, kubeProxyCommand } from './kube-proxy.ts';
import { kubeletCommands } from './kubelet.ts';
import type { Namespace } from './namespace.ts';
import { podIn } from './static-pods.ts';
import type { Address, KubeletWiring, KubeProxyWiring, Wiring } from './wiring.ts';

/** In the order of a start: what is in one wave needs what is in the waves before, and nothing beside it. */
export const WAVES = ['etcd', 'apiservers', 'controllers', 'runtimes', 'kubelets', 'kubeProxies'] as const;

/** `controllers`: what asks kube-apiserver only. */
export type Programs = Record<(typeof WAVES)[number], Component[]>;

export interface Place {
  namespace: Namespace;
  /** Logs and data of the programs. */
  directory: string;
  disks: Disks;
}

/** The two programs of one node. */
interface NodePrograms {
  runtime: Component;
  kubelet: Component;
}

async function nodePrograms(
  common: Common,
  one: KubeletWiring,
  { namespace, directory, disks }: Place,
): Promise<NodePrograms> {
  const logs = path.join(directory, 'logs');
  const commands = await kubeletCommands(common, one, disks.of(one.node), logs);
  const url = `http://${at({ ...one.address, port: 10_248 })}/healthz`;
  return {
    runtime: componentIn(namespace, logs, {
      id: `cri@${one.node}`,
      command: commands.cri,
      ready: async () => existsSync(commands.socket),
    }),
    kubelet: componentIn(namespace, logs, {
      id: `kubelet@${one.node}`,
      command: commands.kubelet,
      supervised: common.staticPods,
      ready: async () => (await statusOf(namespace.door, url)) === 200,
    }),
  };
}

async function kubeProxyProgram(
  common: Common,
  one: KubeProxyWiring,
  { namespace, directory, disks }: Place,
): Promise<Component> {
  const url = `http://${one.address}:${HEALTHZ_PORT}/healthz`;
  return componentIn(namespace, path.join(directory, 'logs'), {
    id: `kube-proxy@${one.node}`,
    command: await kubeProxyCommand(common, one, disks.of(one.node)),
    ready: async () => (await statusOf(namespace.door, url)) === 200,
  });
}

export async function programsOf(common: Common, wiring: Wiring, place: Place): Promise<Programs> {
  const logs = path.join(place.directory, 'logs');
  const data = path.join(place.directory, 'data');
  await mkdir(logs, { recursive: true });
  await mkdir(data, { recursive: true });
  const { door } = place.namespace;
  const component = (settings: ComponentSettings) =>
    common.staticPods && settings.pod === true
      ? podIn(logs, place.disks.of(settings.id.split('@')[1] ?? ''), settings.id, settings.ready)
      : componentIn(place.namespace, logs, settings);
  const says = (url: string) => async () => (await statusOf(door, url)) === 200;
  const healthz = (address: Address) => says(`https://${at(address)}/healthz`);
  const { aggregated } = wiring;
  const nodes = await Promise.all(wiring.kubelets.map((one) => nodePrograms(common, one, place)));
  return {
    etcd: wiring.etcd.map((member) =>
      component({
        id: `etcd@${member.node}`,
        pod: true,
        command: etcdCommand(common, member, path.join(data, member.node), wiring.etcd),
        // kubeadm's manifest has it on loopback.
        ready: says(`${common.staticPods ? 'http://127.0.0.1:2381' : etcdAddresses(member).metrics}/readyz`),
      }),
    ),
    apiservers: wiring.apiservers.map((one) =>
      component({
        id: `kube-apiserver@${one.node}`,
        pod: true,
        command: apiserverCommand(common, one),
        // Its port opens two seconds earlier, when RBAC is still empty.
        ready: says(`https://${at(one.address)}/readyz`),
      }),
    ),
    controllers: [
      ...wiring.controllerManagers.map((one) =>
        component({
          id: `kube-controller-manager@${one.node}`,
          pod: true,
          command: controllerManagerCommand(common, one),
          ready: healthz(one.address),
          supervised: true,
        }),
      ),
      ...wiring.schedulers.map((one) =>
        component({
          id: `kube-scheduler@${one.node}`,
          pod: true,
          command: schedulerCommand(common, one),
          ready: healthz(one.address),
          supervised: true,
        }),
      ),
      // One, beside a kube-apiserver whose pair for etcd it uses too.
      ...wiring.apiservers
        .filter(({ node }) => node === aggregated.node)
        .map((beside) =>
          component({
            id: `aggregated-apiserver@${aggregated.node}`,
            command: aggregatedCommand(common, aggregated, beside, path.join(data, 'aggregated')),
            ready: says(`https://${at(aggregated.address)}/readyz`),
            supervised: true,
          }),
        ),
    ],
    runtimes: nodes.map(({ runtime }) => runtime),
    kubelets: nodes.map(({ kubelet }) => kubelet),
    kubeProxies: await Promise.all(wiring.kubeProxies.map((one) => kubeProxyProgram(common, one, place))),
  };
}
