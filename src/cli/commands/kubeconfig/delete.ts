import { deleteEntry } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import { type Context, usage } from '../../context.ts';
import { change } from '../../kubeconfig/change.ts';

export async function run(
  context: Context,
  [kind = '', name = '']: readonly string[],
  options: CommandOptions,
): Promise<number> {
  if (kind !== 'context' && kind !== 'cluster' && kind !== 'user') {
    throw usage(`delete takes context, cluster or user, not ${kind}`);
  }
  return change(context, options['kubeconfig'] as string | undefined, (loaded) =>
    deleteEntry(loaded, kind, name),
  );
}
