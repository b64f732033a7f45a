/**
 * The changes of `kubectl config`, by its rules and in its words (kubectl pkg/cmd/config, and ModifyConfig of
 * client-go clientcmd/config.go): an entry is changed in the file that it came from, what is new and the
 * current context go to the target. What would change nothing writes nothing.
 */
import { failure } from './errors.ts';
import type { KubeconfigSource, LoadedKubeconfig } from './load.ts';
import { quote } from './problems.ts';
import type { Context, Kubeconfig, NamedContext } from './types.ts';

export interface KubeconfigEdit {
  /** What kubectl prints. */
  readonly message: string;
  readonly warning?: string;
  /** The files to be written, whole. */
  readonly files: readonly KubeconfigSource[];
}

const EMPTY: Kubeconfig = { clusters: [], contexts: [], users: [], currentContext: '' };

/** Collects the changes of single files, so that each is written once. */
class Changes {
  readonly #loaded: LoadedKubeconfig;
  readonly #changed = new Map<string, Kubeconfig>();

  constructor(loaded: LoadedKubeconfig) {
    this.#loaded = loaded;
  }

  change(file: string, edit: (config: Kubeconfig) => Kubeconfig): this {
    const found = this.#loaded.sources.find((source) => source.file === file)?.config ?? EMPTY;
    this.#changed.set(file, edit(this.#changed.get(file) ?? found));
    return this;
  }

  get files(): KubeconfigSource[] {
    return Array.from(this.#changed, ([file, config]) => ({ file, config }));
  }
}

/** @throws KubetlsError `kubeconfig/context-not-found` */
export function useContext(loaded: LoadedKubeconfig, name: string): KubeconfigEdit {
  const { config, target } = loaded;
  if (name === '') throw failure('kubeconfig/context-not-found', 'empty context names are not allowed');
  if (!config.contexts.some((entry) => entry.name === name)) {
    throw failure(
      'kubeconfig/context-not-found',
      `no context exists with the name: ${quote(name)}`,
      undefined,
      contextsThere(config),
    );
  }
  const changes = new Changes(loaded);
  if (config.currentContext !== name) changes.change(target, withCurrent(name));
  return { message: `Switched to context ${quote(name)}.`, files: changes.files };
}

/** A few of them: whoever mistyped one sees it. */
function contextsThere({ contexts }: Kubeconfig): string {
  const names = contexts.map(({ name }) => quote(name));
  if (names.length === 0) return 'there is none in these files: kubetls kubeconfig doctor';
  const more = names.length > NAMES ? ` and ${names.length - NAMES} more` : '';
  return `there are: ${names.slice(0, NAMES).join(', ')}${more}`;
}

const NAMES = 8;

/** What is absent stays; an empty text takes away. */
export type ContextFields = { readonly [K in 'cluster' | 'user' | 'namespace']?: string | undefined };

/**
 * @param name absent: the current context
 * @throws KubetlsError `kubeconfig/context-not-found`
 */
export function setContext(
  loaded: LoadedKubeconfig,
  name: string | undefined,
  fields: ContextFields,
): KubeconfigEdit {
  const { config, target } = loaded;
  if (name === undefined && config.currentContext === '') {
    throw failure(
      'kubeconfig/context-not-found',
      'no current context is set',
      undefined,
      contextsThere(config),
    );
  }
  const called = name ?? config.currentContext;
  const found = config.contexts.find((entry) => entry.name === called);
  const entry: NamedContext = found ?? { name: called, context: { cluster: '', user: '' } };
  const context = withFields(entry.context, fields);
  const changes = new Changes(loaded);
  if (found === undefined || !sameContext(context, entry.context)) {
    changes.change(found ? loaded.originOf(found) : target, withContext({ ...entry, context }));
  }
  return {
    message: `Context ${quote(called)} ${found ? 'modified' : 'created'}.`,
    files: changes.files,
  };
}

function withFields(context: Context, { cluster, user, namespace }: ContextFields): Context {
  const { namespace: before, ...rest } = context;
  const after = namespace ?? before ?? '';
  return {
    ...rest,
    cluster: cluster ?? context.cluster,
    user: user ?? context.user,
    ...(after !== '' && { namespace: after }),
  };
}

function sameContext(a: Context, b: Context): boolean {
  return a.cluster === b.cluster && a.user === b.user && a.namespace === b.namespace;
}

/** @throws KubetlsError `kubeconfig/context-not-found`, `-/duplicate-name` */
export function renameContext(loaded: LoadedKubeconfig, from: string, to: string): KubeconfigEdit {
  const { config, target } = loaded;
  if (to === '') {
    throw failure('kubeconfig/context-not-found', 'You must specify a new non-empty context name');
  }
  const found = config.contexts.find(({ name }) => name === from);
  if (found === undefined) {
    const message = `cannot rename the context ${quote(from)}, it's not in ${target}`;
    throw failure('kubeconfig/context-not-found', message, undefined, contextsThere(config));
  }
  if (config.contexts.some(({ name }) => name === to)) {
    const message = `cannot rename the context ${quote(from)}, the context ${quote(to)} already exists in ${target}`;
    throw failure('kubeconfig/duplicate-name', message);
  }
  const changes = new Changes(loaded);
  if (config.currentContext === from) changes.change(target, withCurrent(to));
  changes.change(loaded.originOf(found), (file) =>
    withContext({ ...found, name: to })(without('contexts', from)(file)),
  );
  return { message: `Context ${quote(from)} renamed to ${quote(to)}.`, files: changes.files };
}

const LISTS = { cluster: 'clusters', context: 'contexts', user: 'users' } as const;
type List = (typeof LISTS)[EntryKind];
export type EntryKind = keyof typeof LISTS;

/**
 * Takes one entry away, and leaves who names it as it is. An entry of the same name in a later file comes
 * to light, as it does with kubectl.
 *
 * @throws KubetlsError `kubeconfig/not-found`
 */
export function deleteEntry(loaded: LoadedKubeconfig, kind: EntryKind, name: string): KubeconfigEdit {
  const { config, target } = loaded;
  const list = LISTS[kind];
  const found = config[list].find((entry) => entry.name === name);
  if (found === undefined) {
    throw failure('kubeconfig/not-found', `cannot delete ${kind} ${name}, not in ${target}`);
  }
  const active = kind === 'context' && config.currentContext === name;
  return {
    message: `deleted ${kind} ${name} from ${target}`,
    ...(active && {
      warning: 'this removed your active context, use "kubectl config use-context" to select a different one',
    }),
    files: new Changes(loaded).change(loaded.originOf(found), without(list, name)).files,
  };
}

type Edit = (config: Kubeconfig) => Kubeconfig;

function withCurrent(currentContext: string): Edit {
  return (config) => ({ ...config, currentContext });
}

function withContext(entry: NamedContext): Edit {
  return (config) => ({
    ...config,
    contexts: [...config.contexts.filter(({ name }) => name !== entry.name), entry],
  });
}

function without(list: List, name: string): Edit {
  return (config) => ({ ...config, [list]: config[list].filter((entry) => entry.name !== name) });
}
