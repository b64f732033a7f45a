import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpResponse, ResponseReader } from './http-response.ts';

/** Feeds the text in pieces that end at these places, then the end of the connection. */
function read(text: string, cuts: readonly number[] = []): HttpResponse | { malformed: string } | undefined {
  const reader = new ResponseReader();
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
