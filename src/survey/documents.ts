/** YAML and JSON dumps to plain values: every scalar is text, aliases stand for nothing, a bad end is told. */
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode } from 'yaml';
import { expectedFailure, KubetlsError } from '../base/index.ts';
import { composeYaml, type YamlProblem } from '../yaml/index.ts';
import type { SurveyCode } from './types.ts';

export type Plain = string | undefined | readonly Plain[] | PlainMap;
export type PlainMap = ReadonlyMap<string, Plain>;

/** All Secrets of 5,000 namespaces are a twentieth; a tree takes some 300 bytes for each token (measured). */
const TOKENS = 1_000_000;
/** As many objects as `kubectl get -o yaml` puts in one list by default are 500 (--chunk-size). */
const DOCUMENTS = 10_000;
/** A CustomResourceDefinition's schema is the deepest thing that people dump: some 40 levels. */
const DEEPEST = 100;

/** The documents of a text, each by itself: one that is broken hides none of the others. */
export function* documents(text: string): Generator<Plain | KubetlsError, void> {
  let line = 0;
  for (const part of text.split(/^(?=---(?:\s|$))/m, DOCUMENTS)) {
    yield document(part, line);
    line += part.split('\n').length - 1;
  }
}

function document(text: string, before: number): Plain | KubetlsError {
  const lines = new LineCounter();
  const refuse = ({ message, offset }: YamlProblem): never => {
    const [first = ''] = message.split('\n');
    throw new KubetlsError<SurveyCode>({
      code: 'survey/yaml',
      // The package says where once more, and quotes the text below.
      message: `is no YAML from here on: ${first.replace(/:? at line .*/, '')}`,
      where: { line: before + Math.max(1, lines.linePos(offset).line) },
    });
  };
  const bounds = { tokens: TOKENS, depth: DEEPEST, knownOnly: false, refuse };
  try {
    const [first] = composeYaml(text, lines, bounds, {});
    return plain(first?.contents ?? null);
  } catch (error) {
    return expectedFailure(error);
  }
}

function plain(node: ParsedNode | null): Plain {
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : undefined;
  if (isSeq(node)) return (node.items as (ParsedNode | null)[]).map(plain);
  if (!isMap(node)) return undefined;
  return new Map(
    node.items.flatMap(({ key, value }) =>
      isScalar(key) && typeof key.value === 'string' ? [[key.value, plain(value)] as const] : [],
    ),
  );
}

export function isPlainMap(value: Plain): value is PlainMap {
  return value instanceof Map;
}

/** The value under these keys, one below the other. */
export function under(value: Plain, ...keys: readonly string[]): Plain {
  return keys.reduce<Plain>((found, key) => (isPlainMap(found) ? found.get(key) : undefined), value);
}

export function textUnder(value: Plain, ...keys: readonly string[]): string | undefined {
  const found = under(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

export function listUnder(value: Plain, ...keys: readonly string[]): readonly Plain[] {
  const found = under(value, ...keys);
  return Array.isArray(found) ? (found as readonly Plain[]) : [];
}
