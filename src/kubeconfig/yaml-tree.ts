/**
 * YAML text to a syntax tree, by the `yaml` package, with what it costs bounded: a tree takes hundreds of
 * bytes for each token, so that megabytes of brackets would take gigabytes.
 */
import {
  Composer,
  type CST,
  type Document,
  isScalar,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type YAMLError,
} from 'yaml';
import type { Where } from '../base/index.ts';
import { failure } from './errors.ts';

/** Measured: 300,000 tokens take 0.1 GB and half a second. A full cluster, user and context take 90. */
const MAX_TOKENS = 300_000;

export type Node = ParsedNode | null;

export interface YamlTree {
  readonly root: Node;
  /** File, line and column of an offset. */
  place(offset: number): Where;
}

export function parseTree(text: string, file: string | undefined): YamlTree {
  const lines = new LineCounter();
  const place = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { ...(file === undefined ? {} : { file }), line, column: col };
  };
  // `failsafe` leaves every scalar a string, and never is a text refused for a key that comes twice.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  let root: Node = null;
  let isFirst = true;
  for (const document of composer.compose(tokens(text, lines, place)) as Iterable<Document.Parsed>) {
    const [error] = document.errors;
    if (error) throw syntaxError(error, place);
    if (isFirst) root = document.contents;
    else if (!isEmpty(document.contents)) throw secondDocument(document.contents, place);
    isFirst = false;
  }
  return { root, place };
}

function* tokens(text: string, lines: LineCounter, place: YamlTree['place']): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > MAX_TOKENS) {
      throw failure('kubeconfig/too-large', `more than ${MAX_TOKENS} tokens of YAML`, place(parser.offset));
    }
    yield* withoutErrors(parser.next(lexeme), place);
  }
  yield* withoutErrors(parser.end(), place);
}

/** The first error ends it: a million of them would take minutes to collect. */
function* withoutErrors(found: Iterable<CST.Token>, place: YamlTree['place']): Generator<CST.Token, void> {
  for (const token of found) {
    if (token.type === 'error') {
      throw failure('kubeconfig/yaml', `yaml: ${SYNTAX.UNEXPECTED_TOKEN}`, place(token.offset));
    }
    yield token;
  }
}

function isEmpty(node: Node): boolean {
  return node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

/** kubectl reads the first document and forgets the others; a rewrite would lose them. */
function secondDocument(node: Node, place: YamlTree['place']): Error {
  const message = 'a kubeconfig is one YAML document, and here a second one starts';
  return failure('kubeconfig/yaml', message, place(node?.range[0] ?? 0));
}

/** In words of our own: the package's messages quote the text, which holds keys. */
function syntaxError(error: YAMLError, place: YamlTree['place']): Error {
  const where = place(error.pos[0]);
  if (error.code === 'RESOURCE_EXHAUSTION')
    return failure('kubeconfig/too-large', 'nested too deeply', where);
  const known: Partial<Record<YAMLError['code'], string>> = SYNTAX;
  const words = known[error.code] ?? error.code.toLowerCase().replaceAll('_', ' ');
  return failure('kubeconfig/yaml', `yaml: ${words}`, where);
}

const SYNTAX = {
  BAD_ALIAS: 'an anchor or alias has no proper name',
  BAD_DIRECTIVE: 'a directive is not understood',
  BAD_DQ_ESCAPE: 'found unknown escape character',
  BAD_INDENT: 'a line is not indented as its neighbours are',
  BAD_SCALAR_START: 'found character that cannot start any token',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  BLOCK_IN_FLOW: 'a block collection stands inside brackets',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a bracket, quote, colon or space is missing',
  MULTILINE_IMPLICIT_KEY: 'a key spans several lines',
  TAB_AS_INDENT: 'found character that cannot start any token',
  UNEXPECTED_TOKEN: 'found text where none is expected',
} as const satisfies Partial<Record<YAMLError['code'], string>>;
