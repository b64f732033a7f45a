import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Applied, applyPlan, systemKeys, systemRandom } from '../../apply/index.ts';
import { KubetlsError } from '../../base/index.ts';
import {
  type Plan,
  planView,
  type Rehearsal,
  requireDue,
  requireSamePlan,
  savedInstant,
} from '../../plan/index.ts';
import type { CommandOptions } from '../command.ts';
import type { CliCode, Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { LARGEST_PLAN, openForWriting, planFor, readText, rehearse, type Session } from '../session.ts';
import { plural } from '../text.ts';

export async function run(
  context: Context,
  [saved]: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const session = await openForWriting(context);
  const plan =
    saved === undefined ? planFor(session, context.clock.now()) : await savedPlan(saved, session, context);
  const pending = plan.summary.keep < plan.actions.length;
  const rehearsal = pending ? rehearse(context, session, plan, context.clock.now()) : undefined;
  if (!console.json) {
    for (const warning of plan.warnings) console.warn(warning);
    printPlan(console, plan, rehearsal);
  }
  // A saved plan has been read by somebody already.
  if (pending && saved === undefined) await confirm(context);
  const applied = await carryOutPlan(context, session, plan, options, rehearsal);
  if (console.json) {
    const { schema: _, ...view } = planView(plan);
    console.printJson({ schema: 'kubetls/apply/v1', ...view, done: applied.done, issued: applied.issued });
  } else if (pending) {
    console.print(
      `Done: ${plural(applied.done, 'change')} written, ${plural(applied.issued, 'certificate')} issued.`,
    );
  }
  return Exit.ok;
}

async function savedPlan(file: string, session: Session, { clock }: Context): Promise<Plan> {
  const text = await readText(resolve(file), LARGEST_PLAN, 'save one with: kubetls plan --out FILE');
  const at = savedInstant(text, file);
  requireDue(at, clock.now(), file);
  const plan = planFor(session, at);
  requireSamePlan(text, file, plan);
  return plan;
}

/** Asks on a terminal; without one, what `-y` did not allow is not done. */
export async function confirm({ yes, console, signal }: Context): Promise<void> {
  if (yes) return;
  const declined = (message: string) =>
    new KubetlsError<CliCode>({
      code: 'cli/declined',
      message,
      hint: 'nothing was written; -y carries it out without asking',
    });
  if (!process.stdin.isTTY || !process.stdout.isTTY || console.json) {
    throw declined('there is nobody to ask whether to carry this out');
  }
  const answer = await ask('Carry this out? [y/N] ', signal);
  if (signal.aborted) {
    throw new KubetlsError<CliCode>({ code: 'cli/interrupted', message: 'interrupted; nothing was written' });
  }
  if (!/^y(es)?$/i.test(answer.trim())) throw declined('not carried out');
}

/** The line that is typed; empty at the end of input or at an interrupt. */
async function ask(question: string, signal: AbortSignal): Promise<string> {
  // The terminal itself edits the line and turns Ctrl-C into a signal; readline would swallow both.
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  try {
    return await new Promise<string>((resolve) => {
      const nothing = () => {
        process.stdout.write('\n');
        resolve('');
      };
      terminal.once('close', nothing);
      signal.addEventListener('abort', nothing, { once: true });
      terminal.question(question, (answer) => {
        terminal.off('close', nothing);
        resolve(answer);
      });
    });
  } finally {
    terminal.close();
  }
}

export async function carryOutPlan(
  { console, clock, signal }: Context,
  { cluster, inventory, store }: Session,
  plan: Plan,
  options: CommandOptions,
  rehearsal: Rehearsal | undefined,
): Promise<Applied> {
  const overwrite = (options['overwrite'] ?? []) as readonly string[];
  return applyPlan({
    plan,
    ...(rehearsal && { rehearsal }),
    cluster,
    inventory,
    store,
    clock,
    random: systemRandom(),
    keys: systemKeys(),
    overwrite: overwrite.includes('all') ? 'all' : new Set(overwrite),
    acceptBreaks: new Set((options['acceptBreak'] ?? []) as readonly string[]),
    onProgress: console.progress('applying'),
    signal,
  });
}
