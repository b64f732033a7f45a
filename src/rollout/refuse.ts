/** What is not rolled out without leave. */
import { KubetlsError } from '../base/index.ts';
import type { Break } from '../plan/index.ts';
import type { Delivery } from './types.ts';

export type RolloutCode = 'rollout/foreign-files' | 'rollout/breaks-edges';

/** Nothing of such a delivery was written when it throws. */
export function refuseForeign(deliveries: readonly Delivery[], allowed: ReadonlySet<string>): void {
  if (allowed.has('all')) return;
  const refused = deliveries.filter(
    ({ refusal, files }) => refusal !== undefined && !files.every((path) => allowed.has(path)),
  );
  const [first] = refused;
  if (!first) return;
  const more = refused.length > 1 ? `; ${refused.length - 1} more` : '';
  // A roll-out brings no anchors and no keys of service accounts: leaves alone would be of no use there.
  const look =
    first.seen.size === 0
      ? `if it is a new node, copy nodes/${first.node} of the state onto its root; if not, look at it there`
      : 'look at it there';
  throw new KubetlsError<RolloutCode>({
    code: 'rollout/foreign-files',
    message: `on ${first.node}, ${first.refusal ?? ''}${more}`,
    where: { file: first.files[0] ?? '' },
    hint: `${look}; then allow it by name: ${first.files.map((path) => `--overwrite ${path}`).join(' ')} (or --overwrite all; a backup is kept)`,
  });
}

export function refuseBrokenRollout([first, ...more]: readonly Break[], accepted: ReadonlySet<string>): void {
  if (!first) return;
  if (accepted.has(first.edge)) return refuseBrokenRollout(more, accepted);
  throw new KubetlsError<RolloutCode>({
    code: 'rollout/breaks-edges',
    message: `after "${first.after}" the edge ${first.edge} would fail (predicted): ${first.error}`,
    hint: `nothing was delivered; accept an outage of that edge by name: --accept-break ${first.edge}`,
  });
}
