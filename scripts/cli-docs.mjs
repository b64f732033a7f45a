/**
 * Writes docs/cli.md from the tables that also feed the parser and `--help`: `node scripts/cli-docs.mjs`.
 * A test fails when the page is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonShapes } from './json-shapes.mjs';
import { ensureInstalled, root } from './setup.mjs';

export const page = join(root, 'docs', 'cli.md');

/** Exit codes, by their name in src/cli/exit.ts. */
const exitWords = {
  ok: 'yes, or done',
  no: 'the answer is no: an edge failed, a certificate was refused, or changes are pending with `plan --detailed-exitcode`',
  usage: 'wrong usage or invalid input',
  unknown: 'something could not be seen, so the answer is unknown',
  refused:
    "refused for safety: a plan that breaks an edge, a file of somebody else's, a world that has moved, nobody to ask, another kubetls at work",
  interrupted: 'interrupted: what was under way is whole or undone',
};

const head = `# The command line

Generated from the tables of \`src/cli\` by \`node scripts/cli-docs.mjs\`; do not edit.

stdout has only what was asked for. Problems go to stderr: \`error:\` says what and where, \`hint:\` what to do. The options of every command may also stand before its name: \`kubetls -o json plan\` is \`kubetls plan -o json\`.`;

const files = `## Files

| file | what |
|---|---|
| \`kubetls.yaml\` | the cluster; \`kubetls init\` writes one with every key and its default. Unknown keys are errors, with line and column |
| \`kubetls-state/nodes/NODE/\` | a tree to be copied onto the node's \`/\` |
| \`kubetls-state/users/USER/\` | a person's certificate, key, anchors and kubeconfig |
| \`kubetls-state/authorities/\` | the authorities' own certificates and keys |
| \`kubetls-state/ledger\` | what was ever issued, brought to a node or restarted, a JSON line each, hash-chained |
| \`kubetls-state/backups/\` | what stood where something was replaced |

All of it: [decisions/0003](decisions/0003-state-layout.md).

## Environment

\`NO_COLOR\`, \`TERM=dumb\` or a pipe: no colours. \`CI\`, or no terminal: no progress line. \`kubetls kubeconfig\` looks at \`KUBECONFIG\` and \`HOME\`, as kubectl does, and its \`doctor\` in \`PATH\` for the programs that a kubeconfig names. Nothing else is read.`;

