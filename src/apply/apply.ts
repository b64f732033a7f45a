/**
 * Carries a plan out: the only hands on keys. It decides nothing; what it may not do it refuses before the
 * first write.
 */
import { type Clock, HOUR, KubetlsError, type Random, toHex } from '../base/index.ts';
import type { AuthorityId, Cluster } from '../cluster/index.ts';
import type { FileChange, Inventory } from '../inventory/index.ts';
import { type KeySource, signerFor } from '../issue/index.ts';
import {
  type Action,
  authoritiesOf,
  type Break,
  carryOut,
  type Plan,
  type Ports,
  type Rehearsal,
  simulate,
} from '../plan/index.ts';
import type { FileSet, Store } from '../stores/index.ts';
import { writePrivateKey } from '../x509/index.ts';
import { chainHead, type Issued, ledgerLines, serialsByAuthority } from './ledger.ts';
import { voidUnplaced } from './void-unplaced.ts';

export interface ApplyInput {
  readonly plan: Plan;
  /** A rehearsal of this very plan, when one was made already. */
  readonly rehearsal?: Rehearsal;
  readonly cluster: Cluster;
  readonly inventory: Inventory;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeySource;
  /** Files of others that may be overwritten, by path; `all` for every one. */
  readonly overwrite: ReadonlySet<string> | 'all';
  /** Edges that may break, by id. */
  readonly acceptBreaks: ReadonlySet<string>;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

export interface Applied {
  readonly done: number;
  readonly issued: number;
  /** The inventory as it stands now. */
  readonly inventory: Inventory;
}

export type ApplyCode = 'apply/foreign-files' | 'apply/breaks-edges' | 'apply/interrupted';

/** Sets in one commit: enough to share the journal's and the directories' fsyncs, few enough that Ctrl-C is heard. */
const SETS_A_BATCH = 128;

export async function applyPlan(input: ApplyInput): Promise<Applied> {
  const { plan, cluster, store, clock } = input;
  const actions = plan.actions.filter(({ verb }) => verb !== 'keep');
  if (actions.length === 0) return { done: 0, issued: 0, inventory: input.inventory };
  refuseForeign(actions, input.overwrite);
  const rehearsal = isFresh(input.rehearsal, plan, clock.now())
    ? input.rehearsal
    : simulate(plan, cluster, input.inventory, clock.now());
  refuseBreaks(rehearsal.breaks, input.acceptBreaks);

  const run = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace('.', '');
  try {
    return await carryOutAll(input, actions, run);
  } finally {
    // Whatever ended it early, the sets that were committed are whole: the run is over.
    await store.finish(run).catch(() => undefined);
  }
}

/** A person may take some minutes to answer; an hour later it is worth another look. */
function isFresh(rehearsal: Rehearsal | undefined, plan: Plan, now: number): rehearsal is Rehearsal {
  return rehearsal?.plan === plan && Math.abs(now - rehearsal.at) < HOUR;
}

async function carryOutAll(input: ApplyInput, actions: readonly Action[], run: string): Promise<Applied> {
  const { store, clock } = input;
  // Head and serials are read while nobody else can append.
  await store.begin(run);
  const ledger = await store.readLedger();
  const serials = serialsByAuthority(ledger);
  const authorities = authoritiesOf(input.cluster);
  let head = chainHead(ledger.at(-1));
  let { inventory } = input;
  let issuedCount = 0;
  for (let from = 0; from < actions.length; from += SETS_A_BATCH) {
    if (input.signal?.aborted) throw interrupted(from, actions.length);
    const now = clock.now();
    const ports = portsFor(input, now, serials);
    const issued: Issued[] = [];
    const sets: FileSet[] = [];
    for (const action of actions.slice(from, from + SETS_A_BATCH)) {
      const effect = carryOut(action, inventory, authorities, ports);
      sets.push({ id: action.id, changes: effect.changes, seen: seenBy(inventory, effect.changes) });
      inventory = inventory.withFiles(effect.changes);
      for (const { certificate, by } of effect.issued) issued.push({ certificate, by, action: action.id });
    }
    const lines = ledgerLines(issued, now, head);
    await store.appendLedger(lines);
    head = lines.length > 0 ? chainHead(lines.at(-1)) : head;
    try {
      await store.commit({ run, sets });
    } catch (error) {
      // The commit's failure is the one to tell; a store that cannot even recover leaves all to the next run.
      await voidUnplaced(input, run, issued, sets).catch(() => undefined);
      throw error;
    }
    issuedCount += issued.length;
    input.onProgress?.(Math.min(from + SETS_A_BATCH, actions.length), actions.length);
  }
  await store.finish(run);
  return { done: actions.length, issued: issuedCount, inventory };
}

/** What the plan took to be there: the store refuses when somebody was quicker. */
function seenBy(inventory: Inventory, changes: readonly FileChange[]): Map<string, string> {
  const seen = new Map<string, string>();
  for (const { path } of changes) {
    const entry = inventory.get(path);
    if (entry) seen.set(path, entry.sha256);
  }
  return seen;
}

function portsFor({ random, keys }: ApplyInput, now: number, serials: Map<string, Set<string>>): Ports {
  return {
    now,
    random,
    keys,
    signer: signerFor,
    writeKey: (key) => writePrivateKey(key, 'traditional'),
    isTaken: (authority, serial) => isTaken(serials, authority, toHex(serial)),
  };
}

/** Says whether it is taken and, when not, takes it. */
function isTaken(serials: Map<string, Set<string>>, authority: AuthorityId, serial: string): boolean {
  const known = serials.get(authority) ?? new Set();
  if (known.has(serial)) return true;
  serials.set(authority, known.add(serial));
  return false;
}

function refuseForeign(actions: readonly Action[], overwrite: ApplyInput['overwrite']): void {
  if (overwrite === 'all') return;
  const foreign = actions.flatMap((action) => action.foreign.filter((path) => !overwrite.has(path)));
  const [first] = foreign;
  if (first === undefined) return;
  throw new KubetlsError<ApplyCode>({
    code: 'apply/foreign-files',
    message:
      foreign.length === 1
        ? 'was changed or made by somebody else, and the plan would overwrite it, or build on it'
        : `${foreign.length} files were changed or made by somebody else, and the plan would overwrite them, or build on them; this is the first`,
    where: { file: first },
    hint: `look at it; then allow it by name: --overwrite ${first} (or --overwrite all; a backup is kept)`,
  });
}

function refuseBreaks(breaks: readonly Break[], accepted: ReadonlySet<string>): void {
  const refused = breaks.filter(({ edge }) => !accepted.has(edge));
  const [first] = refused;
  if (!first) return;
  throw new KubetlsError<ApplyCode>({
    code: 'apply/breaks-edges',
    message: `after ${first.after} the edge ${first.edge} would fail (predicted): ${first.error}${
      refused.length > 1 ? `; ${refused.length - 1} more` : ''
    }`,
    hint: `nothing was written; accept an outage of that edge by name: --accept-break ${first.edge}`,
  });
}

function interrupted(done: number, of: number): KubetlsError<ApplyCode> {
  return new KubetlsError({
    code: 'apply/interrupted',
    message: `interrupted after ${done} of ${of} actions; what is done is whole`,
    hint: 'run it again: it goes on where it stopped',
  });
}
