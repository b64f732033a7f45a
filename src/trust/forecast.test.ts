import { describe, expect, it } from 'vitest';
import {
  inventoryOf,
  type SmallDrafts,
  smallDrafts,
  smallEdges,
  smallFiles,
} from '../../test/judges/breakable-cluster.ts';
import { NOW } from '../../test/judges/mint.ts';
import { DAY, SECOND, YEAR } from '../base/index.ts';
import { goRules } from '../verify/index.ts';
import { evaluateAll, forecast, type Forecast, nodeAddresses } from './index.ts';

const edges = Object.values(smallEdges());

function ahead(change: (drafts: SmallDrafts) => void, until = NOW + YEAR): Forecast {
  const drafts = smallDrafts();
  // Long lives, so that only what a test shortens ends.
  for (const draft of Object.values(drafts)) draft.notAfter = NOW + 10 * YEAR;
  change(drafts);
  return forecast({ edges, inventory: inventoryOf(smallFiles(drafts)), from: NOW, until });
}

const broken = ({ events }: Forecast) =>
  events.map(({ at, breaks }) => [(at - NOW) / DAY, breaks.map(({ edge }) => edge.client.name).sort()]);

describe('forecast', () => {
  it('is empty where nothing ends', () => {
    expect(ahead(() => {})).toMatchObject({ broken: [], events: [] });
  });

  it('tells which certificate ends, where it stands, and what fails from the next second on', () => {
    const end = NOW + 30 * DAY - SECOND;
    const { events } = ahead(({ scheduler }) => (scheduler.notAfter = end));
    expect(events.length).toBe(1);
    const [event] = events;
    expect(event).toMatchObject({ at: NOW + 30 * DAY, heals: [], quorum: undefined });
    expect(event?.what.map(({ passes, places }) => [passes, places])).toEqual([
      ['ends', ['nodes/master/etc/kubernetes/scheduler.conf']],
    ]);
    expect(event?.breaks.map(({ edge, error }) => [edge.client.name, error])).toEqual([
      [
        'kube-scheduler@master',
        'x509: certificate has expired or is not yet valid: current time 2026-12-23T12:00:00Z is after 2026-12-23T11:59:59Z',
      ],
    ]);
  });

  it('an authority takes all that it has signed with it, and what ended before breaks once', () => {
    const found = ahead((drafts) => {
      drafts.admin.notAfter = NOW + 10 * DAY - SECOND;
      drafts.ca.notAfter = NOW + 20 * DAY - SECOND;
    });
    const [[first, early], [second, late]] = broken(found) as [[number, string[]], [number, string[]]];
    expect([first, second]).toEqual([10, 20]);
    expect(early).toEqual(['kube-admin']);
    expect(late).toContain('kube-scheduler@master');
    expect(late).not.toContain('kube-admin');
  });

  it('speaks as the Go of the release that runs', () => {
    const drafts = smallDrafts();
    // policyConstraints that ask for policies: unknown to the Go of 1.31.
    drafts.ca.more = [{ oid: '2.5.29.36', critical: true, value: Uint8Array.of(0x30, 3, 0x80, 1, 0) }];
    const inventory = inventoryOf(smallFiles(drafts));
    const errors = [31, 37].map((minor) => {
      const rules = goRules(minor);
      const { broken } = forecast({ edges, inventory, from: NOW, until: NOW + DAY, rules });
      return broken.find(({ edge }) => edge.client.name === 'kube-admin')?.error;
    });
    expect(errors[0]).toMatch(/x509: unhandled critical extension/);
    expect(errors[1]).toBeUndefined();
  });

  it('names what does not hold at the start, and what will', () => {
    const found = ahead(({ admin }) => (admin.notBefore = NOW + 5 * DAY));
    expect(found.broken.map(({ edge }) => edge.client.name)).toEqual(['kube-admin']);
    expect(found.events).toMatchObject([
      { at: NOW + 5 * DAY, what: [{ passes: 'begins' }], breaks: [], heals: [{ error: undefined }] },
    ]);
  });

  it('counts the members of etcd that can still reach each other', () => {
    const { events } = ahead(({ peer2 }) => (peer2.notAfter = NOW + DAY));
    expect(events.map(({ quorum }) => quorum)).toEqual([{ members: 2, talking: 1, survives: false }]);
  });

  it('looks no further than it is told', () => {
    const end = ({ admin }: SmallDrafts) => (admin.notAfter = NOW + 30 * DAY);
    expect(ahead(end, NOW + 30 * DAY).events).toEqual([]);
    expect(ahead(end, NOW + 30 * DAY + SECOND).events.length).toBe(1);
  });

  it('says of every instant what evaluating everything says', () => {
    const drafts = smallDrafts();
    const ends = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
    for (const [i, draft] of Object.values(drafts).entries()) {
      draft.notAfter = NOW + (ends[i] ?? 1) * DAY;
      draft.notBefore = NOW + ((ends[i + 3] ?? 1) - 4) * DAY;
    }
    const inventory = inventoryOf(smallFiles(drafts));
    const addresses = nodeAddresses(edges);
    const found = forecast({ edges, inventory, from: NOW, until: NOW + YEAR });
    const failing = new Set(found.broken.map(({ edge }) => edge.id));
    expect(found.events.length).toBeGreaterThan(8);
    for (const { at, breaks, heals } of found.events) {
      for (const { edge } of breaks) failing.add(edge.id);
      for (const { edge } of heals) failing.delete(edge.id);
      const whole = [...evaluateAll(edges, inventory, at, { addresses })];
      expect([...failing].sort()).toEqual(
        whole
          .filter(([, { ok }]) => !ok)
          .map(([id]) => id)
          .sort(),
      );
    }
  });
});
