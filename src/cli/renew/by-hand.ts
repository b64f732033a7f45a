/** The commands that bring to a node what kubetls cannot bring there itself. */
import { join } from 'node:path';
import type { Cluster, ComponentName } from '../../cluster/index.ts';
import { type HandWork, onDisk } from '../../rollout/index.ts';
import { shellWord, shownPath } from '../text.ts';

/**
 * In order. rsync writes beside and renames, which programs that watch their files notice at once; a copy in place
 * can be read half written.
 */
export function handCommands({ node, files, restarts }: HandWork, cluster: Cluster, state: string): string[] {
  const address = addressOf(node, cluster);
  const to = `root@${address}`;
  // rsync tells an address of IPv6 from a path by brackets, which ssh does not know.
  const target = address.includes(':') ? `root@[${address}]:/` : `${to}:/`;
  const root = shownPath(join(state, 'nodes', node));
  const sources = files.map((path) => shellWord(onDisk(node, path)));
  const rsync = ['rsync', '-pR', '--no-implied-dirs', ...sources, shellWord(target)].join(' ');
  const copy = `(cd ${shellWord(root)} && ${rsync})`;
  return [
    ...(files.length > 0 ? [copy] : []),
    ...restarts.map(({ component }) => {
      const command = restartCommand(component, cluster);
      return command === undefined
        ? `# restart ${component} on ${node}, as it is run there`
        : `ssh ${shellWord(to)} ${shellWord(command)}`;
    }),
  ];
}

/** undefined: the file does not say how it is run. A kubelet starts a container of a static pod again that is stopped. */
export function restartCommand(component: ComponentName, { spec }: Cluster): string | undefined {
  const service = spec.services[component];
  switch (service.kind) {
    case 'systemd':
      return `systemctl restart ${shellWord(service.unit)}`;
    case 'command':
      return service.command.map(shellWord).join(' ');
    case 'static-pod':
      return `crictl stop $(crictl ps -q --name ${component})`;
    case 'none':
      return undefined;
  }
}

function addressOf(name: string, { spec }: Cluster): string {
  return spec.nodes.find((node) => node.name === name)?.addresses[0] ?? name;
}
