import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expectedFailure, type Failure, renderFailure, type Secret } from '../../base/index.ts';
import type { CommandOptions } from '../command.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { endpointIn, inspectEndpoint } from '../inspect/endpoint.ts';
import { readInput, sourceOf } from '../inspect/input.ts';
import { references } from '../../survey/index.ts';
import { type Inspected, inspectBytes, isNothing, NOTHING_IN_IT } from '../inspect/read.ts';
import { inspectTree, isDirectory } from '../inspect/tree.ts';
import { inspectJson } from '../inspect/json.ts';
import { printInspected } from '../inspect/view.ts';
import { passwordFrom } from '../password.ts';
import { plural, shownPath } from '../text.ts';

/** A file of rubbish has a problem a line, and a tree of it one a file; these tell enough. */
const PROBLEMS_SHOWN = 20;

export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console, at } = context;
  const password = await passwordFrom(options['passwordFile']);
  const found: Inspected[] = [];
  for (const word of words) {
    if (isDirectory(word)) {
      found.push(...(await inspectTree(word, password)));
      continue;
    }
    const endpoint = existsSync(word) ? undefined : endpointIn(word);
    if (endpoint) {
      found.push(await inspectEndpoint(word, endpoint, context.signal));
      continue;
    }
    const one = await inspectOne(word, password, elsewhere(word));
    found.push(one, ...(await referred(one, word)));
  }
  if (console.json) console.printJson(inspectJson(found, at));
  else printInspected(console, found, at);
  let failed = false;
  let unseen = false;
  const inTrees = found.filter(({ inTree, problems }) => inTree && problems.length > 0);
  const untold = new Set(console.verbose ? [] : inTrees.slice(PROBLEMS_SHOWN));
  for (const one of found) {
    const asked = words.some((word) => sourceOf(word) === one.source);
    if (!untold.has(one) && tellProblems(context, one, asked) && asked) failed = true;
    if (one.problems.some(({ code }) => code === 'cli/unseen')) unseen = true;
  }
  if (untold.size > 0) console.warn(`${plural(untold.size, 'more file')} with problems (-v tells each)`);
  return unseen ? Exit.unknown : failed ? Exit.usage : Exit.ok;
}

/** Whether there was nothing in it: then what is wrong is the answer, and an error. */
function tellProblems({ console }: Context, one: Inspected, asked: boolean): boolean {
  const { source, problems } = one;
  const nothing = isNothing(one);
  const placed = problems.map((problem): Failure => {
    const { code, message, where } = problem;
    const hint = problem.hint ?? HINTS[code];
    return { code, message, where: { file: source, ...where }, ...(hint !== undefined && { hint }) };
  });
  if (nothing && problems.length === 0) {
    placed.push({
      code: 'cli/file',
      message: 'holds no certificate, request, CRL, key or kubeconfig',
      where: { file: source },
      hint: 'give PEM, DER, a kubeconfig, a keystore or a dump',
    });
  }
  for (const problem of placed.slice(0, PROBLEMS_SHOWN)) {
    if (nothing && asked) console.fail(problem);
    else console.warn(renderFailure(problem));
  }
  if (placed.length > PROBLEMS_SHOWN) {
    console.warn(`${source}: ${placed.length - PROBLEMS_SHOWN} more problems`);
  }
  return nothing;
}

/** The files that the kubeconfigs in it name, each as a source of its own. */
async function referred({ kubeconfigs }: Inspected, word: string): Promise<Inspected[]> {
  const directory = word === '-' ? '.' : dirname(word);
  return Promise.all(
    kubeconfigs.flatMap(references).map(async ({ path, place }) => {
      const named = shownPath(resolve(directory, path));
      const one = await inspectOne(named);
      const at = <T extends { readonly place: string | undefined }>(list: readonly T[]): T[] =>
        list.map((value) => ({ ...value, place }));
      return { ...one, certificates: at(one.certificates), keys: at(one.keys), kubeconfigs: [] };
    }),
  );
}

/** What opens what is shut. */
const HINTS: Readonly<Record<string, string>> = {
  'keystores/needs-password': 'name a file whose first line opens it: --password-file FILE',
  'survey/encrypted-key': 'name a file whose first line opens it: --password-file FILE',
};

/** What a word that is no file may have been meant for. */
function elsewhere(word: string): string {
  const server =
    /^[A-Za-z0-9][-.A-Za-z0-9]*$/.test(word) && !/\.(crt|pem|key|conf|ya?ml)$/.test(word) ? word : 'HOST';
  return `name a file, a directory, or a server with its port: ${server}:443`;
}

async function inspectOne(word: string, password?: Secret, missing?: string): Promise<Inspected> {
  const source = sourceOf(word);
  try {
    return inspectBytes(await readInput(word, missing), source, password);
  } catch (error) {
    const { code, message, hint } = expectedFailure(error);
    const problem: Failure = { code, message, ...(hint !== undefined && { hint }) };
    return { ...NOTHING_IN_IT, source, problems: [problem] };
  }
}
