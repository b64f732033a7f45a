import { setContext } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import { type Context, usage } from '../../context.ts';
import { change } from '../../kubeconfig/change.ts';

export async function run(
  context: Context,
  [name = '']: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const current = options['current'] === true;
  if (name === '' && !current) throw usage('you must specify a non-empty context name or --current');
  if (name !== '' && current) throw usage('you cannot specify both a context name and --current');
  const value = (option: string) => options[option] as string | undefined;
  return change(context, value('kubeconfig'), (loaded) =>
    setContext(loaded, current ? undefined : name, {
      cluster: value('cluster'),
      user: value('user'),
      namespace: value('namespace'),
    }),
  );
}
