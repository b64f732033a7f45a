import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReview } from './review-body.ts';

/** As client-go marshals it: field numbers and lengths, after the magic number. */
function delimited(field: number, content: string): string {
  return String.fromCharCode((field << 3) | 2, content.length) + content;
}

const attributes = delimited(1, 'default') + delimited(2, 'list') + delimited(4, 'v1') + delimited(5, 'pods');
const object = delimited(1, '') + delimited(2, delimited(1, attributes)) + delimited(3, '\x08\0');
const protobuf = Buffer.from(`k8s\0${delimited(1, '') + delimited(2, object)}`, 'latin1');

describe('the body of a review', () => {
  it('is read from JSON', () => {
    const spec = { resourceAttributes: { verb: 'get', resource: 'pods', name: 7 } };
    expect(readReview(Buffer.from(JSON.stringify({ spec })))).toEqual({
      namespace: undefined,
      resource: { verb: 'get', resource: 'pods' },
      nonResource: undefined,
    });
  });

  it('is read from protobuf', () => {
    expect(readReview(protobuf).resource).toMatchObject({
      namespace: 'default',
      verb: 'list',
      group: '',
      version: 'v1',
      resource: 'pods',
      name: '',
    });
  });

  it('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(protobuf.length), (noise, at) => {
        readReview(noise);
        readReview(Buffer.concat([Buffer.from('k8s\0'), noise]));
        readReview(Buffer.concat([protobuf.subarray(0, at), noise]));
      }),
      { numRuns: 2_000 },
    );
    expect(readReview(Buffer.from('[null]'))).toEqual({
      namespace: undefined,
      resource: undefined,
      nonResource: undefined,
    });
  });
});
