import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { type DerWriter, written } from './der-writer.ts';

/** A tree of elements: what `encode` makes of it is what the writer must make of it. */
type Tree = Uint8Array | string | readonly Tree[];

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.uint8Array({ maxLength: 300 }),
    fc.string({
      unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
      maxLength: 300,
    }),
    fc.array(tie('tree'), { maxLength: 8 }),
  ),
}));

function encodeTree(node: Tree): Uint8Array {
  if (typeof node === 'string') return encode(Tag.ia5String, Buffer.from(node, 'latin1'));
  if (node instanceof Uint8Array) return encode(Tag.octetString, node);
  return encode(Tag.sequence, ...node.map(encodeTree));
}

function writeTree(writer: DerWriter, node: Tree): void {
  const end = writer.length;
  if (typeof node === 'string') {
    writer.ascii(node);
    writer.header(Tag.ia5String, end);
  } else if (node instanceof Uint8Array) {
    writer.octets(node);
    writer.header(Tag.octetString, end);
  } else {
    for (const child of node.toReversed()) writeTree(writer, child);
    writer.header(Tag.sequence, end);
  }
}

describe('the writer from behind', () => {
  it('writes what encode writes', () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(written((writer) => writeTree(writer, node))).toEqual(encodeTree(node));
      }),
      { numRuns: 500 },
    );
  });

  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000, 2 ** 24])(
    'has the shortest length for %i octets',
    (length) => {
      const bytes = new Uint8Array(length).fill(7);
      expect(
        Buffer.compare(
          written((writer) => writeTree(writer, bytes)),
          encodeTree(bytes),
        ),
      ).toBe(0);
    },
  );

  it('gives memory that nothing else writes to, also to a write inside a write', () => {
    const outer = written((writer) => {
      const inner = written((other) => writeTree(other, 'inner'));
      writer.octets(inner);
      writer.header(Tag.sequence, 0);
    });
    const kept = Uint8Array.from(outer);
    written((writer) => writeTree(writer, new Uint8Array(200).fill(0xff)));
    expect(outer).toEqual(kept);
    expect(outer).toEqual(encodeTree(['inner']));
  });

  it('starts afresh after a write that failed', () => {
    const failing = () =>
      written((writer) => {
        writer.octet(1);
        throw new RangeError('half way');
      });
    expect(failing).toThrow('half way');
    expect(written((writer) => writer.octet(2))).toEqual(Uint8Array.of(2));
  });
});
