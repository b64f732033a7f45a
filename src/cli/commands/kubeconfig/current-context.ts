import { KubetlsError } from '../../../base/index.ts';
import type { KubeconfigCode } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { Context } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { kubeconfigFiles, loadFiles } from '../../kubeconfig/files.ts';
import { printable } from '../../text.ts';

export async function run(
  { console }: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { config } = loadFiles(kubeconfigFiles(options['kubeconfig'] as string | undefined));
  const { currentContext } = config;
  if (currentContext === '') {
    throw new KubetlsError<KubeconfigCode>({
      code: 'kubeconfig/context-not-found',
      message: 'current-context is not set',
    });
  }
  if (console.json) console.printJson({ schema: 'kubetls/kubeconfig-current/v1', current: currentContext });
  else console.print(printable(currentContext));
  return Exit.ok;
}
