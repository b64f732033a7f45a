import { Secret, utf8 } from '../base/index.ts';
import { isMap } from './json.ts';
import { kubeconfig } from './schema.ts';
import type { Kubeconfig } from './types.ts';
import { writeYaml } from './yaml-writer.ts';

/**
 * The file as UTF-8, in the form of client-go's Write (tools/clientcmd/loader.go): lists sorted by name,
 * keys sorted, empty optional fields left out. Unknown fields are written again; comments are not kept,
 * as kubectl keeps none. A Secret, because the text may hold a key: `reveal()` it into a file of mode 0600.
 */
export function writeKubeconfig(config: Kubeconfig): Secret {
  const known = kubeconfig.write(config);
  const map = new Map(isMap(known) ? known : []);
  map.set('apiVersion', 'v1').set('kind', 'Config');
  return new Secret(utf8(writeYaml(map)));
}
