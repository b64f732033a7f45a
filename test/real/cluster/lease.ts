// Leader election, as its Lease and the logs tell of it.
import type { Component } from './component.ts';
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

type Elected = 'kube-controller-manager' | 'kube-scheduler';

/**
 * All replicas run on one machine, whose name is in their identities: who leads is known by what he logs. A replica
 * is ready before it leads, so this waits until exactly one does.
 */
export async function leaderOf(cluster: RealCluster, component: Elected): Promise<Component> {
  const replicas = cluster.components().filter(({ id }) => id.startsWith(`${component}@`));
  const leading = () => replicas.filter((one) => one.running() && LEADS.test(one.lastLog()));
  const ids = () =>
    leading()
      .map(({ id }) => id)
      .join(', ');
  await until(`one ${component} leads`, async () => leading().length === 1, {
    timeout: TAKEOVER,
    why: () => `led by ${ids() || 'nobody'}`,
  });
  const [leader] = leading();
  if (!leader) throw new Error(`${component} led, and has ended`);
  return leader;
}

/** client-go's tools/leaderelection, renew's first success. */
const LEADS = /[Ss]uccessfully acquired lease/;

export async function holderOf(cluster: RealCluster, component: Elected): Promise<string> {
  const path = 'jsonpath={.spec.holderIdentity}';
  return cluster.mustKubectl(['get', 'lease', component, '-n', 'kube-system', '-o', path]);
}

/** Returns when somebody else than `before` holds the lease. */
export function untilTaken(cluster: RealCluster, component: Elected, before: string): Promise<void> {
  return until(
    `another ${component} leads`,
    async () => {
      const holder = await holderOf(cluster, component);
      return holder !== '' && holder !== before;
    },
    { timeout: TAKEOVER },
  );
}

/** Milliseconds. A lease lasts 15 s and is looked at every 2 s. */
const TAKEOVER = 45_000;
