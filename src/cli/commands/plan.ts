import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { KubetlsError } from '../../base/index.ts';
import { type Plan, planView, type Rehearsal } from '../../plan/index.ts';
import type { CommandOptions } from '../command.ts';
import { type CliCode, type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { errnoText } from '../problems.ts';
import { LARGEST_PLAN, openSession, planFor, rehearse } from '../session.ts';
import { plural, shellWord, shownPath } from '../text.ts';

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  if (context.elsewhen && typeof options['out'] === 'string') {
    throw usage('--out saves what is to be done now, so --at cannot stand beside it');
  }
  const session = await openSession(context);
  const plan = planFor(session, context.at);
  const pending = plan.summary.keep < plan.actions.length;
  const rehearsal = pending ? rehearse(context, session, plan, context.at) : undefined;
  const view = planView(plan);
  if (typeof options['out'] === 'string') await save(options['out'], JSON.stringify(view, undefined, 2));
  if (console.json) {
    console.printJson({ ...view, breaks: rehearsal?.breaks ?? [] });
  } else {
    for (const warning of plan.warnings) console.warn(warning);
    printPlan(console, plan, rehearsal);
    if (typeof options['out'] === 'string')
      console.say(
        `Saved. Carry out exactly this: ${context.again(`apply ${shellWord(shownPath(options['out']))}`)}`,
      );
    else if (pending && !context.elsewhen) console.say(nextStep(context, plan, rehearsal));
  }
  if (rehearsal && rehearsal.breaks.length > 0) return Exit.refused;
  return pending && options['detailedExitcode'] === true ? Exit.no : Exit.ok;
}

/** What `apply` will say to this plan. */
function nextStep({ again }: Context, plan: Plan, rehearsal: Rehearsal | undefined): string {
  const foreign = plan.actions.flatMap((action) => action.foreign);
  const [path] = foreign;
  if (rehearsal && rehearsal.breaks.length > 0) {
    return 'apply refuses this; an outage of an edge is accepted by name: --accept-break EDGE';
  }
  if (path === undefined) return `Carry it out: ${again('apply')}`;
  const named = foreign.length === 1 ? shellWord(path) : 'PATH';
  return `apply asks for --overwrite ${named} (or --overwrite all): ${plural(foreign.length, 'file')} there ${
    foreign.length === 1 ? 'is' : 'are'
  } not as kubetls wrote ${foreign.length === 1 ? 'it' : 'them'}.`;
}

/** Written aside and renamed. What stands there is replaced only when it is a saved plan itself. */
async function save(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await requirePlanOrNothing(file);
    await writeFile(aside, `${text}\n`, { flag: 'wx' });
    await rename(aside, file);
  } catch (error) {
    if (error instanceof KubetlsError) throw error;
    await rm(aside, { force: true });
    throw new KubetlsError<CliCode>({
      code: 'cli/file',
      message: `the plan cannot be saved: ${errnoText((error as NodeJS.ErrnoException).code)}`,
      where: { file: shownPath(file) },
    });
  }
}

async function requirePlanOrNothing(file: string): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (!info) return;
  if (info.isFile() && info.size <= LARGEST_PLAN) {
    const before = await readFile(file, 'utf8');
    if (before.includes('"schema": "kubetls/plan/v1"')) return;
  }
  throw new KubetlsError<CliCode>({
    code: 'cli/file',
    message: 'exists already and is no saved plan, so it is not replaced',
    where: { file: shownPath(file) },
    hint: 'name another file',
  });
}
