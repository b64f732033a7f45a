/** What kubeadm does not make. Sources: cmd/kubeadm/app/apis/kubeadm/v1beta4, app/phases/certs/certlist.go. */
import type { Draft } from './draft.ts';
import type { Problem } from './problems.ts';

/** ClusterConfiguration.encryptionAlgorithm by name; ECDSA-P384 came with 1.34. */
const ALGORITHMS: Readonly<Record<string, number>> = {
  'rsa-2048': 0,
  'rsa-3072': 0,
  'rsa-4096': 0,
  'ecdsa-p256': 0,
  'ecdsa-p384': 34,
};

export function impossibleForKubeadm(draft: Draft): Problem[] {
  return draft.profile === 'kubeadm'
    ? [...algorithm(draft), ...sharedEtcd(draft), ...reusedPairs(draft), ...takenNames(draft)]
    : [];
}

function algorithm({ algorithm, minor = Number.POSITIVE_INFINITY }: Draft): Problem[] {
  if (algorithm === undefined || minor >= (ALGORITHMS[algorithm] ?? Number.POSITIVE_INFINITY)) return [];
  const since = ALGORITHMS[algorithm];
  const why =
    since !== undefined
      ? `kubeadm knows ${algorithm} since 1.${since}`
      : algorithm === 'ed25519'
        ? 'kubeadm cannot load ed25519 keys ("the private key file ... is neither in RSA nor ECDSA format")'
        : `kubeadm does not know ${algorithm}`;
  const usable = Object.keys(ALGORITHMS).filter((name) => minor >= (ALGORITHMS[name] ?? 0));
  const path = ['spec', 'keys', 'algorithm'];
  return [{ code: 'cluster/spec-algorithm', path, message: why, hint: `one of: ${usable.join(', ')}` }];
}

function sharedEtcd({ etcd }: Draft): Problem[] {
  if (etcd !== 'shared') return [];
  const path = ['spec', 'authorities', 'etcd'];
  const message = 'kubeadm always gives etcd an authority of its own';
  return [
    { code: 'cluster/spec-not-kubeadm', path, message, hint: 'leave it "separate", or use the profile flat' },
  ];
}

function reusedPairs({ clients }: Draft): Problem[] {
  return clients
    .filter(([, value]) => value === 'reuse-server')
    .map(([key]) => {
      const path = ['spec', 'clients', key];
      const message = `kubeadm always makes a client pair for ${key}`;
      return {
        code: 'cluster/spec-not-kubeadm',
        path,
        message,
        hint: 'leave it "own", or use the profile flat',
      };
    });
}

/** Those of admin.conf and super-admin.conf. */
function takenNames({ users }: Draft): Problem[] {
  return users.flatMap((name, i): Problem[] => {
    if (name === undefined || !/^kubernetes-(super-)?admin(@|$)/.test(name)) return [];
    const path = ['spec', 'users', i, 'name'];
    const message = `${name} is the name of kubeadm's own administrator`;
    return [{ code: 'cluster/spec-user', path, message, hint: 'pick another' }];
  });
}
