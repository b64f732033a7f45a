import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript } from './transcript.ts';

/** RFC 8446, 3: a vector with its length in front. */
function vector(lengthBytes: number, ...parts: readonly (readonly number[])[]): number[] {
  const body = parts.flat();
  const length = Array.from(
    { length: lengthBytes },
    (_, i) => (body.length >> (8 * (lengthBytes - 1 - i))) & 255,
  );
  return [...length, ...body];
}

function message(type: number, body: readonly number[]): number[] {
  return [type, ...vector(3, body)];
}

function record(type: number, fragment: readonly number[]): number[] {
  return [type, 3, 3, ...vector(2, fragment)];
}

const hello = message(2, [3, 3, ...Array.from({ length: 32 }, () => 7), 0, 0xc0, 0x2b, 0]);
const leaf = [0x30, 1, 2];
const next = [0x30, 2, 1, 1];
const certificates = message(11, vector(3, vector(3, leaf), vector(3, next)));
const request = message(13, [
  ...vector(1, [64]),
  ...vector(2, [4, 3]),
  ...vector(2, vector(2, [0x30, 0]), vector(2, [0x30, 1, 0])),
]);
const done = message(14, []);

/** A server's first flight of TLS 1.2, whose messages we write by hand. */
const flight = [...hello, ...certificates, ...request, ...done];

describe('the server’s handshake', () => {
  it('is read from TLS 1.2 in clear, however its messages are cut into records', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: flight.length })), (cuts) => {
        const places = [...new Set([...cuts, flight.length])].toSorted((a, b) => a - b);
        const wire = places.flatMap((place, i) => record(22, flight.slice(places[i - 1] ?? 0, place)));
        expect(readTranscript(Uint8Array.from(wire), undefined)).toEqual({
          protocol: 'TLSv1.2',
          certificates: [Uint8Array.from(leaf), Uint8Array.from(next)],
          authorities: [Uint8Array.from([0x30, 0]), Uint8Array.from([0x30, 1, 0])],
        });
      }),
    );
  });

  it('that breaks off shows what came before', () => {
    const wire = record(22, flight);
    const seen = Array.from({ length: wire.length }, (_, end) =>
      readTranscript(Uint8Array.from(wire.slice(0, end)), undefined),
    );
    // Until its record is whole nothing is certain.
    expect(new Set(seen.map(({ protocol }) => protocol))).toEqual(new Set([undefined]));
    const split = [...record(22, hello), ...record(22, certificates)];
    expect(readTranscript(Uint8Array.from(split), undefined)).toMatchObject({
      protocol: 'TLSv1.2',
      certificates: [{}, {}],
      authorities: undefined,
    });
  });

  it('of any bytes never throws', () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(bytes, bytes, (noise, secret) => {
        readTranscript(noise, secret);
        readTranscript(Uint8Array.from([...record(22, [...noise]), ...record(23, [...noise])]), secret);
        readTranscript(
          Uint8Array.from(record(22, [...hello, ...message(11, [...noise]), ...message(13, [...noise])])),
          secret,
        );
      }),
    );
    const mutated = fc.tuple(fc.nat(flight.length - 1), fc.nat(255));
    fc.assert(
      fc.property(mutated, ([at, byte]) => {
        readTranscript(
          Uint8Array.from(
            record(
              22,
              flight.map((old, i) => (i === at ? byte : old)),
            ),
          ),
          undefined,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('without its secret shows nothing of TLS 1.3, and a wrong secret is no crash', () => {
    const extension = [0, 43, ...vector(2, [3, 4])];
    const hello13 = message(2, [
      3,
      3,
      ...Array.from({ length: 32 }, () => 7),
      0,
      0x13,
      1,
      0,
      ...vector(2, extension),
    ]);
    const wire = Uint8Array.from([
      ...record(22, hello13),
      ...record(20, [1]),
      ...record(
        23,
        Array.from({ length: 80 }, () => 1),
      ),
    ]);
    const nothing = { protocol: 'TLSv1.3', certificates: undefined, authorities: undefined };
    expect(readTranscript(wire, undefined)).toEqual(nothing);
    expect(readTranscript(wire, new Uint8Array(32))).toEqual(nothing);
  });
});
