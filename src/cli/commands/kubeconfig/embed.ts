import { dirname, resolve } from 'node:path';
import { flattenKubeconfig, type KubeconfigSource, materialPaths } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { Context } from '../../context.ts';
import { change } from '../../kubeconfig/change.ts';
import { readIfThere } from '../../kubeconfig/files.ts';
import { plural, shownPath } from '../../text.ts';

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  return change(context, options['kubeconfig'] as string | undefined, ({ sources }) => {
    const due = sources.filter(({ config }) => materialPaths(config).length > 0);
    return { message: messageOf(due), files: due.map(embedded) };
  });
}

function embedded({ file, config }: KubeconfigSource): KubeconfigSource {
  return { file, config: flattenKubeconfig(config, () => dirname(resolve(file)), readIfThere) };
}

function messageOf(due: readonly KubeconfigSource[]): string {
  if (due.length === 0) return 'Nothing to do: no certificate, key or authority stands in a file of its own.';
  const texts = due.map(
    ({ file, config }) => `${plural(materialPaths(config).length, 'file')} in ${shownPath(file)}`,
  );
  return `Embedded ${texts.join(', ')}.`;
}
