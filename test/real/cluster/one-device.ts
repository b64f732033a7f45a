// All nodes of a cluster share one loopback device. Where kubeadm uses 127.0.0.1 on each of several nodes, the
// node's own address stands in for it.
import type { ApiserverWiring, ControllerWiring, EtcdWiring, Wiring } from './wiring.ts';

const LOOPBACK = '127.0.0.1';

export interface OnOneDevice {
  wiring: Wiring;
  /** Options of `kubetls prove` for what listens elsewhere than it is said to. */
  connect: readonly string[];
}

export function onOneDevice(wiring: Wiring): OnOneDevice {
  if (wiring.apiservers.length === 1) return { wiring, connect: [] };
  const addressOf = new Map(wiring.apiservers.map(({ node, address }) => [node, address.host]));
  const hostOf = (node: string) => addressOf.get(node) ?? LOOPBACK;
  const controller = <T extends ControllerWiring>(one: T): T => ({
    ...one,
    address: { ...one.address, host: hostOf(one.node) },
  });
  const apiserver = (one: ApiserverWiring): ApiserverWiring => ({
    ...one,
    etcd: {
      ...one.etcd,
      servers: one.etcd.servers.map((url) => url.replace(LOOPBACK, hostOf(one.node))),
    },
  });
  const moved = {
    ...wiring,
    etcd: wiring.etcd.map((one): EtcdWiring => ({ ...one, loopback: false })),
    apiservers: wiring.apiservers.map(apiserver),
    controllerManagers: wiring.controllerManagers.map(controller),
    schedulers: wiring.schedulers.map(controller),
  };
  return {
    wiring: moved,
    connect: [...connections('kube-controller-manager'), ...connections('kube-scheduler')],
  };

  function connections(component: 'kube-controller-manager' | 'kube-scheduler'): string[] {
    const all = component === 'kube-scheduler' ? wiring.schedulers : wiring.controllerManagers;
    return all
      .filter(({ address }) => address.host === LOOPBACK)
      .flatMap(({ node, address }) => ['--connect', `${component}@${node}=${hostOf(node)}:${address.port}`]);
  }
}
