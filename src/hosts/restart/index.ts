/** How the components of a node are started anew: what the file says of each, over the node's host. */
import type { ClusterSpec, ComponentName } from '../../cluster/index.ts';
import { hostError, lastWords } from '../errors.ts';
import type { Host, Restarter } from '../types.ts';
import { PLACES, restartStaticPod, type StaticPodPlaces } from './static-pod.ts';

export interface RestarterOptions {
  /** How long a component may take to stop, and again to start; two minutes by default. Milliseconds. */
  readonly patience?: number;
  /** kubeadm's, where they are not said. */
  readonly staticPods?: Partial<StaticPodPlaces>;
}

/** Longer than systemd's own patience with a unit (DefaultTimeoutStopSec, DefaultTimeoutStartSec: 90 s each). */
const PATIENCE = 120_000;

/** A component whose service is `none` is left alone: its restart does nothing. */
export function hostRestarter(
  host: Host,
  services: ClusterSpec['services'],
  { patience = PATIENCE, staticPods }: RestarterOptions = {},
): Restarter {
  const run = async (component: ComponentName, command: readonly string[], hint: string): Promise<void> => {
    const { status, stderr, stdout } = await host.run(command, { timeout: 2 * patience });
    if (status === 0) return;
    const said = lastWords(stderr) || lastWords(stdout);
    const message = `restarting ${component} ended with status ${status}${said === '' ? '' : `: ${said}`}`;
    throw hostError({ code: 'hosts/command', message, at: host.name, hint });
  };
  return {
    restart: async (component) => {
      const service = services[component];
      switch (service.kind) {
        case 'systemd':
          await run(
            component,
            ['systemctl', 'restart', '--', service.unit],
            `see why on the node: systemctl status ${service.unit}; journalctl -u ${service.unit}`,
          );
          return;
        case 'command':
          await run(component, service.command, `it is services.${component} in the file`);
          return;
        case 'static-pod':
          await restartStaticPod(host, component, patience, { ...PLACES, ...staticPods });
          return;
        case 'none':
      }
    },
    describe: (component) => {
      const service = services[component];
      switch (service.kind) {
        case 'systemd':
          return `systemctl restart ${service.unit}`;
        case 'command':
          return service.command.join(' ');
        case 'static-pod':
          return `static pod ${component}`;
        case 'none':
          return `${component} is not restarted`;
      }
    },
  };
}
