// Damaged certificates, requests and CRLs: well-formed DER with one or two parts wrong, so that a parser gets
// deep before it refuses.

import { type DerNode, readTree, writeTree } from '../judges/der-tree.ts';

/** Contents that are nearly right somewhere: dates, hosts, URIs, mailboxes. */
const TEXTS = [
  '|a..b|a.|.a|a b|*|\u00e9|\x7f|a@b|"q"@b|a@b..c|10.0.0.1',
  '260101000000Z|2601010000Z|260101000000+0100|260101000000+0000|260230000000Z|260101000060Z',
  '20260101000000Z|20260101000000.5Z|99991231235959Z|00000101000000Z',
  'http://[::1]:80/|http://a:b/|http://%41/|spiffe://a/b|a:b|1:b|http://x..y/|http://u@h@x:1/',
  'pg://a:1,b:2/|http://[1.2.3.4]/|x#%zz|//a b|http://[::1%25zz]/',
].flatMap((line) => line.split('|'));
const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1e, 0x1f, 0x30, 0x31,
  0x80, 0x81, 0x82, 0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3,
];

/** `count` damaged ones of these, the same at every run with this seed. */
export function damagedOnes(ders: readonly Uint8Array[], count: number, seed: number): Uint8Array[] {
  const random = xorshift(seed);
  return Array.from({ length: count }, (_, i) => damaged(ders[i % ders.length]!, random));
}

/** Numbers from 0 to below 1 (Marsaglia, Xorshift RNGs, 2003). */
function xorshift(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** One or two parts wrong. `random` gives numbers from 0 to below 1. */
export function damaged(der: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  if (random() < 0.2) {
    const copy = Uint8Array.from(der);
    copy[below(copy.length)] = below(256);
    return random() < 0.2 ? copy.subarray(0, below(copy.length)) : copy;
  }
  const tree = treeOf(der);
  if (!tree) return der;
  for (let i = 0; i <= below(2); i++) damage(tree.root, below);
  return tree.write();
}

/**
 * One element many times over, to some `most` octets, each copy with another number at the end of its first
 * primitive value; undefined when it is no DER. `below` gives whole numbers from 0 to below a limit.
 */
export function repeated(
  der: Uint8Array,
  below: (limit: number) => number,
  most: number,
): Uint8Array | undefined {
  const tree = treeOf(der);
  const places = tree ? [...placesIn(tree.root)] : [];
  if (!tree || places.length === 0) return undefined;
  const { siblings, index } = places[below(places.length)]!;
  const node = siblings[index]!;
  const count = Math.ceil(most / (writeTree(node).length + 2));
  const copies: DerNode[] = [];
  for (let number = 0; number < count; number++) copies.push(numbered(node, number));
  siblings.splice(index, 1, ...copies);
  return tree.write();
}

/** One element, or a list of them below a root that is not written. */
function treeOf(der: Uint8Array): { root: DerNode; write: () => Uint8Array } | undefined {
  const nodes = readTree(der) ?? [];
  const [first] = nodes;
  if (nodes.length === 0 || !first) return undefined;
  if (nodes.length === 1) return { root: first, write: () => writeTree(first) };
  const root: DerNode = { tag: 0, content: der, children: nodes };
  return { root, write: () => Buffer.concat(nodes.map(writeTree)) };
}

/** Three octets that are no continuation of an object identifier: below 2^21 copies all differ. */
function numbered(node: DerNode, number: number): DerNode {
  const copy = structuredClone(node);
  let value = copy;
  while (value.children?.[0]) value = value.children[0];
  if (!value.children) {
    const digits = [(number >> 14) & 0x7f, (number >> 7) & 0x7f, number & 0x7f];
    value.content = Uint8Array.of(...value.content, ...digits);
  }
  return copy;
}

function damage(root: DerNode, below: (limit: number) => number): void {
  const places = [...placesIn(root)];
  if (places.length === 0) return;
  const { siblings, index } = places[below(places.length)]!;
  const node = siblings[index]!;
  const other = places[below(places.length)]!;
  const octet = below(256);
  const at = below(node.content.length + 1);
  const changes = [
    () => siblings.splice(index, 1),
    () => siblings.splice(index, 0, structuredClone(node)),
    () => siblings.splice(index, 1, structuredClone(other.siblings[other.index]!)),
    () => (node.tag = TAGS[below(TAGS.length)]!),
    () => setContent(node, Buffer.from(TEXTS[below(TEXTS.length)]!, 'latin1')),
    () => setContent(node, node.content.subarray(0, at)),
    () =>
      setContent(node, Uint8Array.of(...node.content.subarray(0, at), octet, ...node.content.subarray(at))),
    () =>
      setContent(
        node,
        node.content.map((value, i) => (i === at ? octet : value)),
      ),
  ];
  changes[below(changes.length)]!();
}

function setContent(node: DerNode, content: Uint8Array): void {
  if (!node.children) node.content = content;
}

function* placesIn(node: DerNode): Generator<{ siblings: DerNode[]; index: number }> {
  const siblings = node.children ?? [];
  for (let index = 0; index < siblings.length; index++) {
    yield { siblings, index };
    yield* placesIn(siblings[index]!);
  }
}
