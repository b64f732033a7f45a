/** What follows: edges that do not hold, and what differs from `kubetls.yaml`. Told only where no cause was. */
import type { Instant } from '../../base/index.ts';
import type { Cluster, Edge, StatePath } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { dependencies, evaluateAll } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import type { Action } from '../../plan/index.ts';
import { perView } from '../view/per-view.ts';
import { type ConsequenceCheck, groupOf, type Spotted } from './types.ts';
import { listed } from './words.ts';

interface Broken {
  readonly edge: Edge;
  readonly error: string;
  readonly files: readonly StatePath[];
}

const brokenEdges = perView(({ cluster, inventory, derived, at }): readonly Broken[] => {
  if (cluster) return brokenIn(cluster, inventory, at);
  if (!derived) return [];
  const { origin, unseen } = derived;
  return brokenIn(derived.cluster, derived.inventory, at)
    .filter(({ edge }) => !unseen.has(edge.id))
    .map(({ files, ...one }) => ({ ...one, files: files.flatMap((path) => origin(path) ?? []) }));
});

function brokenIn({ edges, spec }: Cluster, inventory: Inventory, at: Instant): readonly Broken[] {
  const verdicts = evaluateAll(edges, inventory, at, { rules: goRules(spec.kubernetes.minor) });
  return edges.flatMap((edge) => {
    const error = verdicts.get(edge.id)?.error;
    return error === undefined ? [] : [{ edge, error, files: dependencies(edge, inventory) }];
  });
}

const ADOPT = 'kubetls adopt describes the cluster in a kubetls.yaml; then kubetls plan says what mends it';

const APPLY = 'kubetls plan, then kubetls apply';

export const driftChecks: readonly ConsequenceCheck[] = groupOf('edges', [
  {
    id: 'drift',
    severity: 'warning',
    title: 'something is not as kubetls.yaml says',
    why: 'the file was edited and not applied, or somebody changed what stands there; an error where an edge fails by it',
    remedy: APPLY,
    source: 'kubetls plan',
    look: (view, blamed) => {
      const broken = new Set(brokenEdges(view).flatMap(({ files }) => files));
      const open = (view.plan?.actions ?? []).filter(({ paths }) => !paths.some((path) => blamed.has(path)));
      if (view.entries.length === 0 && open.length > 0) return [nothingYet(open)];
      return open.filter(isDrift).map(
        ({ paths, path, verb, reason }): Spotted => ({
          places: [path, ...paths.filter((one) => one !== path)],
          message: `${verb === 'keep' ? 'left as it is' : `to ${verb}`}: ${reason.text}`,
          ...(paths.some((one) => broken.has(one)) && { severity: 'error' }),
        }),
      );
    },
  },
]);

function isDrift({ verb, reason }: Action): boolean {
  return verb !== 'keep' || reason.code !== 'in-order';
}

function nothingYet(open: readonly Action[]): Spotted {
  return {
    places: ['kubetls.yaml', ...open.flatMap(({ paths }) => paths)],
    message: `nothing has been issued yet, of ${open.length} things that it asks for`,
    severity: 'error',
  };
}

export const edgeChecks: readonly ConsequenceCheck[] = groupOf('edges', [
  {
    id: 'edge-broken',
    severity: 'error',
    title: 'an edge does not hold',
    why: 'a client and a server would refuse each other, with the files as they are',
    remedy: 'kubetls prove --twin shows both sides; then kubetls apply',
    source: 'crypto/tls, crypto/x509: predicted by the same rules',
    look: (view, blamed) => {
      const unexplained = brokenEdges(view).filter(({ files }) => !files.some((file) => blamed.has(file)));
      const byError = new Map<string, Broken[]>();
      for (const one of unexplained) {
        const same = byError.get(one.error);
        if (same) same.push(one);
        else byError.set(one.error, [one]);
      }
      // Of one message: one finding, however many edges it breaks.
      return [...byError].map(([error, all]) => ({
        places: [...new Set(all.flatMap(({ files }) => files.slice(0, 1)))],
        message: `${listed(all.map(({ edge }) => edge.id))}: ${error}`,
        ...(view.derived && { remedy: ADOPT }),
      }));
    },
  },
]);
