/**
 * Writes docs/twin-differences.md from the table of the twin: `node scripts/twin-docs.mjs`. A test fails when the
 * page is stale.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './setup.mjs';

export const page = join(root, 'docs', 'twin-differences.md');

const head = (file) => `# Where the twin differs from the real thing

Generated from the table of \`src/twin/differences.ts\` by \`node scripts/twin-docs.mjs\`; do not edit.

\`kubetls up\` and \`kubetls prove --twin\` start TLS servers on loopback that behave as each component would with the same files: what it serves, whom it lets in, what it answers and logs, when it reads a file again. That the twin agrees with the real programs is what the tests on real clusters hold; below is where it does not, on purpose.

Each row has a test that dials both on the same files and in the same way, in \`${file}\`:

\`\`\`
npm test -- ${file}
\`\`\``;

/** The whole page. */
export async function twinDocs() {
  const { twinDifferences, twinDifferencesShownIn } = await tables();
  const rows = twinDifferences.map(
    ({ id, what, why, shownBy }) => `| \`${id}\` | ${what} | ${why} | ${shownBy} |`,
  );
  const table = ['| difference | the twin | why | shown by: the twin … |', '|---|---|---|---|', ...rows];
  return `${head(twinDifferencesShownIn)}\n\n${table.join('\n')}\n`;
}

async function tables() {
  const { build } = await import('esbuild');
  const entryPoints = [join(root, 'src/twin/differences.ts')];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  writeFileSync(page, await twinDocs());
}
