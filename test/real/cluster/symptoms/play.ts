// Plants a fault on a running cluster, waits until it shows, asks `explain` and `check`, and mends it again.
import type { Finding } from '../../kubetls-program.ts';
import type { Component } from '../component.ts';
import type { RealCluster } from '../real-cluster.ts';
import { until } from '../until.ts';
import { check, explain, type Explained } from './ask-kubetls.ts';
import { planted, treeOf } from './plant.ts';
import type { Row } from './types.ts';

export interface Told {
  readonly explained: readonly Explained[];
  readonly findings: readonly Finding[];
  /** Those that were planted. */
  readonly files: readonly string[];
}

const PATIENCE = 60_000; // milliseconds, until a fault shows
const TO_END = 2_000;

export async function play(cluster: RealCluster, row: Row): Promise<Told> {
  const changes = row.plant(await treeOf(cluster));
  const restarted = row.restarts === undefined ? undefined : cluster.component(row.restarts);
  const before = new Map(cluster.components().map((one) => [one.id, one.log().length]));
  const mend = await planted(cluster, changes);
  let isUp: Promise<void> | undefined;
  try {
    isUp = restarted && startedOn(restarted);
    const since = (where: string) => cluster.component(where).log().slice(before.get(where));
    const said = await untilShown(cluster, row, since);
    const inputs = row.shows.flatMap(([where]) =>
      where === 'said'
        ? [{ where, input: said }]
        : [
            { where, input: since(where) },
            { where: `${where}, from its beginning`, input: cluster.component(where).log() },
          ],
    );
    const asked = inputs.map(({ where, input }) => explain(cluster, where, input));
    const [findings, ...explained] = await Promise.all([check(cluster), ...asked]);
    return { explained, findings, files: changes.map(({ path: file }) => file) };
  } finally {
    await mend();
    if (restarted) {
      await restarted.stop(TO_END);
      await isUp;
      await restarted.start();
    }
    if (row.asks) await untilGone(cluster, row, row.asks);
  }
}

/** On files that may let it start, or not. */
async function startedOn(component: Component): Promise<void> {
  await component.stop(TO_END);
  await component.start().catch(() => {});
}

async function untilShown(
  cluster: RealCluster,
  { fault, asks, shows }: Row,
  since: (where: string) => string,
): Promise<string> {
  let said = '';
  const missing = () => shows.filter(([where, text]) => !text.test(where === 'said' ? said : since(where)));
  await until(
    `${fault} shows`,
    async () => {
      if (asks && (said === '' || missing().length > 0)) said = await asks(cluster);
      return missing().length === 0;
    },
    {
      timeout: PATIENCE,
      why: () =>
        missing()
          .map(([where, text]) => `${where} has no ${text}:\n${where === 'said' ? said : since(where)}`)
          .join('\n'),
    },
  );
  return said;
}

async function untilGone(
  cluster: RealCluster,
  { fault, shows }: Row,
  asks: NonNullable<Row['asks']>,
): Promise<void> {
  const texts = shows.flatMap(([where, text]) => (where === 'said' ? [text] : []));
  let said = '';
  await until(
    `${fault} is mended`,
    async () => {
      said = await asks(cluster);
      return !texts.some((text) => text.test(said));
    },
    { why: () => said },
  );
}
