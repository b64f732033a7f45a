import { KubetlsError } from '../../../base/index.ts';
import type { KubeconfigCode, NamedContext } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import type { Context } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { contextTable } from '../../kubeconfig/context-table.ts';
import { kubeconfigFiles, loadFiles } from '../../kubeconfig/files.ts';
import { printable } from '../../text.ts';

export async function run(
  { console, form }: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { config } = loadFiles(kubeconfigFiles(options['kubeconfig'] as string | undefined));
  const called = (name: string) => config.contexts.filter((entry) => entry.name === name);
  const found = (words.length > 0 ? words.flatMap(called) : config.contexts).toSorted(byName);
  if (form === 'json') console.printJson(contextsJson(found, config.currentContext));
  else if (form === 'name') for (const { name } of found) console.print(printable(name));
  else {
    for (const line of contextTable(found, config.currentContext, options['noHeaders'] !== true)) {
      console.print(line);
    }
  }
  const missing = words.filter((word) => called(word).length === 0);
  for (const name of missing) console.fail(notFound(name));
  return missing.length > 0 ? Exit.no : Exit.ok;
}

function byName(a: NamedContext, b: NamedContext): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

function notFound(name: string): KubetlsError<KubeconfigCode> {
  return new KubetlsError({ code: 'kubeconfig/context-not-found', message: `context ${name} not found` });
}

function contextsJson(contexts: readonly NamedContext[], current: string): object {
  return {
    schema: 'kubetls/kubeconfig-contexts/v1',
    current: current || null,
    contexts: contexts.map(({ name, context: { cluster, user, namespace } }) => ({
      name,
      cluster,
      user,
      namespace: namespace ?? null,
      current: name === current,
    })),
  };
}
