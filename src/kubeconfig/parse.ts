import { failure } from './errors.ts';
import { kindOf, Place } from './place.ts';
import { isMap, type Json, type JsonMap, Opaque } from './json.ts';
import { kubeconfig } from './schema.ts';
import type { Kubeconfig, NamedExtension } from './types.ts';
import { readYaml, type YamlSource } from './yaml-reader.ts';

/** Ours: client-go has no bound. 3,000 clusters with 5 kB of data each. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a kubeconfig as client-go does (tools/clientcmd/loader.go, Load): YAML or JSON, an empty text is
 * an empty configuration, unknown fields are kept. `file` only names it in errors.
 *
 * Throws KubetlsError with file, line and column: `kubeconfig/too-large`, `-/yaml`, `-/kind`, `-/type`,
 * `-/base64`, `-/duplicate-name`. Messages are client-go's, short of the values that it prints.
 */
export function parseKubeconfig(content: string | Uint8Array, file?: string): Kubeconfig {
  return locateKubeconfig(content, file).config;
}

/** The same, and where in the text each value stands, by its keys. */
export interface LocatedKubeconfig {
  readonly config: Kubeconfig;
  readonly locate: YamlSource['locate'];
}

export function locateKubeconfig(content: string | Uint8Array, file?: string): LocatedKubeconfig {
  const source = readYaml(decode(content, file), file);
  const root = new Place(source);
  const map = topLevel(source.value, root);
  const { unknown, ...known } = kubeconfig.read(map, root);
  const config = withoutType(known, unknown);
  refuseDuplicates(config, source);
  return { config, locate: source.locate };
}

function decode(content: string | Uint8Array, file: string | undefined): string {
  if (content.length > MAX_BYTES) {
    throw failure(
      'kubeconfig/too-large',
      `a kubeconfig of more than ${MAX_BYTES} bytes`,
      file === undefined ? {} : { file },
    );
  }
  if (typeof content === 'string') return content;
  try {
    // Go's reader finds UTF-16 by its mark too: PowerShell's redirections write it.
    const encoding = content[0] === 0xff && content[1] === 0xfe ? 'utf-16le' : 'utf-8';
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    throw failure('kubeconfig/yaml', 'yaml: the text is not UTF-8', file === undefined ? {} : { file });
  }
}

const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** The first look that client-go takes: is it a mapping, and of which kind? */
function topLevel(value: Json, root: Place): JsonMap {
  const unread = "couldn't get version/kind; json parse error: json: cannot unmarshal";
  if (value === null) return new Map();
  if (!isMap(value)) {
    return root.fail('kubeconfig/type', `${unread} ${kindOf(value)} into Go value of type ${TYPE_META}`);
  }
  const meta = (key: string): string => {
    const found = value.get(key) ?? '';
    if (typeof found === 'string') return found;
    return root
      .item(key)
      .fail('kubeconfig/type', `${unread} ${kindOf(found)} into Go struct field .${key} of type string`);
  };
  const kind = meta('kind') || 'Config';
  const version = meta('apiVersion') || 'v1';
  if (kind !== 'Config' || version !== 'v1') {
    const at = root.item(kind === 'Config' ? 'apiVersion' : 'kind');
    return at.fail(
      'kubeconfig/kind',
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)}`,
    );
  }
  return value;
}

function withoutType(known: Kubeconfig, unknown: Opaque | undefined): Kubeconfig {
  const rest = unknown?.reveal();
  if (!isMap(rest)) return known;
  const kept = new Map([...rest].filter(([key]) => key !== 'kind' && key !== 'apiVersion'));
  return kept.size === 0 ? known : { ...known, unknown: new Opaque(kept) };
}

/** client-go turns each list into a map, after the whole file was decoded (api/v1/conversion.go). */
function refuseDuplicates(config: Kubeconfig, source: YamlSource): void {
  const root = new Place(source);
  const unique = (list: readonly { readonly name: string }[], at: Place, from: string, to: string): void => {
    const seen = new Set<string>();
    list.forEach(({ name }, index) => {
      if (seen.has(name)) {
        const message = `error converting *[]${from} into *${to}: duplicate name "${name}" in list`;
        at.item(index).fail('kubeconfig/duplicate-name', message);
      }
      seen.add(name);
    });
  };
  const extensions = (list: readonly NamedExtension[] | undefined, at: Place): void =>
    unique(list ?? [], at.item('extensions'), 'NamedExtension', 'map[string]runtime.Object');

  extensions(config.preferences?.extensions, root.item('preferences'));
  const clusters = root.item('clusters');
  config.clusters.forEach(({ cluster }, i) =>
    extensions(cluster.extensions, clusters.item(i).item('cluster')),
  );
  unique(config.clusters, clusters, 'NamedCluster', 'map[string]*api.Cluster');
  const users = root.item('users');
  config.users.forEach(({ user }, i) => extensions(user.extensions, users.item(i).item('user')));
  unique(config.users, users, 'NamedAuthInfo', 'map[string]*api.AuthInfo');
  const contexts = root.item('contexts');
  config.contexts.forEach(({ context }, i) =>
    extensions(context.extensions, contexts.item(i).item('context')),
  );
  unique(config.contexts, contexts, 'NamedContext', 'map[string]*api.Context');
  extensions(config.extensions, root);
}
