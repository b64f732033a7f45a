/**
 * Draws docs/images/trust.svg, what `kubetls graph -o svg` says of examples/sample at a fixed instant:
 * `node scripts/graph-docs.mjs`. A test fails when the picture is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './setup.mjs';

export const picture = join(root, 'docs', 'images', 'trust.svg');

/** The whole file. Keys are new each time and nothing of them is in it. */
export async function samplePicture() {
  const { applied, describeCluster, drawingOf, evaluateAll, goRules, graphSvg, NOW, parseSpec, trustGraph } =
    await parts();
  const spec = parseSpec(readFileSync(join(root, 'examples/sample/kubetls.yaml'), 'utf8'), 'kubetls.yaml');
  const { cluster, inventory } = await applied(describeCluster(spec));
  const rules = goRules(spec.kubernetes.minor);
  const verdicts = evaluateAll(cluster.edges, inventory, NOW, { rules });
  return graphSvg(drawingOf(trustGraph({ cluster, inventory, verdicts, at: NOW })));
}

async function parts() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: {
      contents: `export { drawingOf, graphSvg, trustGraph } from './src/graph/index.ts';
export { describeCluster, evaluateAll, goRules, parseSpec } from './src/index.ts';
export { applied, NOW } from './test/support/small-cluster.ts';`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const { Module } = await import('node:module');
  const module = new Module(join(root, 'graph-docs.cjs'));
  module.paths = [join(root, 'node_modules')];
  module._compile(outputFiles[0].text, module.id);
  return module.exports;
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  writeFileSync(picture, await samplePicture());
}
