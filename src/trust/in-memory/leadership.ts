/**
 * The controller manager makes its controllers when it begins to lead, and reads their files then (1.37
 * cmd/kube-controller-manager/app/controllermanager.go, Run; certificates.go, service_accounts.go): one that
 * waits holds nothing of them.
 */
import type { Instant } from '../../base/index.ts';
import type { Holding, Sights } from './types.ts';

export type Leadership =
  | { readonly kind: 'leads'; readonly since: Instant | undefined }
  | { readonly kind: 'waits'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Undefined for what is read at the start. */
export function leadershipOf(
  { component, node, role }: Holding,
  { leader, controllerManagers, processes }: Sights,
): Leadership | undefined {
  if (component !== 'kube-controller-manager') return undefined;
  if (role !== 'published-anchors' && role !== 'token-keys') return undefined;
  const alone = controllerManagers.length === 1;
  if ('why' in leader) {
    return alone ? { kind: 'leads', since: undefined } : { kind: 'unknown', why: leader.why };
  }
  const { host, since } = leader.value;
  if (alone || host === node) {
    const process = processes.get(`${component}@${node}`);
    // A lease outlives who held it: 15 s, where it was not given up.
    return process && 'value' in process && process.value.started > since
      ? { kind: 'waits', why: 'the lease is still that of the one before it' }
      : { kind: 'leads', since };
  }
  return controllerManagers.includes(host)
    ? { kind: 'waits', why: `${host} leads` }
    : { kind: 'unknown', why: 'the leader says that it runs on a machine that is no node of this name' };
}
