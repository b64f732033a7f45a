import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { KubetlsError } from '../../base/index.ts';
import { planView } from '../../plan/index.ts';
import type { CommandOptions } from '../command.ts';
import type { CliCode, Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { openSession, planFor, rehearse } from '../session.ts';

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const session = await openSession(context);
  const plan = planFor(session, context.at);
  const pending = plan.summary.keep < plan.actions.length;
  const rehearsal = pending ? rehearse(context, session, plan) : undefined;
  const view = planView(plan);
  if (typeof options['out'] === 'string') await save(options['out'], JSON.stringify(view, undefined, 2));
  if (console.json) {
    console.printJson({ ...view, breaks: rehearsal?.breaks ?? [] });
  } else {
    for (const warning of plan.warnings) console.warn(warning);
    printPlan(console, plan, rehearsal);
    if (typeof options['out'] === 'string')
      console.print(`Saved. Carry out exactly this: kubetls apply ${options['out']}`);
    else if (pending) console.print('Carry it out: kubetls apply');
  }
  if (rehearsal && rehearsal.breaks.length > 0) return Exit.refused;
  return pending && options['detailedExitcode'] === true ? Exit.no : Exit.ok;
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, `${text}\n`);
  } catch (error) {
    throw new KubetlsError<CliCode>({
      code: 'cli/file',
      message: `the plan cannot be saved: ${(error as NodeJS.ErrnoException).code}`,
      where: { file: relative('.', file) },
    });
  }
}
