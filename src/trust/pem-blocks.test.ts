import { describe, expect, it } from 'vitest';
import { utf8 } from '../base/index.ts';
import { blocksOf } from './pem-blocks.ts';

const one = '-----BEGIN A-----\nAAAA\n-----END A-----\n';
const labels = (text: string) => blocksOf(utf8(text)).map(({ label, line }) => `${label} ${line}`);

describe('the blocks that Go sees', () => {
  it('are all, and not the one behind a byte order mark', () => {
    expect(labels(one + one)).toEqual(['A 1', 'A 4']);
    expect(labels(`\ufeff${one}${one}`)).toEqual(['A 4']);
    expect(labels(`\ufeff\n${one}`)).toEqual(['A 2']);
  });

  it('behind a mark also begin where an END has just been passed over', () => {
    const odd = '-----END -----BEGIN B-----\nAAAA\n-----END B-----\n';
    expect(labels(one + odd)).toEqual(['A 1']);
    expect(labels(`\ufeff${one}${odd}`)).toEqual(['B 4']);
  });
});
