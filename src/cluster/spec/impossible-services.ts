/** Services that no node can have, and ways to one that lead nowhere. */
import type { Draft } from './draft.ts';
import type { Path, Problem } from './problems.ts';

/** What the kubelet runs from a manifest on its node. It does not run itself, and kube-proxy is a DaemonSet's. */
const PODS: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'etcd',
  'kube-scheduler',
  'kube-controller-manager',
]);

export const impossibleServices: readonly ((draft: Draft) => Problem[])[] = [
  noSuchPod,
  oneWay,
  becomesOverSsh,
];

const place = (component: string): Path => ['spec', 'services', component];

function noSuchPod({ services }: Draft): Problem[] {
  return services.flatMap(([component, service]): Problem[] => {
    if (service !== 'static-pod' || PODS.has(component)) return [];
    const message = `${component} is no static pod`;
    const hint = 'systemd, none, { systemd: UNIT } or { command: [PROGRAM, WORD] }';
    return [{ code: 'cluster/spec-value', path: place(component), message, hint }];
  });
}

function oneWay({ services }: Draft): Problem[] {
  return services.flatMap(([component, service]): Problem[] => {
    if (typeof service !== 'object' || Array.isArray(service)) return [];
    const path = place(component);
    const { systemd, command } = service;
    if ((systemd === undefined) === (command === undefined)) {
      const message = systemd === undefined ? 'says nothing' : 'says both systemd and command';
      const hint = '{ systemd: UNIT } or { command: [PROGRAM, WORD] }';
      return [{ code: 'cluster/spec-value', path, message: `${component} ${message}`, hint }];
    }
    const isEmpty = Array.isArray(command) && (command.length === 0 || command[0] === '');
    if (!isEmpty) return [];
    return [{ code: 'cluster/spec-value', path: [...path, 'command'], message: 'the command is empty' }];
  });
}

/** On a directory nothing runs, and what is done on this machine is done as who started it. */
function becomesOverSsh({ nodes = [] }: Draft): Problem[] {
  return nodes.flatMap(({ host, become }, i): Problem[] => {
    if (become === undefined || host?.startsWith('ssh:') === true) return [];
    const message = `become: ${become} needs a host that is reached by ssh`;
    const hint = 'host: ssh://user@host';
    return [{ code: 'cluster/spec-value', path: ['spec', 'nodes', i, 'become'], message, hint }];
  });
}
