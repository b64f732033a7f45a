/** The commands that bring to a node what kubetls cannot bring there itself. */
import { join } from 'node:path';
import type { Cluster, ComponentName } from '../../cluster/index.ts';
import { type HandWork, onDisk } from '../../rollout/index.ts';
import { shellWord, shownPath } from '../text.ts';

/** In order. */
export function handCommands(work: HandWork, cluster: Cluster, state: string): string[] {
  return [...copyCommand(work, cluster, state), ...restartsOf(work, cluster)];
}

/**
 * rsync writes beside and renames, which programs that watch their files notice at once; a copy in place can be read
 * half written. A kubelet's store is a link, and stays one: it makes no other where a file stands.
 */
export function copyCommand({ node, files }: HandWork, cluster: Cluster, state: string): string[] {
  if (files.length === 0) return [];
  const address = addressOf(node, cluster);
  const to = `root@${address}`;
  // rsync tells an address of IPv6 from a path by brackets, which ssh does not know.
  const target = address.includes(':') ? `root@[${address}]:/` : `${to}:/`;
  const root = shownPath(join(state, 'nodes', node));
  const paths = files.map((path) => onDisk(node, path));
  const sources = paths.map(shellWord);
  const rsync = ['rsync', '-pR', '--no-implied-dirs', ...sources, shellWord(target)].join(' ');
  const links = paths.filter((path) => path.endsWith(CURRENT)).map((path) => relink(path));
  return [
    `(cd ${shellWord(root)} && ${rsync})`,
    ...links.map((command) => `ssh ${shellWord(to)} ${shellWord(command)}`),
  ];
}

/** client-go util/certificate/certificate_store.go: "expected %q to be a symlink but it is a file" */
const CURRENT = '-current.pem';

function relink(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const kept = name.replace(CURRENT, '-rescued.pem');
  // Typed twice it would put a link to itself in the place of the key.
  const relinked = `[ -L ${name} ] || { mv ${name} ${kept} && ln -s $PWD/${kept} ${name}; }`;
  return `cd /${path.slice(0, path.lastIndexOf('/'))} && { ${relinked}; }`;
}

/** `only`: of this component. */
export function restartsOf({ node, restarts }: HandWork, cluster: Cluster, only?: ComponentName): string[] {
  const to = `root@${addressOf(node, cluster)}`;
  return restarts
    .filter(({ component }) => only === undefined || component === only)
    .map(({ component }) => {
      const command = restartCommand(component, cluster);
      return command === undefined
        ? `# restart ${component} on ${node}, as it is run there`
        : `ssh ${shellWord(to)} ${shellWord(command)}`;
    });
}

/**
 * undefined: the file does not say how it is run. A kubelet starts a container of a static pod again that is stopped;
 * one that has ended it starts by itself, and there is nothing to stop.
 */
export function restartCommand(component: ComponentName, { spec }: Cluster): string | undefined {
  const service = spec.services[component];
  switch (service.kind) {
    case 'systemd':
      return `systemctl restart ${shellWord(service.unit)}`;
    case 'command':
      return service.command.map(shellWord).join(' ');
    case 'static-pod':
      return `crictl ps -q --name ${component} | xargs -r crictl stop`;
    case 'none':
      return undefined;
  }
}

function addressOf(name: string, { spec }: Cluster): string {
  return spec.nodes.find((node) => node.name === name)?.addresses[0] ?? name;
}
