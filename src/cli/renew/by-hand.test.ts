import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/support/small-cluster.ts';
import type { ComponentName } from '../../cluster/index.ts';
import { handCommands } from './by-hand.ts';

function commands(components: readonly ComponentName[], extra: Record<string, unknown> = {}): string[] {
  const restarts = components.map((component) => ({ component, because: '' }));
  const files = ['nodes/worker-1/etc/kubernetes/pki/it is.crt'];
  return handCommands({ node: 'worker-1', files, restarts, reloads: [] }, clusterOf(extra), '/x/state');
}

describe('what a person types', () => {
  it('brings the files by a rename, with words quoted for the shell', () => {
    expect(commands([])).toEqual([
      "(cd /x/state/nodes/worker-1 && rsync -pR --no-implied-dirs 'etc/kubernetes/pki/it is.crt' root@10.0.0.21:/)",
    ]);
  });

  it('restarts each component as the file says that it runs', () => {
    expect(commands(['kube-scheduler', 'kubelet']).slice(1)).toEqual([
      "ssh root@10.0.0.21 'systemctl restart kube-scheduler'",
      "ssh root@10.0.0.21 'systemctl restart kubelet'",
    ]);
    expect(commands(['kube-scheduler', 'kube-proxy'], { profile: 'kubeadm' }).slice(1)).toEqual([
      "ssh root@10.0.0.21 'crictl ps -q --name kube-scheduler | xargs -r crictl stop'",
      '# restart kube-proxy on worker-1, as it is run there',
    ]);
    const services = { kubelet: { command: ['sv', 'restart', 'kubelet'] } };
    expect(commands(['kubelet'], { services })[1]).toBe("ssh root@10.0.0.21 'sv restart kubelet'");
  });

  it('tells an address of IPv6 from a path for rsync, and not for ssh', () => {
    const nodes = [
      { name: 'master', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] },
      { name: 'worker-1', roles: ['worker'], addresses: ['fd00::21'] },
    ];
    const [copy, restart] = commands(['kubelet'], { nodes });
    expect(copy).toContain("'root@[fd00::21]:/'");
    expect(restart).toBe("ssh root@fd00::21 'systemctl restart kubelet'");
  });
});
