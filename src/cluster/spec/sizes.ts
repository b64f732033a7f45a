/** Lists longer than any cluster's are refused before anything looks at their elements. */
import { type Path, type Problem, shortName } from './problems.ts';
import type { Plain } from './yaml.ts';

/** Twice the largest supported cluster (5,000 nodes: kubernetes.io, "Considerations for large clusters"). */
const MOST_NODES = 10_000;
/** Of SANs, users, groups, addresses: a certificate with more does not fit a TLS handshake. */
const MOST = 1_000;

const LISTS: readonly { readonly path: Path; readonly most: number; readonly inner: readonly string[] }[] = [
  { path: ['spec', 'nodes'], most: MOST_NODES, inner: ['roles', 'addresses'] },
  { path: ['spec', 'users'], most: MOST, inner: ['groups'] },
  { path: ['spec', 'sans', 'kube-apiserver'], most: MOST, inner: [] },
  { path: ['spec', 'sans', 'etcd'], most: MOST, inner: [] },
  { path: ['spec', 'sans', 'etcd-peer'], most: MOST, inner: [] },
  { path: ['spec', 'sans', 'kubelet'], most: MOST, inner: [] },
];

/** Far more than any program is given. */
const MOST_WORDS = 100;

/** The first list that is too long. */
export function tooLong(file: Plain): Problem | undefined {
  for (const { path, most, inner } of LISTS) {
    const list = valueAt(file, path);
    if (!Array.isArray(list)) continue;
    if (list.length > most) return refused(path, list.length, most);
    for (const [i, element] of list.entries()) {
      for (const key of inner) {
        const found = valueAt(element, [key]);
        if (Array.isArray(found) && found.length > MOST)
          return refused([...path, i, key], found.length, MOST);
      }
    }
  }
  for (const [component, service] of Object.entries(valueAt(file, ['spec', 'services']) ?? {})) {
    const command = valueAt(service, ['command']);
    if (Array.isArray(command) && command.length > MOST_WORDS)
      return refused(['spec', 'services', component, 'command'], command.length, MOST_WORDS);
  }
  return undefined;
}

function valueAt(value: Plain, path: Path): Plain {
  let found = value;
  for (const step of path) {
    found = typeof found === 'object' && !Array.isArray(found) ? found[step] : undefined;
  }
  return found;
}

function refused(path: Path, found: number, most: number): Problem {
  return {
    code: 'cluster/spec-too-many',
    path,
    message: `${shortName(path)} has ${found} entries, ${most} at most`,
    atKey: true,
  };
}
