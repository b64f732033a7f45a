import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWords } from './quote.ts';

describe('one word for a shell', () => {
  it('is one word, whatever it holds', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'\'"\\$`!;&|<>(){}[]*?~#=%-+^ \t\n\r\u0001\u001baZé€😀'),
    });
    const words = fc.array(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(words, (texts) => {
        const clean = texts.map((text) => Buffer.from(text.replaceAll('\0', '')).toString());
        const script = `for word in ${shellWords(clean)}; do printf '%s\\0' "$word"; done`;
        const said = execFileSync('sh', ['-c', 'eval "$(cat)"'], { input: script, encoding: 'utf8' });
        expect(said.split('\0').slice(0, -1)).toEqual(clean);
      }),
      { numRuns: 150 },
    );
  });
});
