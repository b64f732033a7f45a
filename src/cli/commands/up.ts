import { existsSync, watch } from 'node:fs';
import { expectedFailure, KubetlsError } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { readInventory } from '../../inventory/index.ts';
import { type ProofReport, reportState } from '../../prove/index.ts';
import { directoryStore } from '../../stores/index.ts';
import type { Twin } from '../../twin/index.ts';
import type { CommandOptions } from '../command.ts';
import { type CliCode, type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { problemsOf } from '../problems.ts';
import { summaryText } from '../plan-view.ts';
import { printProof, proofJson } from '../proof-view.ts';
import { openForWriting, planFor, readCluster, rehearse, type Session } from '../session.ts';
import { plural, printable, shownPath } from '../text.ts';
import { tryLines } from '../try-lines.ts';
import { startTwinFor } from '../twin.ts';
import { carryOutPlan } from './apply.ts';
import { writeSample, wroteText } from './init.ts';
import { exitOf, proveNow } from './prove.ts';

/** Editors write a file in several steps: what follows within this time is one change. */
const SETTLE_MS = 300;

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
  for (;;) {
    const code = await runOnce(context, port, options);
    if (code !== 'again') return code;
  }
}

/** One life of the cluster file: up, proven, and watched until it changes. */
async function runOnce(
  context: Context,
  port: number | undefined,
  options: CommandOptions,
): Promise<number | 'again'> {
  const { console } = context;
  const session = await bringUp(context, options);
  requireTime(context);
  const twin = await startTwinFor(context, session.cluster, port);
  try {
    const report = await proveTwin(context, session.cluster, twin);
    requireTime(context);
    if (console.json) console.printJson(proofJson(report));
    else printProof(console, report);
    for (const line of tryLines(context, session.cluster, twin)) console.say(line);
    if (options['once'] === true) return exitOf(report);
    return await stayUp(context, session.cluster, twin);
  } finally {
    await twin.close();
  }
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

async function proveTwin(context: Context, cluster: Cluster, twin: Twin): Promise<ProofReport> {
  // From the disk, not from memory: a proof compares what stands there with what is served.
  const inventory = readInventory(await directoryStore(context.state).read());
  return proveNow(context, {
    edges: cluster.edges,
    inventory,
    addressOf: (endpoint) => twin.address(endpoint.id),
  });
}

/** Proves again whenever a file of the state changes, and ends when kubetls.yaml does and can be read. */
async function stayUp(context: Context, cluster: Cluster, twin: Twin): Promise<number | 'again'> {
  const { console, signal, unheard } = context;
  console.say();
  console.say('Up. Every change of a file is proven again; Ctrl-C ends it.');
  for (;;) {
    const changed = await nextChange(context);
    if (signal.aborted) return Exit.interrupted;
    if (unheard.aborted) return Exit.ok;
    if (changed.has('spec')) {
      if (await canBeRead(context)) return 'again';
      continue;
    }
    const report = await proveTwin(context, cluster, twin);
    if (signal.aborted) return Exit.interrupted;
    if (console.json) console.printJson(proofJson(report));
    else if (reportState(report) === 'ok' && !console.verbose) {
      console.say(
        `${new Date(report.at).toISOString().slice(11, 19)} files changed: ${plural(report.edges.length, 'edge')} proven again.`,
      );
    } else printProof(console, report);
  }
}

/** A half-written or wrong file is told of, and what runs goes on. */
async function canBeRead(context: Context): Promise<boolean> {
  try {
    await readCluster(context);
    context.console.say(`${printable(shownPath(context.file))} has changed.`);
    return true;
  } catch (error) {
    for (const problem of problemsOf(expectedFailure(error))) context.console.fail(problem);
    return false;
  }
}

/** Waits until the file or the state directory changes and then is quiet, the interrupt, or the last listener's leave. */
async function nextChange({ file, state, signal, unheard }: Context): Promise<ReadonlySet<'spec' | 'state'>> {
  const changed = new Set<'spec' | 'state'>();
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      for (const watcher of watchers) watcher.close();
      clearTimeout(timer);
      resolve(changed);
    };
    const note = (what: 'spec' | 'state') => () => {
      changed.add(what);
      timer ??= setTimeout(end, SETTLE_MS);
    };
    const watchers = [watch(file, note('spec')), watch(state, { recursive: true }, note('state'))];
    for (const one of [signal, unheard]) {
      one.addEventListener('abort', end, { once: true });
      if (one.aborted) end();
    }
  });
}

function portOption(value: CommandOptions[string]): number | undefined {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw usage(`--port takes a number from 1 to 65535, not ${String(value)}`);
}
