import { existsSync } from 'node:fs';
import { expectedFailure, KubetlsError } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { readInventory } from '../../inventory/index.ts';
import type { Plan } from '../../plan/index.ts';
import { type ProofReport, reportState } from '../../prove/index.ts';
import { directoryStore } from '../../stores/index.ts';
import type { Twin } from '../../twin/index.ts';
import { type Changes, watchChanges } from '../changes.ts';
import type { CommandOptions } from '../command.ts';
import { type CliCode, type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { problemsOf } from '../problems.ts';
import { summaryText } from '../plan-view.ts';
import { printProof, proofJson } from '../proof-view.ts';
import { openForWriting, planFor, rehearse, type Session } from '../session.ts';
import { plural, printable, shownPath } from '../text.ts';
import { tryLines } from '../try-lines.ts';
import { startTwinFor, startUsualTwin } from '../twin.ts';
import { carryOutPlan } from './apply.ts';
import { writeSample, wroteText } from './init.ts';
import { exitOf, proveNow } from './prove.ts';

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const port = portOption(options['port']);
  if (!existsSync(context.file)) {
    await writeSample(context);
    console.say(wroteText(context));
  }
  let session: Session | undefined = await bringUp(context, options);
  while (session) {
    requireTime(context);
    const { cluster }: Session = session;
    // Before the proof, so that what changes meanwhile is looked at too.
    const changes = watchChanges(context.file, context.state, [context.signal, context.unheard]);
    let twin: Twin | undefined;
    try {
      twin = await (port === undefined
        ? startUsualTwin(context, cluster)
        : startTwinFor(context, cluster, port));
      const report = await proveTwin(context, cluster, twin);
      requireTime(context);
      if (console.json) console.printJson(proofJson(report));
      else printProof(console, report);
      for (const line of tryLines(context, cluster, twin)) console.say(line);
      if (options['once'] === true) return exitOf(report);
      session = await stayUp(context, cluster, twin, changes, options);
    } finally {
      changes.close();
      await twin?.close();
    }
  }
  return context.signal.aborted ? Exit.interrupted : Exit.ok;
}

function requireTime({ signal }: Context): void {
  if (!signal.aborted) return;
  throw new KubetlsError<CliCode>({
    code: 'cli/interrupted',
    message: 'interrupted; what is written is whole, and not proven',
  });
}

/** The file, the difference, and the difference carried out. */
async function bringUp(context: Context, options: CommandOptions): Promise<Session> {
  const { console, clock } = context;
  const session = await openForWriting(context);
  const plan = planFor(session, clock.now());
  for (const warning of plan.warnings) console.warn(warning);
  console.say(
    `${printable(shownPath(context.file))}: cluster ${session.cluster.spec.name}, ${plural(session.cluster.spec.nodes.length, 'node')}, profile ${session.cluster.spec.profile}.`,
  );
  console.say(summaryText(plan));
  requireHarmless(context, plan);
  const rehearsal =
    plan.summary.keep < plan.actions.length ? rehearse(context, session, plan, clock.now()) : undefined;
  const applied = await carryOutPlan(context, session, plan, options, rehearsal);
  if (applied.done > 0) {
    console.say(
      `Applied: ${plural(applied.issued, 'certificate')} issued into ${printable(shownPath(context.state))}.`,
    );
  }
  return { ...session, inventory: applied.inventory };
}

/** What is made anew or renewed needs no question. What is taken away does: the file may be half edited. */
function requireHarmless({ yes }: Context, { actions }: Plan): void {
  if (yes) return;
  const removed = actions.filter(({ verb }) => verb === 'remove').length;
  const rekeyed = actions.filter(({ verb, key }) => verb === 'replace' && key === 'new').length;
  if (removed + rekeyed === 0) return;
  throw new KubetlsError<CliCode>({
    code: 'cli/declined',
    message: `this would remove ${plural(removed, 'file')} and make ${plural(rekeyed, 'new key')} in place of old ones; nothing was written`,
    hint: 'look at it with kubetls plan, then: kubetls up -y',
  });
}

async function proveTwin(context: Context, cluster: Cluster, twin: Twin): Promise<ProofReport> {
  // From the disk, not from memory: a proof compares what stands there with what is served.
  const inventory = readInventory(await directoryStore(context.state).read());
  return proveNow(context, {
    cluster,
    edges: cluster.edges,
    inventory,
    addressOf: (endpoint) => twin.address(endpoint.id),
  });
}

/**
 * Proves again whenever a file of the state changes. Ends with the next session when kubetls.yaml has
 * changed and was carried out, with nothing when it is told to stop.
 */
async function stayUp(
  context: Context,
  cluster: Cluster,
  twin: Twin,
  changes: Changes,
  options: CommandOptions,
): Promise<Session | undefined> {
  const { console, signal, unheard } = context;
  console.say();
  console.say('Up. Every change of a file is proven again; Ctrl-C ends it.');
  for (;;) {
    const changed = await changes.next();
    if (signal.aborted || unheard.aborted) return undefined;
    const next = changed.has('spec') ? await tried(context, () => bringUp(context, options)) : undefined;
    if (next) return next;
    await tried(context, () => proveAgain(context, cluster, twin));
  }
}

async function proveAgain(context: Context, cluster: Cluster, twin: Twin): Promise<void> {
  const { console, signal } = context;
  const report = await proveTwin(context, cluster, twin);
  if (signal.aborted) return;
  if (console.json) console.printJson(proofJson(report));
  else if (reportState(report) === 'ok' && !console.verbose) {
    const time = new Date(context.clock.now()).toISOString().slice(11, 19);
    console.say(`${time} files changed: ${plural(report.edges.length, 'edge')} proven again.`);
  } else printProof(console, report);
}

/** A half-written, wrong or missing file is told of, and what runs goes on. */
async function tried<T>(context: Context, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const problems = problemsOf(expectedFailure(error));
    for (const problem of context.signal.aborted ? [] : problems) context.console.fail(problem);
    return undefined;
  }
}

function portOption(value: CommandOptions[string]): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw usage(`--port takes a number from 1 to 65535, not ${String(value)}`);
}
