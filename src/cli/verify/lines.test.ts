import { describe, expect, it } from 'vitest';
import { linesOf, type MaybeLine } from './lines.ts';

async function read(parts: readonly string[], most = 100): Promise<MaybeLine[]> {
  const stream = (async function* () {
    for (const part of parts) yield await Promise.resolve(Buffer.from(part, 'latin1'));
  })();
  const all: MaybeLine[] = [];
  for await (const lines of linesOf(stream, most)) all.push(...lines);
  return all;
}

describe('lines', () => {
  it('are the same, however the bytes come', async () => {
    const text = 'one\n\ntwo three\r\nfour';
    const expected = ['one', '', 'two three\r', 'four'];
    expect(await read([text])).toEqual(expected);
    expect(await read([...text])).toEqual(expected);
    expect(await read(['one\n\ntwo', ' three\r', '\nfour'])).toEqual(expected);
  });

  it('are none where nothing comes, and none after the end of the last', async () => {
    expect(await read([])).toEqual([]);
    expect(await read(['one\n'])).toEqual(['one']);
    expect(await read(['\n'])).toEqual(['']);
  });

  it('letters that are cut between two parts stay whole', async () => {
    expect(await read(['\xc3', '\xa9\n'])).toEqual(['é']);
  });

  it('one that is too long is passed over, and the next one is there', async () => {
    const long = Array.from({ length: 50 }, () => 'xxxxx');
    expect(await read([...long, 'x\nshort\n'])).toEqual([undefined, 'short']);
    expect(await read(['x'.repeat(100), '\n', 'x'.repeat(101)])).toEqual(['x'.repeat(100), undefined]);
  });
});
