import { isAbsolute, join } from 'node:path';
import { placeParts } from '../../audit/index.ts';
import { shownPath } from '../text.ts';

/**
 * Paths of the state are put below its directory, those of trees below theirs; `kubetls.yaml` and a file of
 * exceptions are shown as they were named.
 */
export function pathsBelow(directories: ReadonlyMap<string, string>, file: string): (path: string) => string {
  const shownFile = (path: string) => {
    if (path === 'kubetls.yaml') return shownPath(file);
    if (isAbsolute(path)) return shownPath(path);
    for (const [prefix, directory] of directories) {
      if (path.startsWith(prefix)) return shownPath(join(directory, path.slice(prefix.length)));
    }
    return path;
  };
  return (place) => {
    const { file: path, inside } = placeParts(place);
    return inside === undefined ? shownFile(path) : `${shownFile(path)}: ${inside}`;
  };
}
