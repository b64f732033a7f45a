import { expect, it } from 'vitest';
import { applied, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { chainHead } from './ledger.ts';
import { createRecorder } from './recorder.ts';

it('what is done to nodes stands in the chain of what was issued', async () => {
  const { store } = await applied(clusterOf());
  const issued = await store.readLedger();
  await store.begin('renew-1');
  const record = createRecorder(store, { now: () => NOW });
  await record({ event: 'deliver', node: 'w1', files: ['etc/x.crt'] });
  await record({ event: 'restart', node: 'w1', component: 'kubelet', because: 'nodes/w1/etc/x.crt' });
  await store.finish('renew-1');
  const lines = await store.readLedger();
  expect(lines.slice(0, issued.length)).toEqual(issued);
  const facts = lines.map((line) => JSON.parse(line) as { previous: string });
  expect(facts.map(({ previous }) => previous)).toEqual(lines.map((_, i) => chainHead(lines[i - 1])));
  expect(facts.at(-1)).toMatchObject({ at: '2026-11-23T12:00:00Z', event: 'restart', component: 'kubelet' });
});
