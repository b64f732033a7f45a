/** Changes that know DER, also where it stands as base64 in a PEM text, YAML or JSON. */
import { damaged, repeated } from '../real/parser-mutations.ts';
import type { Below } from './random.ts';

/** Below this a tree of DER is not deep enough to hurt the writer of mutations. */
const LARGEST = 1 << 16;

export function mutateDer(input: Buffer, below: Below): Buffer {
  if (input.length === 0 || input.length > LARGEST) return input;
  return Buffer.from(damaged(input, () => below(2 ** 32) / 2 ** 32));
}

/** Base64 of 32 characters and more, over several lines too. */
const ENCODED = /[A-Za-z0-9+/]{32,}(?:\n[A-Za-z0-9+/]+)*={0,2}/g;

/** One of the base64 texts inside, its content changed as DER. */
export function mutateEncoded(input: Buffer, below: Below): Buffer {
  const text = input.toString('latin1');
  const found = [...text.matchAll(ENCODED)];
  const match = found[below(found.length)];
  if (!match) return input;
  const content = Buffer.from(match[0], 'base64');
  const inner = content.includes('-----BEGIN ') ? mutateEncoded(content, below) : mutateDer(content, below);
  const encoded = wrapped(inner.toString('base64'), match[0].indexOf('\n'));
  return Buffer.from(
    text.slice(0, match.index) + encoded + text.slice(match.index + match[0].length),
    'latin1',
  );
}

function wrapped(base64: string, columns: number): string {
  return columns < 0 ? base64 : (base64.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join('\n');
}

/**
 * A part of the input many times over, to at most so many octets, with a number that makes each copy another:
 * what costs more than its size shows here.
 */
export function inflated(input: Buffer, language: string, most: number, below: Below): Buffer {
  if (input.length === 0) return input;
  if (language === 'der' && input.length <= LARGEST) {
    const der = repeated(input, below, most);
    if (der) return Buffer.from(der);
  }
  const start = below(input.length);
  const end = Math.min(input.length, start + 1 + below(below(256) + 1));
  const piece = input.subarray(start, end);
  const numbered = below(2) === 0;
  const copies: Buffer[] = [];
  for (let size = input.length; size < most; size += copies.at(-1)!.length) {
    copies.push(numbered ? Buffer.concat([piece, Buffer.from(String(copies.length))]) : piece);
  }
  return Buffer.concat([input.subarray(0, end), ...copies, input.subarray(end)]);
}
