import { dirname, join, relative, resolve } from 'node:path';
import { extractMaterial, type KubeconfigSource } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { Context } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { kubeconfigFiles, loadFiles, whileLocked, writeFiles } from '../../kubeconfig/files.ts';
import { type NewFile, writeNewFiles } from '../../kubeconfig/new-files.ts';
import { plural, printable, shownPath } from '../../text.ts';

/** The files first: a kubeconfig never names what is not there. */
export async function run(
  { console }: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const files = kubeconfigFiles(options['kubeconfig'] as string | undefined);
  const directory = options['dir'] as string | undefined;
  const taken = await whileLocked(files, async () => {
    const parts = loadFiles(files).sources.map((source) => extracted(source, directory));
    const made = parts.flatMap(({ material }) => material);
    await writeNewFiles(made);
    await writeFiles(parts.filter(({ material }) => material.length > 0).map(({ source }) => source));
    return made.map(({ file }) => file);
  });
  if (console.json) console.printJson({ schema: 'kubetls/kubeconfig-extract/v1', files: taken });
  else {
    for (const file of taken) console.print(printable(shownPath(file)));
    console.say(taken.length === 0 ? 'Nothing to do: no data is embedded.' : plural(taken.length, 'file'));
  }
  return Exit.ok;
}

interface Part {
  readonly source: KubeconfigSource;
  readonly material: readonly NewFile[];
}

/** Beside the kubeconfig, or in a directory; a directory elsewhere is named by its absolute path. */
function extracted({ file, config }: KubeconfigSource, directory: string | undefined): Part {
  const home = dirname(resolve(file));
  const place = directory === undefined ? home : resolve(directory);
  const near = relative(home, place);
  const prefix = near === '..' || near.startsWith('../') ? place : near;
  const { config: named, files } = extractMaterial(config, prefix);
  return {
    source: { file, config: named },
    material: files.map(({ name, content }) => ({ file: join(place, name), content })),
  };
}
