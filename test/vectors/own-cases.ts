/** Our own cases with the answers of Go, as test/real/record-own.ts keeps them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Case } from '../real/differential.ts';

/** Certificates stand once, base64 DER; a case names them by their place. */
interface OwnCase extends Omit<Case, 'leaf' | 'intermediates' | 'roots' | 'at'> {
  readonly leaf: number;
  readonly intermediates: readonly number[];
  readonly roots: readonly number[];
  /** RFC 3339 */
  readonly at: string;
  readonly go: Answer;
}

interface OwnFile {
  readonly about: string;
  /** What answered: `go1.26.8`. */
  readonly go: string;
  readonly cases: readonly OwnCase[];
  readonly certificates: readonly string[];
}

const ABOUT =
  'Chains of our own making, the smallest of many for each text of Go, with the answers of Go. Recorded by npm run hunt -- --record; all keys are test keys that nobody kept.';

/** The text of the file: a line for each case and each certificate. */
export function packed(go: string, found: readonly { readonly case: Case; readonly go: Answer }[]): string {
  const places = new Map<string, number>();
  const placeOf = (der: Uint8Array) => {
    const text = Buffer.from(der).toString('base64');
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const cases = found.map(({ case: { leaf, intermediates, roots, at, ...rest }, go: answered }) => ({
    ...rest,
    leaf: placeOf(leaf),
    intermediates: intermediates.map(placeOf),
    roots: roots.map(placeOf),
    at: new Date(at).toISOString(),
    go: answered,
  }));
  const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(',\n');
  const head = `"about":${JSON.stringify(ABOUT)},\n"go":${JSON.stringify(go)}`;
  return `{${head},\n"cases":[\n${lines(cases)}\n],\n"certificates":[\n${lines([...places.keys()])}\n]}\n`;
}

export function ownCases(): { readonly go: string; readonly cases: Case[]; readonly answers: Answer[] } {
  const text = readFileSync(join(import.meta.dirname, 'own.json'), 'utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file, written by `packed`
  const { go, cases, certificates } = JSON.parse(text) as OwnFile;
  const der = (place: number) => new Uint8Array(Buffer.from(certificates[place] ?? '', 'base64'));
  return {
    go,
    answers: cases.map((each) => each.go),
    cases: cases.map(({ id, usage, name, leaf, intermediates, roots, at }) => ({
      id,
      leaf: der(leaf),
      intermediates: intermediates.map(der),
      roots: roots.map(der),
      at: Date.parse(at),
      usage,
      name,
    })),
  };
}
