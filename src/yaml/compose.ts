/**
 * YAML text to documents, by the `yaml` package, with what it costs bounded before it is spent: a tree takes
 * hundreds of bytes for each token, an error as long as twenty tokens, and near the end of the stack V8
 * cannot compile the regular expressions of the package's recursive composer, and aborts the process.
 */
import {
  Composer,
  type CST,
  type Document,
  type DocumentOptions,
  type ErrorCode,
  Lexer,
  type LineCounter,
  Parser,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';

export interface YamlProblem {
  readonly code: ErrorCode | 'TOO_MANY_TOKENS' | 'TOO_DEEP';
  /** Of the package: it may quote the text. */
  readonly message: string;
  readonly offset: number;
}

export interface YamlBounds {
  /** Spaces, line ends and comments count. */
  readonly tokens: number;
  /** Collections in each other. */
  readonly depth: number;
  /** Told of the first problem, and throws. */
  readonly refuse: (problem: YamlProblem) => never;
  /** Whether a tag or a directive that nobody knows is a problem. */
  readonly knownOnly: boolean;
}

type Options = ParseOptions & DocumentOptions & SchemaOptions;

/** The documents of a text, each when it is whole. `lines` learns where the lines begin. */
export function* composeYaml(
  text: string,
  lines: LineCounter,
  bounds: YamlBounds,
  options: Options,
): Generator<Document.Parsed, void> {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, ...options });
  let first: YamlProblem | undefined;
  // Private in the types alone. By itself the composer collects the errors of a whole document.
  composer['onError'] = (source: Source, code: ErrorCode, message: string, isWarning?: boolean): void => {
    if (isWarning === true && !bounds.knownOnly) return;
    // What is thrown inside of a collection comes back as an error of that collection.
    first ??= { code, message, offset: offsetOf(source) };
    bounds.refuse(first);
  };
  const found = composer.compose(tokens(text, lines, bounds), true, text.length);
  yield* found as Iterable<Document.Parsed>;
}

type Source = number | readonly number[] | { readonly offset: number };

function offsetOf(source: Source): number {
  if (typeof source === 'number') return source;
  return 'offset' in source ? source.offset : (source[0] ?? 0);
}

/** On the parser's stack, besides collections: the document and a scalar. */
const NO_COLLECTIONS = 2;

function* tokens(text: string, lines: LineCounter, bounds: YamlBounds): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tooMuch = (code: YamlProblem['code'], message: string): never =>
    bounds.refuse({ code, message, offset: parser.offset });
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > bounds.tokens) tooMuch('TOO_MANY_TOKENS', `more than ${bounds.tokens} tokens of YAML`);
    yield* withoutErrors(parser.next(lexeme), bounds);
    if (parser.stack.length > bounds.depth + NO_COLLECTIONS) {
      tooMuch('TOO_DEEP', `values are nested more than ${bounds.depth} deep`);
    }
  }
  yield* withoutErrors(parser.end(), bounds);
}

/** Errors of the parser, which the composer would collect. */
function* withoutErrors(found: Iterable<CST.Token>, { refuse }: YamlBounds): Generator<CST.Token, void> {
  for (const token of found) {
    if (token.type === 'error') {
      refuse({ code: 'UNEXPECTED_TOKEN', message: token.message, offset: token.offset });
    }
    yield token;
  }
}
