/** Dates in every form that a certificate may write, at their borders. */
import { DAY, HOUR } from '../../../src/base/index.ts';
import { type DerNode, readTree, writeTree } from '../../judges/der-tree.ts';
import { intermediateDraft, keyOf, leafDraft, nameOf, NOW, rootDraft } from '../../judges/mint.ts';
import type { Chance } from '../chance.ts';
import { type Case, caseOf } from '../differential.ts';

/** The validity: the first child that holds two times. */
function validityOf(tbs: DerNode): DerNode | undefined {
  const isTime = ({ tag }: DerNode) => tag === 0x17 || tag === 0x18;
  return tbs.children?.find(
    ({ tag, children }) => tag === 0x30 && children?.length === 2 && children.every(isTime),
  );
}

/** A time as text, and the tag that fits it. */
function timeText({ pick, oneIn, below }: Chance): readonly [number, string] {
  const two = (number: number) => String(number).padStart(2, '0');
  const zone = pick([
    'Z',
    'Z',
    'Z',
    '+0000',
    '-0000',
    '+0100',
    '-0100',
    '+0130',
    '+2400',
    '-2400',
    '+2500',
    '+0060',
    '+0059',
    '+1400',
    '-1200',
    'z',
    '',
    '+01',
    '+01:00',
    'GMT',
  ]);
  const long = oneIn(2);
  const year = pick([
    1949, 1950, 1968, 1969, 1970, 1999, 2000, 2025, 2026, 2026, 2026, 2049, 2050, 2100, 9999, 0, 1,
  ]);
  const date = `${two(pick([1, 1, 2, 11, 11, 12, 0, 13]))}${two(pick([1, 22, 23, 23, 24, 28, 29, 30, 31, 0, 32]))}`;
  const clock = pick([
    `${two(below(25))}${two(pick([0, 30, 59, 60]))}${two(pick([0, 0, 59, 60]))}`,
    '120000',
    '115959',
    '120001',
  ]);
  const seconds = oneIn(10)
    ? clock.slice(0, 4)
    : clock + (oneIn(15) ? pick(['.0', '.5', ',5', '.123456']) : '');
  const text = `${long ? String(year).padStart(4, '0') : two(year % 100)}${date}${seconds}${zone}`;
  return [oneIn(15) ? pick([0x17, 0x18, 0x16]) : long ? 0x18 : 0x17, text];
}

export function timeCase(chance: Chance): Case {
  const { pick, oneIn } = chance;
  const root = rootDraft('timed root', keyOf('root'));
  const middle = intermediateDraft('timed', keyOf('timed'), root);
  const short = oneIn(2);
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), short ? root : middle, ['x']);
  const plain = [
    [0x17, '260101000000Z'],
    [0x18, '20600101000000Z'],
  ] as const;
  for (const draft of [leaf, root, middle]) {
    if (!oneIn(draft === leaf ? 2 : 4)) continue;
    const times = plain.map((time) => (oneIn(2) ? timeText(chance) : time));
    draft.reshape = (tbs) => {
      const [tree] = readTree(tbs) ?? [];
      const validity = tree && validityOf(tree);
      if (!tree || !validity) return tbs;
      validity.children = times.map(([tag, text]) => ({
        tag,
        content: new Uint8Array(Buffer.from(text, 'latin1')),
        children: undefined,
      }));
      return writeTree(tree);
    };
  }
  if (oneIn(3)) leaf.notAfter = NOW - pick([0, 1, 999, 1000, HOUR, 77 * 365 * DAY]);
  if (oneIn(3)) leaf.notBefore = NOW + pick([0, 1, 999, 1000, DAY]);
  const borders = [
    Date.UTC(1949, 11, 31, 23, 59, 59),
    Date.UTC(1950),
    Date.UTC(2049, 11, 31, 23, 59, 59),
    Date.UTC(2050),
    Date.UTC(9999, 11, 31, 23, 59, 59),
    -62_135_596_800_000 + 1,
  ];
  return caseOf({
    id: 'times',
    leaf,
    sent: [middle],
    trusted: [root],
    at: pick([NOW, NOW, NOW, NOW - 1, NOW + 1, NOW + 500, NOW + 1000, NOW - HOUR, pick(borders)]),
    usage: 'any',
    name: '',
  });
}
