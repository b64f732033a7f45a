// Leader election, as its Lease and the logs tell of it.
import type { Component } from './component.ts';
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

type Elected = 'kube-controller-manager' | 'kube-scheduler';

/** All replicas run on one machine, whose name is in their identities: who leads is known by what he logs. */
export function leaderOf(cluster: RealCluster, component: Elected): Component {
  const replicas = cluster.components().filter(({ id }) => id.startsWith(`${component}@`));
  const leading = replicas.filter((one) => one.running() && LEADS.test(one.lastLog()));
  const [leader] = leading;
  if (!leader || leading.length !== 1) {
    throw new Error(`${component} is led by ${leading.map(({ id }) => id).join(', ') || 'nobody'}`);
  }
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
