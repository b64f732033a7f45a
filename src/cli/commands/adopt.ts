import { readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { adopt, type Adopted } from '../../adopt/index.ts';
import { KubetlsError, renderFailure } from '../../base/index.ts';
import { describeCluster, parseSpec } from '../../cluster/index.ts';
import { readInventory } from '../../inventory/index.ts';
import { type Action, makePlan, type Plan, planView } from '../../plan/index.ts';
import { directoryStore, type FileSet, replaceFile } from '../../stores/index.ts';
import type { Survey } from '../../survey/index.ts';
import type { CommandOptions } from '../command.ts';
import { type CliCode, type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { errnoText } from '../problems.ts';
import { rootsFrom, surveyed } from '../trees/roots.ts';
import { plural, printable, shownPath } from '../text.ts';

/** A tree of rubbish has a problem a file; these tell enough. */
const PROBLEMS_SHOWN = 20;

export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console, at } = context;
  await requireNothingThere(context);
  const roots = rootsFrom(words);
  const survey = await surveyed(context, roots);
  const input = {
    name: clusterName(context),
    addresses: addressesFrom(options['address']),
    named: new Set(roots.filter(({ named }) => named).map(({ name }) => name)),
  };
  const found = adopt(survey, input, at);
  const { plan, inOrder } = plansFor(found, at);
  await writeState(context, found, inOrder);
  await writeSpec(context, found);
  tell(context, survey, found, plan);
  if (console.json) {
    const { file, state } = context;
    console.printJson({
      schema: 'kubetls/adopt/v1',
      file,
      state,
      nodes: found.nodes,
      notes: found.notes,
      plan: planView(plan),
    });
  }
  return Exit.ok;
}

/** What stands there is somebody's: neither is touched. */
async function requireNothingThere({ file, state }: Context): Promise<void> {
  const entries = await readdir(state).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw refused(state, `cannot be read: ${errnoText(error.code)}`);
  });
  if (entries.length > 0) throw refused(state, 'exists already, and is not empty');
  const beside = await readdir(dirname(file)).catch((): string[] => []);
  if (beside.includes(basename(file))) throw refused(file, 'exists already');
}

function refused(file: string, message: string): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/conflict',
    message: `${message}: adopt overwrites nothing`,
    where: { file: shownPath(file) },
    hint: 'name others with -f and --state, or move it away',
  });
}

function addressesFrom(option: CommandOptions[string]): ReadonlyMap<string, string> {
  const words = Array.isArray(option) ? (option as readonly string[]) : [];
  return new Map(
    words.map((word) => {
      const [, node, address] = /^([^=]+)=(.+)$/.exec(word) ?? [];
      if (node === undefined || address === undefined) {
        throw usage(`--address takes NODE=ADDRESS, not ${word}`, 'such as --address cp1=10.0.0.11');
      }
      return [node, address] as const;
    }),
  );
}

/** The directory's name when it can be one (RFC 1123). */
function clusterName({ file }: Context): string {
  const name = basename(dirname(file)).toLowerCase();
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? name : 'kubernetes';
}

/** `inOrder`: what a plan finds nothing in. To be due is no fault: whoever adopts a cluster often does so to renew it. */
function plansFor({ text, files }: Adopted, at: number): { plan: Plan; inOrder: readonly Action[] } {
  const cluster = describeCluster(parseSpec(text, 'kubetls.yaml'));
  const inventory = readInventory(files);
  const lifetimes = { ...cluster.spec.lifetimes, renewBefore: 0 };
  const undue = { ...cluster, spec: { ...cluster.spec, lifetimes } };
  const inOrder = makePlan({ cluster: undue, inventory, at, written: new Map() }).actions.filter(
    ({ verb, item }) => verb === 'keep' && item !== undefined,
  );
  const taken = inOrder.flatMap(({ paths }) => paths.flatMap((path) => inventory.get(path) ?? []));
  const written = new Map(taken.map(({ path, sha256 }) => [path, sha256]));
  return { plan: makePlan({ cluster, inventory, at, written }), inOrder };
}

/**
 * What is in order is taken over as if kubetls had written it, since a plan has just verified it. What is not
 * stays somebody's work: it is placed, and `apply` asks before it overwrites it.
 */
async function writeState(
  { state, clock }: Context,
  { files }: Adopted,
  inOrder: readonly Action[],
): Promise<void> {
  const store = directoryStore(state);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const sets = inOrder.flatMap(({ id, paths }): FileSet[] => {
    const changes = paths.flatMap((path) => byPath.get(path) ?? []);
    for (const { path } of changes) byPath.delete(path);
    return changes.length === 0 ? [] : [{ id, changes }];
  });
  const run = `adopt-${new Date(clock.now()).toISOString().replace(/[-:.]/g, '')}`;
  await store.begin(run);
  await store.commit({ run, sets });
  await store.finish(run);
  for (const { path, mode, bytes } of byPath.values()) await replaceFile(join(state, path), bytes, mode);
}

/** Last: whoever finds the file finds the whole state. */
async function writeSpec({ file }: Context, { text }: Adopted): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw refused(file, 'exists already');
    throw new KubetlsError<CliCode>({
      code: 'cli/file',
      message: `cannot be written: ${errnoText(code)}`,
      where: { file: shownPath(file) },
      hint: 'look at the directory: does it exist, may you write there?',
    });
  }
}

function tell(context: Context, survey: Survey, found: Adopted, plan: Plan): void {
  const { console } = context;
  for (const problem of survey.problems.slice(0, PROBLEMS_SHOWN)) console.warn(renderFailure(problem));
  if (survey.problems.length > PROBLEMS_SHOWN) {
    console.warn(`${plural(survey.problems.length - PROBLEMS_SHOWN, 'more thing')} could not be read`);
  }
  for (const note of [...found.notes, ...plan.warnings]) console.warn(note);
  if (console.json) return;
  for (const { name, layout, root } of found.nodes) {
    console.print(printable(`${name}: ${layout}${root === name ? '' : `, in ${root}`}`));
  }
  const { seen, certificates } = survey;
  console.print(
    `${plural(seen, 'file')}, ${plural(certificates.length, 'certificate')}. Wrote ${printable(shownPath(context.file))} and ${printable(shownPath(context.state))}.`,
  );
  printPlan(console, plan, undefined);
  console.say(`Next: ${context.again('plan')}`);
}
