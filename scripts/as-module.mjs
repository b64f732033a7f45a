/** How esbuild bundles what boots real clusters: a module, since it waits at its top level for what is built. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What finds files beside itself is not bundled: it would look beside the bundle. */
const scriptsStay = {
  name: 'scripts-stay',
  setup({ onResolve }) {
    onResolve({ filter: /\/scripts\/[^/]*\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    }));
  },
};

export const asModule = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  packages: 'external',
  plugins: [scriptsStay],
};
