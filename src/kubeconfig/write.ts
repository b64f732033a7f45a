import { Secret, utf8 } from '../base/index.ts';
import { isMap, type Json } from './json.ts';
import { writeJson } from './json-writer.ts';
import { kubeconfig } from './schema.ts';
import type { Kubeconfig } from './types.ts';
import { writeYaml } from './yaml-writer.ts';

/**
 * The file as UTF-8, in the form of client-go's Write (tools/clientcmd/loader.go): lists sorted by name,
 * keys sorted, empty optional fields left out. Unknown fields are written again; comments are not kept,
 * as kubectl keeps none. A Secret, because the text may hold a key: `reveal()` it into a file of mode 0600.
 */
export function writeKubeconfig(config: Kubeconfig): Secret {
  return new Secret(utf8(writeYaml(withType(config))));
}

/** The same as JSON, in the form of `kubectl config view -o json`. */
export function writeKubeconfigJson(config: Kubeconfig): Secret {
  return new Secret(utf8(`${writeJson(withType(config))}\n`));
}

function withType(config: Kubeconfig): Map<string, Json> {
  const fields = kubeconfig.write(config);
  return new Map<string, Json>([
    ['kind', 'Config'],
    ['apiVersion', 'v1'],
    ...(isMap(fields) ? [...fields].filter(([key]) => key !== 'kind' && key !== 'apiVersion') : []),
  ]);
}
