/** YAML text to a syntax tree of one document, and what refuses it in words of our own. */
import { isScalar, LineCounter, type ParsedNode } from 'yaml';
import type { Where } from '../base/index.ts';
import { composeYaml, type YamlProblem } from '../yaml/index.ts';
import { failure } from './errors.ts';

/** Measured: 300,000 tokens take 0.1 GB and half a second. A full cluster, user and context take 90. */
export const MAX_TOKENS = 300_000;
/** A kubeconfig has 7 levels; extensions hold small objects. */
export const MAX_DEPTH = 100;

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
  const bounds = {
    tokens: MAX_TOKENS,
    depth: MAX_DEPTH,
    knownOnly: false,
    refuse: (problem: YamlProblem): never => {
      throw refusal(problem, place);
    },
  };
  let root: Node = null;
  let isFirst = true;
  for (const { contents } of composeYaml(text, lines, bounds, { logLevel: 'silent' })) {
    if (isFirst) root = contents;
    else if (!isEmpty(contents)) throw secondDocument(contents, place);
    isFirst = false;
  }
  return { root, place };
}

function isEmpty(node: Node): boolean {
  return node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

/** kubectl reads the first document and forgets the others; a rewrite would lose them. */
function secondDocument(node: Node, place: YamlTree['place']): Error {
  const message = 'a kubeconfig is one YAML document, and here a second one starts';
  return failure('kubeconfig/yaml', message, place(node?.range[0] ?? 0));
}

/** The package's own messages quote the text, which holds keys. */
function refusal({ code, offset }: YamlProblem, place: YamlTree['place']): Error {
  const where = place(offset);
  const tooLarge = TOO_LARGE[code];
  if (tooLarge) return failure('kubeconfig/too-large', tooLarge.message, where, tooLarge.hint);
  const words = SYNTAX[code] ?? code.toLowerCase().replaceAll('_', ' ');
  return failure('kubeconfig/yaml', `yaml: ${words}`, where);
}

const TOO_LARGE: Partial<Record<YamlProblem['code'], { message: string; hint: string }>> = {
  TOO_MANY_TOKENS: {
    message: `more than ${MAX_TOKENS} tokens of YAML`,
    hint: 'blank lines and comments count too; KUBECONFIG can name several files',
  },
  TOO_DEEP: { message: `more than ${MAX_DEPTH} levels deep`, hint: 'a kubeconfig itself has 7' },
};

const SYNTAX: Partial<Record<YamlProblem['code'], string>> = {
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
};
