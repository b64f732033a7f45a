import { renameContext } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { Context } from '../../context.ts';
import { change } from '../../kubeconfig/change.ts';

export async function run(
  context: Context,
  [from = '', to = '']: readonly string[],
  options: CommandOptions,
): Promise<number> {
  return change(context, options['kubeconfig'] as string | undefined, (loaded) =>
    renameContext(loaded, from, to),
  );
}