/** The whole page. */
export async function cliDocs() {
  const { commandTable, globalOptions, Exit } = await tables();
  const parts = [
    head,
    '## Commands',
    table(
      ['command', 'does', 'writes'],
      commandTable.map((one) => [
        `[\`${one.name}\`](#kubetls-${one.name})`,
        one.summary,
        'commands' in one ? 'some' : one.writes ? 'yes' : '',
      ]),
    ),
    '## Options of every command',
    optionTable(globalOptions),
    '## Exit codes',
    exitTable(Exit),
    ...commandTable.flatMap((row) =>
      'commands' in row ? groupText(row, globalOptions) : [commandText(row, [row.name], globalOptions)],
    ),
    files,
    jsonText(),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The tables, bundled without the code of the commands, which they load when called. */
async function tables() {
  const { build } = await import('esbuild');
  const names = ['commands', 'options', 'exit'];
  const { outputFiles } = await build({
    stdin: {
      contents: names.map((name) => `export * from './src/cli/${name}.ts';`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    external: ['./commands/*'],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** A chapter for the group, then one for each of its commands. */
function groupText({ name, summary, description, commands }, globalOptions) {
  const rows = commands.map((one) => [
    `[\`${one.name}\`](#kubetls-${name}-${one.name})`,
    one.summary,
    one.writes ? 'yes' : '',
  ]);
  return [
    `## kubetls ${name}`,
    `${sentence(summary)}. ${description}`,
    table(['command', 'does', 'writes'], rows),
    ...commands.map((one) => commandText(one, [name, one.name], globalOptions)),
  ];
}

function commandText(
  { summary, arguments: words, options, examples, forms = [], note, unused = [] },
  name,
  globalOptions,
) {
  const parts = [
    `## kubetls ${name.join(' ')}`,
    `${sentence(summary)}.`,
    code(['kubetls', ...name, '[options]', ...words.map((word) => word.name)].join(' ')),
  ];
  if (words.length > 0) {
    const rows = words.map((word) => [`\`${word.name}\``, word.summary]);
    parts.push(table(['argument', 'what'], rows));
  }
  if (Object.keys(options).length > 0) parts.push(optionTable(options));
  if (forms.length > 0) parts.push(`\`-o\` also takes ${forms.map((form) => `\`${form}\``).join(', ')}.`);
  if (note !== undefined) parts.push(note);
  if (unused.length > 0) {
    const flags = unused.map((one) => `\`${globalOptions[one].flags}\``);
    parts.push(`Without meaning here: ${flags.join(', ')}.`);
  }
  if (examples.length > 0) parts.push(`Examples:\n\n${code(examples.join('\n'))}`);
  return parts.join('\n\n');
}

function optionTable(options) {
  const rows = Object.values(options).map(({ flags, summary, kind }) => [
    `\`${flags}\``,
    kind === 'list' ? `${summary}; may be given several times` : summary,
  ]);
  return table(['option', 'what'], rows);
}

function exitTable(Exit) {
  const rows = Object.entries(Exit).map(([name, number]) => {
    if (!(name in exitWords)) throw new Error(`scripts/cli-docs.mjs has no words for exit code ${name}`);
    return [`${number}`, exitWords[name]];
  });
  return table(['code', 'means'], rows);
}

const batchText = `\`verify --batch\` answers each JSON line on standard input with a JSON line on standard output, in order; blank lines are passed over. Of a question any key may be left out: \`at\` is now (or \`--at\`), \`usage\` is \`server\`, no \`name\` asks for none. \`leaf\`, \`intermediates\` and \`roots\` are PEM, of which the first block counts, or base64 of DER; \`at\` is RFC 3339, with nanoseconds if need be. \`error\` is Go's text, and empty when \`ok\`. \`stage\` says where it was decided: \`parse-leaf\` and \`parse-intermediate\` refuse, as Go's TLS does; at \`parse-root\` some of the roots were passed over, as Go does, and the answer is that of the others; \`question\` is a line that is no question (no JSON, a wrong type, more than 64 MiB), in our words, and the next line is answered. \`chains\` is how many Go would return. The exit code is 0 when all lines were questions, whatever the answers, and 2 otherwise.`;

function jsonText() {
  const shapes = Object.entries(jsonShapes).map(
    ([name, shape]) => `### ${name}\n\n${code(render(shape, ''), 'ts')}`,
  );
  return [
    '## JSON',
    '`-o json` prints one value with the key `schema`. Keys may be added under the same schema; none goes away or changes its meaning. A command that fails prints `error` in place of its own value, and the same as text on stderr; `inspect` lists what it could not read under `problems`. `time` is RFC 3339 in UTC; `…[]` any number. `up` prints what `prove` prints, without `--once` again after each change; there `error` is the text that Go would print.',
    batchText,
    ...shapes,
  ].join('\n\n');
}

function render(shape, indent) {
  if (typeof shape === 'string') return shape;
  if (Array.isArray(shape)) return `${render(shape[0], indent)}[]`;
  if ('or' in shape) return `${render(shape.is, indent)} | ${shape.or}`;
  const inner = `${indent}  `;
  const keys = Object.entries(shape).map(([key, value]) => `${key}: ${render(value, inner)}`);
  const line = `{ ${keys.join(', ')} }`;
  const fits = !line.includes('\n') && indent.length + line.length <= 100;
  return fits && indent !== '' ? line : `{\n${keys.map((key) => `${inner}${key}`).join('\n')}\n${indent}}`;
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function code(text, language = '') {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  const text = await cliDocs();
  if (process.argv.includes('--check')) process.exitCode = readFileSync(page, 'utf8') === text ? 0 : 1;
  else writeFileSync(page, text);
}
