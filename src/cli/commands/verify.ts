import { type Failure, renderFailure } from '../../base/index.ts';
import type { Usage } from '../../verify/index.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { sourceOf } from '../inspect/input.ts';
import { runBatch } from '../verify/batch.ts';
import { familiesFrom, tellFamilies } from '../verify/families.ts';
import { reportJson } from '../verify/json.ts';
import { type Given, readMaterial } from '../verify/material.ts';
import { type Release, releaseFrom } from '../verify/release.ts';
import { type Asked, reportOn } from '../verify/report.ts';
import { printReport } from '../verify/view.ts';

/** A file of rubbish has a problem a line; these tell enough. */
const PROBLEMS_SHOWN = 20;

export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  if (options['batch'] === true) {
    refuseBesideBatch(words, options);
    return runBatch(context, releaseFrom(options['kubernetes'])?.rules);
  }
  const { console } = context;
  const families = familiesFrom(options['family'] as string | undefined);
  const asked = await readAsked(context, words, options);
  for (const root of asked.roots) {
    if ('refused' in root) console.warn(`${root.source}: a root is passed over, as Go does: ${root.refused}`);
  }
  const report = reportOn(asked);
  if (families) return tellFamilies(console, report, families);
  if (console.json) console.printJson(reportJson(report));
  else printReport(console, report);
  return report.error === undefined ? Exit.ok : Exit.no;
}

function refuseBesideBatch(words: readonly string[], options: CommandOptions): void {
  const given = Object.entries(options).find(
    ([name, value]) => !['batch', 'kubernetes'].includes(name) && value !== undefined && String(value) !== '',
  );
  if (words.length === 0 && !given) return;
  throw usage(
    `--batch takes no ${given ? `--${given[0]}` : 'file'}`,
    'each line on standard input has its own leaf, intermediates, roots, usage and name',
  );
}

async function readAsked(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<Asked> {
  const [leaf] = words;
  const rootFiles = options['roots'] as readonly string[];
  const intermediateFiles = options['intermediates'] as readonly string[];
  if (leaf === undefined) throw usage('verify takes a certificate', 'see: kubetls verify --help');
  if (rootFiles.length === 0) {
    throw usage(
      'verify needs --roots: who is trusted',
      'name a file of authorities or a kubeconfig; the authorities of the system mean nothing to a cluster',
    );
  }
  if ([leaf, ...intermediateFiles, ...rootFiles].filter((word) => word === '-').length > 1) {
    throw usage('standard input can be read once only', 'write the other one to a file');
  }
  const wantedName = options['name'] as string | undefined;
  if (wantedName === '') throw usage('--name is empty');
  const release = releaseFrom(options['kubernetes']);
  const { given, beside, problems } = await readMaterial(leaf, 'client', release?.rules);
  warnOf(context, sourceOf(leaf), problems);
  return {
    source: sourceOf(leaf),
    leaf: given,
    intermediates: await readAll(context, intermediateFiles, release),
    roots: await readAll(context, rootFiles, release),
    others: beside,
    name: wantedName,
    usage: usageFrom(options['usage'] as string | undefined),
    at: context.at,
    release,
  };
}

async function readAll(
  context: Context,
  files: readonly string[],
  release: Release | undefined,
): Promise<Given[]> {
  const all: Given[] = [];
  for (const file of files) {
    const { given, problems } = await readMaterial(file, 'authorities', release?.rules);
    warnOf(context, sourceOf(file), problems);
    all.push(...given);
  }
  return all;
}

function warnOf({ console }: Context, file: string, problems: readonly Failure[]): void {
  for (const { code, message, where } of problems.slice(0, PROBLEMS_SHOWN)) {
    console.warn(renderFailure({ code, message, where: { file, ...where } }));
  }
}

const USAGES: readonly string[] = ['server', 'client', 'any'] satisfies Usage[];

function usageFrom(value: string | undefined): Usage | undefined {
  if (value === undefined) return undefined;
  if (USAGES.includes(value)) return value as Usage;
  throw usage(`--usage takes server, client or any, not ${value}`);
}
