/**
 * PEM texts of every kind of disorder: the blocks of encoding/pem.Decode, and what those make of them that load
 * bundles and pairs. Each run has a seed of its own; KUBETLS_SEED repeats one.
 */
import { isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { toHex } from '../../src/base/index.ts';
import { loadPair } from '../../src/trust/index.ts';
import { readPemAsGo } from '../../src/x509/index.ts';
import { keyOf, leafDraft, mintDer, nameOf, rootDraft } from '../judges/mint.ts';
import { chanceOf } from './chance.ts';
import { goLoaded, loaded, LOADERS } from './loaded-bundle.ts';
import { goKeyPair, goParse, type ParseAnswer } from './oracle.ts';
import { pemText } from './pem-texts.ts';

const real = await realTools();
const oracle = 'missing' in real ? '' : real.oracle;
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const CASES = 4_000;

const root = rootDraft('r', keyOf('r'));
const leaf = leafDraft(nameOf('l'), keyOf('l'), root, ['a.test']);
const chance = chanceOf(seed);
const texts = chance.repeat(CASES, () =>
  pemText(
    [
      ['CERTIFICATE', mintDer(root)],
      ['CERTIFICATE', mintDer(leaf)],
      ['PRIVATE KEY', keyOf('l').pkcs8.reveal()],
      ['CERTIFICATE', Uint8Array.of(0x30, 0)],
      ['ODD', Uint8Array.of(1, 2)],
      ['CERTIFICATE', new Uint8Array()],
    ],
    chance,
  ),
);

/** Those on which the two do not agree, as JSON that a test can be made of. */
function differing<T>(inputs: readonly Buffer[], ours: (input: Buffer) => T, go: readonly T[]) {
  return inputs.flatMap((input, i) => {
    const own = ours(input);
    return isDeepStrictEqual(own, go[i])
      ? []
      : [{ text: JSON.stringify(input.toString('latin1')), ours: own, go: go[i] }];
  });
}

describe.skipIf('missing' in real)(`${CASES} PEM texts (needs Go; KUBETLS_SEED=${seed})`, () => {
  it('have the blocks that Go finds', async () => {
    const questions = texts.map((text) => ({ parse: 'pem' as const, der: text.toString('base64') }));
    const answers = (await goParse(oracle, questions)).map(goBlocks);
    expect(differing(texts, ourBlocks, answers)).toEqual([]);
    expect(new Set(answers.map(({ length }) => length)).size).toBeGreaterThan(2);
  });

  it.each(LOADERS)('are loaded or refused as bundles in the same words: %s', async (loader) => {
    const answers = await goLoaded(oracle, loader, texts);
    expect(differing(texts, (text) => loaded(loader, text), answers)).toEqual([]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(5);
  });

  it('are loaded or refused as a certificate and its key in the same words', async () => {
    // The oracle is asked in JSON, which has no other octets; two empty texts are another question there.
    const utf8 = texts.filter((text) => isUtf8(text) && text.length > 0);
    const answers = await goKeyPair(
      oracle,
      utf8.map((text) => ({ cert: text.toString('utf8'), key: text.toString('utf8') })),
    );
    const ours = (text: Buffer) => {
      const pair = loadPair(text, text);
      return pair.kind === 'broken' ? pair.error : '';
    };
    const errors = answers.map(({ error }) => error);
    expect(differing(utf8, ours, errors)).toEqual([]);
    expect(new Set(errors).size).toBeGreaterThan(8);
    expect(utf8.length).toBeGreaterThan(CASES / 2);
  });
});

interface Block {
  readonly label: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: string;
}

function ourBlocks(text: Buffer): Block[] {
  return readPemAsGo(text).map(({ label, headers, bytes }) => ({
    label: shown(Buffer.from(label, 'latin1').toString('utf8')),
    headers: sorted(
      Object.entries(headers).map((pair) => pair.map((one) => Buffer.from(one, 'latin1').toString('utf8'))),
    ),
    bytes: toHex(bytes),
  }));
}

function goBlocks({ blocks = [] }: ParseAnswer): Block[] {
  return blocks.map(({ label, headers, bytes }) => ({
    label: shown(label),
    headers: sorted(Object.entries(headers)),
    bytes,
  }));
}

const sorted = (headers: readonly (readonly string[])[]): [string, string][] =>
  headers
    .map(([key = '', value = '']): [string, string] => [shown(key), shown(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** How many octets of what is no UTF-8 become one U+FFFD is not the same in Go's JSON and in Node. */
const shown = (text: string) => text.replaceAll(/\ufffd+/g, '\ufffd');
