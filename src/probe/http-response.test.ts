import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpResponse, ResponseReader } from './http-response.ts';

/** Feeds the text in pieces that end at these places, then the end of the connection. */
function read(
  text: string,
  cuts: readonly number[] = [],
  lines?: readonly string[],
): HttpResponse | { malformed: string } | undefined {
  const reader = new ResponseReader(lines);
  const bytes = Buffer.from(text, 'latin1');
  const places = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  let from = 0;
  for (const place of places) {
    const done = place > from ? reader.push(bytes.subarray(from, place)) : undefined;
    if (done) return done;
    from = place;
  }
  return reader.end();
}

const responses: readonly (readonly [name: string, text: string, status: number, body: string])[] = [
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more', 200, 'hello'],
  ['that ends with the connection', 'HTTP/1.0 403 No\r\nX: y\r\n\r\nhello', 403, 'hello'],
  [
    'in chunks',
    'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n',
    201,
    'hello',
  ],
  [
    'in chunks that break off',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n5\r\nlo',
    200,
    'hello',
  ],
  ['without a reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', 200, ''],
  ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
];

describe('a response', () => {
  it.each(responses)('%s is read, in whatever pieces it comes', (_, text, status, body) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        const found = read(text, cuts);
        expect(found).toMatchObject({ status });
        // Cut inside what follows a Content-Length body, the surplus may or may not have arrived.
        expect('body' in (found ?? {}) && Reflect.get(found ?? {}, 'body')).toMatch(new RegExp(`^${body}`));
      }),
    );
  });

  it('that was not whole is none', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Le')).toBeUndefined();
    expect(read('')).toBeUndefined();
  });

  it.each([
    'SSH-2.0-x\r\n',
    'HTTP/2.0 200 OK\r\n\r\n',
    'HTTP/1.1 abc\r\n\r\n',
    '\0\0\0',
    'HTTP/1.1 2000 OK\r\n\r\n',
  ])('%j is malformed', (text) => {
    expect(read(text)).toHaveProperty('malformed', expect.stringContaining('malformed HTTP response'));
  });

  it('of any bytes never throws, and never keeps more than its bounds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (text, cuts) => {
          read(text, cuts);
          read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}`, cuts);
        },
      ),
    );
    const reader = new ResponseReader();
    reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
    let pieces = 0;
    while (reader.push(Buffer.alloc(10_000, 'x')) === undefined) pieces += 1;
    expect(pieces).toBeLessThan(30);
    expect(reader.end()?.body.length).toBe(256 * 1024);
  });
});

describe('the lines that are wanted of a body', () => {
  const lines = [
    'start 1.5e+09\n',
    '# start of nothing\n',
    `other{${'x'.repeat(40_000)}} 1\n`,
    'start{a="b"} 2\n',
  ];
  const body = `${lines.join('')}start 3`;
  const chunked = [...body.matchAll(/[^]{1,999}/g)]
    .map(([part]) => `${part.length.toString(16)}\r\n${part}\r\n`)
    .join('');
  const head = 'HTTP/1.1 200 OK\r\n';
  const wanted = 'start 1.5e+09\nstart{a="b"} 2\n';

  it.each([
    ['with a length', `${head}Content-Length: ${body.length}\r\n\r\n${body}`],
    ['in chunks', `${head}Transfer-Encoding: chunked\r\n\r\n${chunked}0\r\n\r\n`],
    ['until the connection ends', `${head}\r\n${body}`],
  ])('%s are kept, whole, in whatever pieces they come', (_, text) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        expect(read(text, cuts, ['start'])).toEqual({ status: 200, body: wanted });
      }),
    );
  });

  it('are looked for in what was asked for only: a refusal is read as it is', () => {
    const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nno\nx';
    expect(read(refusal, [], ['start'])).toEqual({ status: 403, body: 'no\nx' });
  });

  it('are found in megabytes, of which nothing else is held', () => {
    const reader = new ResponseReader(['start']);
    reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
    const noise = Buffer.from('histogram_bucket{le="1"} 17\n'.repeat(5_000));
    for (let i = 0; i < 100; i++) expect(reader.push(noise)).toBeUndefined();
    reader.push(Buffer.from('start 1\n'));
    expect(reader.end()).toEqual({ status: 200, body: 'start 1\n' });
  });

  it('end where somebody sends without end', () => {
    const reader = new ResponseReader(['x']);
    reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
    const line = Buffer.from(`${'x'.repeat(1_000)}\n`);
    let pieces = 0;
    while (reader.push(line) === undefined) pieces += 1;
    expect(pieces).toBeLessThan(300);
  });
});

it('headers that come a byte at a time cost no more than their size', () => {
  const reader = new ResponseReader();
  const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}Content-Length: 1\r\n\r\nx`);
  const started = process.cpuUsage();
  let response: HttpResponse | { malformed: string } | undefined;
  for (let at = 0; at < bytes.length; at++) response = reader.push(bytes.subarray(at, at + 1));
  expect(response).toEqual({ status: 200, body: 'x' });
  // A copy and a search of all that came before took seconds.
  expect(process.cpuUsage(started).user).toBeLessThan(1e6);
});
