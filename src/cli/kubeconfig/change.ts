import type { KubeconfigEdit, LoadedKubeconfig } from '../../kubeconfig/index.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printable } from '../text.ts';
import { kubeconfigFiles, loadFiles, whileLocked, writeFiles } from './files.ts';

/**
 * A change to the files of `--kubeconfig` or of the environment. It is tried before anything is locked, so
 * that what cannot be done leaves no trace, and made from what stands there once it is.
 */
export async function change(
  { console }: Context,
  option: string | undefined,
  edit: (loaded: LoadedKubeconfig) => KubeconfigEdit,
): Promise<number> {
  const files = kubeconfigFiles(option);
  edit(loadFiles(files));
  const done = await whileLocked(files, async () => {
    const made = edit(loadFiles(files));
    await writeFiles(made.files);
    return made;
  });
  if (done.warning !== undefined) console.warn(done.warning);
  if (console.json) {
    console.printJson({
      schema: 'kubetls/kubeconfig/v1',
      message: done.message,
      files: done.files.map(({ file }) => file),
    });
  } else console.say(printable(done.message));
  return Exit.ok;
}
