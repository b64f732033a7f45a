/**
 * Writes docs/checks.md from the table of checks: `node scripts/checks-docs.mjs`. A test fails when the page is
 * stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './setup.mjs';

export const page = join(root, 'docs', 'checks.md');

const head = (count) => `# Checks

Generated from the tables of \`src/audit\` by \`node scripts/checks-docs.mjs\`; do not edit.

\`kubetls check\` looks at every certificate, key and kubeconfig of the state, or of trees that somebody else made (\`kubetls check cp1=/backup/cp1 cp2=/backup/cp2\`, each the root of a node), by the ${count} checks below. It asks no server: what the files alone do not say, \`kubetls prove\` sees.

- **error**: something is refused now, or somebody has what they must not have. \`kubetls check\` exits with 1.
- **warning**: it works, and will not, or not for everybody, or gives away more than it needs.
- **info**: good to know; nobody must do anything.

\`--fail-on\` sets what ends with 1. \`--only\` and \`--skip\` choose by id. \`-o json\`, \`sarif\` (2.1.0), \`junit\` and \`html\` are for other readers; see [cli.md](cli.md). A consequence (an edge that fails, a difference from \`kubetls.yaml\`) is told only where its cause was not.

Each check has a test that plants exactly its fault in a clean tree (\`src/audit/audit-tree.test.ts\`).

## Exceptions

What somebody has looked at, and lives with, is written down:

\`\`\`yaml
apiVersion: kubetls/v1
kind: Exceptions
exceptions:
  - id: masters-member
    place: users/kube-admin/**     # * within a name, ** over several; paths as in the state
    reason: break-glass account, its key is in the safe
    until: 2027-06-30              # the end of that day, UTC
\`\`\`

\`kubetls check --exceptions FILE\` leaves such findings out, and counts them. All places of a finding must match: a copy that nobody has looked at is told. An exception that is past its date, or matches nothing, is itself a finding.`;

/** The whole page. */
export async function checksDocs() {
  const { checkTable, GROUPS } = await tables();
  const chapters = Object.entries(GROUPS).map(([group, title]) => {
    const rows = checkTable.filter((row) => row.group === group);
    return `## ${title}\n\n${table(rows)}`;
  });
  return `${[head(checkTable.length), ...chapters].join('\n\n')}\n`;
}

async function tables() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: "export { checkTable, GROUPS } from './src/audit/index.ts';", resolveDir: root },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const module = { exports: {} };
  const { createRequire } = await import('node:module');
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}

function table(rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(['check', 'what and why', 'what to do', 'source']),
    '|---|---|---|---|',
    ...rows.map(({ id, severity, title, why, remedy, source }) =>
      line([`\`${id}\` ${severity}`, `**${title}**: ${why}`, remedy, source]),
    ),
  ].join('\n');
}

/** Nothing of it is markup. */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  const text = await checksDocs();
  if (process.argv.includes('--check')) process.exitCode = readFileSync(page, 'utf8') === text ? 0 : 1;
  else writeFileSync(page, text);
}
