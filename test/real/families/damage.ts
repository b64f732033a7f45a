/** Octets changed anywhere in a chain: behind a signature, which then fails, or before it, which then holds. */
import { type DerNode, readTree, writeTree } from '../../judges/der-tree.ts';
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  nameOf,
  NOW,
  rootDraft,
} from '../../judges/mint.ts';
import type { Chance } from '../chance.ts';
import { type Case, caseOf } from '../differential.ts';
import { damaged } from '../parser-mutations.ts';
import { policyExtensions } from './policies.ts';
import { nameMakers } from './constraints.ts';
import { der, hex } from '../../judges/der-tree.ts';

/** One or two octets flipped, put in, taken out or repeated; the end cut off; something behind it. */
export function damagedOctets(octets: Uint8Array, chance: Chance): Uint8Array {
  const { pick, below, oneIn } = chance;
  if (octets.length === 0) return Uint8Array.of(below(256));
  const at = below(octets.length);
  const [before, after] = [octets.subarray(0, at), octets.subarray(at)];
  const value = pick([0, 1, 0x30, 0x7f, 0x80, 0xff, below(256)]);
  const changed = pick([
    () => octets.with(at, octets[at]! ^ (1 << below(8))),
    () => octets.with(at, octets[at]! ^ (1 << below(8))),
    () => octets.with(at, value),
    () => Uint8Array.of(...before, value, ...after),
    () => Uint8Array.of(...before, ...after.subarray(1)),
    () => (oneIn(4) ? before : octets.with(at, octets[at]! + 1)),
    () => (oneIn(4) ? Uint8Array.of(...octets, value) : octets.with(at, octets[at]! - 1)),
  ])();
  return oneIn(4) && changed.length > 0 ? damagedOctets(changed, chance) : changed;
}

/** A swap, loss or repetition of whole elements, or one of the changes of parser-mutations.ts. */
function reshaped(tbs: Uint8Array, chance: Chance): Uint8Array {
  return damaged(tbs, () => chance.below(2 ** 30) / 2 ** 30);
}

/** Extensions that are well formed, of every kind that Go reads. */
function allExtensions(chance: Chance): Draft['more'] {
  const { pick, oneIn, repeat } = chance;
  const { san, constraints, uri } = nameMakers(chance);
  const point = () =>
    der(
      0x30,
      ...(oneIn(3)
        ? []
        : [
            der(
              0xa0,
              oneIn(3)
                ? der(0xa1, der(0x30))
                : der(0xa0, der(0x86, new Uint8Array(Buffer.from(uri(), 'latin1')))),
            ),
          ]),
    );
  const access = () =>
    der(
      0x30,
      der(0x06, hex(pick(['2b06010505073001', '2b06010505073002', '2a03']))),
      pick([der(0x86, hex('78')), der(0xa4, der(0x30))]),
    );
  const all = [
    { oid: '2.5.29.31', critical: oneIn(4), value: der(0x30, ...repeat(pick([0, 1, 2]), point)) },
    { oid: '1.3.6.1.5.5.7.1.1', critical: oneIn(9), value: der(0x30, ...repeat(pick([0, 1, 2]), access)) },
    { oid: '2.5.29.17', critical: oneIn(4), value: der(0x30, ...repeat(pick([0, 1, 2]), san)) },
    { oid: '2.5.29.30', critical: oneIn(4), value: constraints() },
    { oid: '2.5.29.9', critical: oneIn(4), value: der(0x30) },
    { oid: '2.5.29.18', critical: oneIn(4), value: der(0x30) },
    ...policyExtensions(chance),
  ];
  return all.filter(() => oneIn(3));
}

const KINDS = ['ecdsa-p256', 'ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-2048'] as const;

export function damageCase(chance: Chance): Case {
  const { pick, oneIn } = chance;
  const root = rootDraft('root', keyOf('root', pick(KINDS)));
  const middle = intermediateDraft('middle', keyOf('middle', pick(KINDS)), root);
  const short = oneIn(2);
  const leaf = leafDraft(nameOf('x', 'o'), keyOf('leaf', pick(KINDS)), short ? root : middle, [
    'x',
    '10.0.0.1',
  ]);
  const all = short ? [leaf, leaf, root] : [leaf, middle, root];
  for (const draft of all) if (oneIn(3)) draft.more = allExtensions(chance);
  if (leaf.more.some(({ oid }) => oid === '2.5.29.17')) leaf.names = undefined;
  for (let left = pick([1, 1, 2]); left > 0; left--) {
    const draft = pick(all);
    const how = pick([
      'octets',
      'signed octets',
      'signed elements',
      'signed elements',
      'elements',
      'extension',
      'extension',
    ]);
    if (how === 'octets') draft.damage = (octets) => damagedOctets(octets, chance);
    else if (how === 'elements') draft.damage = (octets) => reshaped(octets, chance);
    else if (how === 'signed octets') draft.reshape = (octets) => damagedOctets(octets, chance);
    else if (how === 'signed elements') draft.reshape = (octets) => reshaped(octets, chance);
    else draft.reshape = (octets) => withDamagedExtension(octets, chance);
  }
  return caseOf({
    id: 'damage',
    leaf,
    sent: short ? [] : [middle],
    trusted: [root],
    at: NOW,
    usage: pick(['server', 'any', 'client']),
    name: pick(['', 'x', '10.0.0.1', 'y']),
  });
}

/** Changes the value of one extension only, so that the rest is whole. */
function withDamagedExtension(tbs: Uint8Array, chance: Chance): Uint8Array {
  const [tree] = readTree(tbs) ?? [];
  const list = tree?.children?.at(-1)?.children?.[0]?.children;
  const value = list && chance.pick(list)?.children?.at(-1);
  if (!tree || !value || value.tag !== 0x04) return tbs;
  const content = value.children
    ? new Uint8Array(Buffer.concat(value.children.map((child: DerNode) => writeTree(child))))
    : value.content;
  if (content.length > 0)
    Object.assign(value, { content: damagedOctets(content, chance), children: undefined });
  return writeTree(tree);
}
