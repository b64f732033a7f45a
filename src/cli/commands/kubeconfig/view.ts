import { dirname, resolve } from 'node:path';
import {
  flattenKubeconfig,
  knownFields,
  type LoadedKubeconfig,
  minifyKubeconfig,
  redactKubeconfig,
  writeKubeconfig,
  writeKubeconfigJson,
} from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { Context } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { kubeconfigFiles, loadFiles, readIfThere, textOf } from '../../kubeconfig/files.ts';

/** To the byte what kubectl prints, so no schema in the JSON, and keys where they are asked for by name. */
export async function run(
  { console, form }: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const loaded = loadFiles(kubeconfigFiles(options['kubeconfig'] as string | undefined));
  const shown = knownFields(shownConfig(loaded, options));
  console.print(textOf(form === 'json' ? writeKubeconfigJson(shown) : writeKubeconfig(shown)));
  return Exit.ok;
}

/** ViewOptions.Run: what is flattened is not redacted. */
function shownConfig({ config, originOf }: LoadedKubeconfig, options: CommandOptions) {
  const context = (options['context'] as string | undefined) || undefined;
  const chosen = options['minify'] === true ? minifyKubeconfig(config, context) : config;
  if (options['flatten'] === true) {
    return flattenKubeconfig(chosen, (entry) => dirname(resolve(originOf(entry))), readIfThere);
  }
  return options['raw'] === true ? chosen : redactKubeconfig(chosen);
}
