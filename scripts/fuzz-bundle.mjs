/**
 * Bundles for the fuzzer: its engine, and what is fuzzed, with a counter at every branch. Each place counts
 * together with the place before it, so that a counter stands for an edge of the control flow (as in AFL,
 * "Technical whitepaper", 1).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { root } from './setup.mjs';

const { factory } = ts;

/** Writes `engine.cjs` and `targets.cjs` into the directory. */
export async function buildFuzzer(directory) {
  await bundle('test/fuzz/engine.ts', join(directory, 'engine.cjs'));
  const targets = join(directory, 'targets.cjs');
  const { text } = await bundle('test/fuzz/targets.ts', targets, [tameCrypto]);
  writeFileSync(targets, instrument(text));
}

async function bundle(entry, outfile, plugins = []) {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    define: { 'import.meta.url': '""', 'import.meta.dirname': '""' },
    write: false,
    plugins,
  });
  writeFileSync(outfile, outputFiles[0].contents);
  return outputFiles[0];
}

/** Ciphers that anything deciphers, and key derivation that costs nothing: test/fuzz/tame-crypto.ts. */
const tameCrypto = {
  name: 'tame-crypto',
  setup({ onResolve }) {
    onResolve({ filter: /^node:crypto$/ }, ({ importer }) =>
      importer.endsWith('tame-crypto.ts')
        ? { path: 'node:crypto', external: true }
        : { path: join(root, 'test/fuzz/tame-crypto.ts') },
    );
  },
};

/** What a bundle begins with: see `Coverage` in test/fuzz/coverage.ts. A counter that is full goes on at 1. */
const PRELUDE = `
const { counters: __counters, touched: __touched } = globalThis.kubetlsCoverage;
const __coverage = globalThis.kubetlsCoverage;
function __at(place) {
  const edge = place ^ __coverage.last;
  const count = __counters[edge];
  if (count === 0) __touched[__coverage.length++] = edge;
  __counters[edge] = count === 255 ? 1 : count + 1;
  __coverage.last = place >> 1;
}
`;

function instrument(code) {
  const source = ts.createSourceFile('targets.cjs', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  let places = 0;
  // 17 bits, spread over the map, so that two edges seldom share a counter (Knuth's multiplicative hash).
  const mark = () =>
    factory.createCallExpression(factory.createIdentifier('__at'), undefined, [
      factory.createNumericLiteral(Math.imul(++places, 0x9e3779b1) >>> 15),
    ]);
  const markStatement = () => factory.createExpressionStatement(mark());
  const marked = (expression) =>
    factory.createParenthesizedExpression(factory.createComma(mark(), expression));
  const inBlock = (statement) =>
    ts.isBlock(statement)
      ? factory.updateBlock(statement, [markStatement(), ...statement.statements])
      : factory.createBlock([markStatement(), statement]);

  const { transformed } = ts.transform(source, [
    (context) => (file) => {
      const visit = (node) => rewrite(ts.visitEachChild(node, visit, context));
      return ts.visitNode(file, visit);
    },
  ]);
  return PRELUDE + ts.createPrinter().printFile(transformed[0]);

  function rewrite(node) {
    if (ts.isFunctionLike(node) && node.body) return withBody(node);
    if (ts.isIfStatement(node)) {
      const other = node.elseStatement && inBlock(node.elseStatement);
      return factory.updateIfStatement(node, node.expression, inBlock(node.thenStatement), other);
    }
    if (ts.isConditionalExpression(node)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = node;
      return factory.updateConditionalExpression(
        node,
        condition,
        questionToken,
        marked(whenTrue),
        colonToken,
        marked(whenFalse),
      );
    }
    if (ts.isBinaryExpression(node) && isChoice(node.operatorToken.kind)) {
      return factory.updateBinaryExpression(node, node.left, node.operatorToken, marked(node.right));
    }
    if (ts.isCaseOrDefaultClause(node)) return withStatements(node);
    if (ts.isIterationStatement(node, false)) {
      Object.assign(node, { statement: inBlock(node.statement) });
      return node;
    }
    return ts.isCatchClause(node)
      ? factory.updateCatchClause(node, node.variableDeclaration, inBlock(node.block))
      : node;
  }

  function withBody(node) {
    const body = ts.isBlock(node.body) ? inBlock(node.body) : marked(node.body);
    return Object.assign(node, { body });
  }

  function withStatements(node) {
    const statements = [markStatement(), ...node.statements];
    return ts.isCaseClause(node)
      ? factory.updateCaseClause(node, node.expression, statements)
      : factory.updateDefaultClause(node, statements);
  }
}

function isChoice(kind) {
  const { AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken } = ts.SyntaxKind;
  return [AmpersandAmpersandToken, BarBarToken, QuestionQuestionToken].includes(kind);
}
