/** What kubeadm does not make. Sources: cmd/kubeadm/app/apis/kubeadm/v1beta4, app/phases/certs/certlist.go. */
import { KEY_ALGORITHMS } from '../../x509/index.ts';
import type { Draft } from './draft.ts';
import { NEWEST_MINOR } from './formats.ts';
import type { Problem } from './problems.ts';

/** ClusterConfiguration.encryptionAlgorithm by name; ECDSA-P384 came with 1.34. */
const ALGORITHMS: Readonly<Record<string, number>> = {
  'rsa-2048': 0,
  'rsa-3072': 0,
  'rsa-4096': 0,
  'ecdsa-p256': 0,
  'ecdsa-p384': 34,
};

const GENERATED: readonly string[] = KEY_ALGORITHMS;

export function impossibleForKubeadm(draft: Draft): Problem[] {
  return draft.profile === 'kubeadm'
    ? [...algorithm(draft), ...sharedEtcd(draft), ...reusedPairs(draft), ...takenNames(draft)]
    : [];
}

function algorithm({ algorithm, minor = NEWEST_MINOR }: Draft): Problem[] {
  const usable = Object.keys(ALGORITHMS).filter((name) => minor >= (ALGORITHMS[name] ?? 0));
  // Any other word is refused for itself.
  if (algorithm === undefined || !GENERATED.includes(algorithm) || usable.includes(algorithm)) return [];
  const path = ['spec', 'keys', 'algorithm'];
  const message = whyNot(algorithm);
  return [{ code: 'cluster/spec-algorithm', path, message, hint: `one of: ${usable.join(', ')}` }];
}

function whyNot(algorithm: string): string {
  const since = ALGORITHMS[algorithm];
  if (since !== undefined) return `kubeadm knows ${algorithm} since 1.${since}`;
  if (algorithm !== 'ed25519') return `kubeadm does not know ${algorithm}`;
  // pkiutil.TryLoadKeyFromDisk
  return 'kubeadm cannot load ed25519 keys ("the private key file ... is neither in RSA nor ECDSA format")';
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
