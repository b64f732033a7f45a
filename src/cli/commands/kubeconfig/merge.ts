import { dirname, resolve } from 'node:path';
import { KubetlsError } from '../../../base/index.ts';
import {
  type Conflict,
  gatherKubeconfigs,
  type Kubeconfig,
  relativePaths,
  writeKubeconfig,
} from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import { type CliCode, type Context, usage } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { loadFiles, readIfThere, textOf, whileLocked, writeFiles } from '../../kubeconfig/files.ts';
import { plural, printable, shownPath } from '../../text.ts';

export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const out = options['out'] as string | undefined;
  if (out === undefined) {
    const merged = mergedConfig(context, words, options);
    console.print(textOf(writeKubeconfig(merged)));
    return Exit.ok;
  }
  const inputs = words.map((word) => resolve(word));
  const merged = await whileLocked([out], async () => {
    const made = mergedConfig(context, words, options);
    if (!inputs.includes(resolve(out)) && readIfThere(out) !== undefined) throw standsThere(out);
    await writeFiles([{ file: out, config: relativePaths(made, dirname(resolve(out))) }]);
    return made;
  });
  const message = `Wrote ${shownPath(out)}: ${plural(merged.contexts.length, 'context')} of ${plural(words.length, 'file')}.`;
  if (console.json) console.printJson({ schema: 'kubetls/kubeconfig/v1', message, files: [out] });
  else console.say(printable(message));
  return Exit.ok;
}

function mergedConfig({ console }: Context, words: readonly string[], options: CommandOptions): Kubeconfig {
  const [firstWins, rename] = [options['firstWins'] === true, options['rename'] === true];
  if (firstWins && rename) throw usage('--first-wins and --rename are two answers to one question');
  const files = words.map((file) => {
    const [source] = loadFiles([file]).sources;
    if (!source) throw missing(file);
    return { ...source, directory: dirname(resolve(file)) };
  });
  const { config, conflicts } = gatherKubeconfigs(files, rename);
  if (conflicts.length > 0 && !firstWins && !rename) throw refusal(conflicts);
  for (const conflict of conflicts) {
    console.warn(
      `${sentence(conflict)}: ${rename ? `the second is ${conflict.renamed} now` : 'the second is left out'}`,
    );
  }
  return config;
}

function sentence({ kind, name, first, second }: Conflict): string {
  return `${kind} ${JSON.stringify(name)} in ${second} is not the one in ${first}`;
}

function refusal(conflicts: readonly Conflict[]): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/conflict',
    message: conflicts.map(sentence).join('; '),
    hint: '--first-wins leaves the second out, as kubectl does; --rename gives it another name',
  });
}

function missing(file: string): KubetlsError<CliCode> {
  return new KubetlsError({ code: 'cli/file', message: 'there is no such file', where: { file } });
}

function standsThere(file: string): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/conflict',
    message: 'exists already, and is none of the files that are merged',
    where: { file },
    hint: 'name it among them, or write to another file',
  });
}
