import { dirname, join, resolve } from 'node:path';
import { KubetlsError } from '../../../base/index.ts';
import {
  fileName,
  flattenKubeconfig,
  type LoadedKubeconfig,
  mergeKubeconfigs,
  minifyKubeconfig,
  writeKubeconfig,
} from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { CliCode, Context } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { kubeconfigFiles, loadFiles, readIfThere } from '../../kubeconfig/files.ts';
import { type NewFile, writeNewFiles } from '../../kubeconfig/new-files.ts';
import { plural, printable, shownPath } from '../../text.ts';

interface Part extends NewFile {
  readonly context: string;
}

export async function run(
  { console }: Context,
  [directory = '.']: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const loaded = loadFiles(kubeconfigFiles(options['kubeconfig'] as string | undefined));
  const parts = partsOf(loaded, directory);
  await writeNewFiles(parts);
  if (console.json) {
    const files = parts.map(({ context, file }) => ({ context, file }));
    console.printJson({ schema: 'kubetls/kubeconfig-split/v1', files });
  } else {
    for (const { file } of parts) console.print(printable(shownPath(file)));
    console.say(`${plural(parts.length, 'context')}, each in a file of its own.`);
  }
  return Exit.ok;
}

/** Each context by itself: what it names as data, what cannot be data by its absolute path. */
function partsOf({ sources }: LoadedKubeconfig, directory: string): Part[] {
  const config = mergeKubeconfigs(
    sources.map((source) => ({ config: source.config, directory: dirname(resolve(source.file)) })),
  );
  const parts = new Map<string, Part>();
  for (const { name } of config.contexts) {
    const one = flattenKubeconfig(minifyKubeconfig(config, name), () => directory, readIfThere);
    const file = join(directory, `${fileName(name)}.kubeconfig`);
    const before = parts.get(file);
    if (before) throw sameFile(file, before.context, name);
    parts.set(file, { context: name, file, content: writeKubeconfig(one) });
  }
  return [...parts.values()];
}

function sameFile(file: string, first: string, second: string): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/conflict',
    message: `contexts ${JSON.stringify(first)} and ${JSON.stringify(second)} would both be written there`,
    where: { file },
    hint: 'rename one of them first',
  });
}
