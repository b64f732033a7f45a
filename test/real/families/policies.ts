/** Certificate policies as in PKITS: every extension of them, self-issued CAs, several paths. */
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  nameOf,
  NOW,
  rootDraft,
} from '../../judges/mint.ts';
import { der, hex } from '../../judges/der-tree.ts';
import type { Extension } from '../../../src/x509/index.ts';
import type { Chance } from '../chance.ts';
import { caseOf, type Case } from '../differential.ts';

const ANY = hex('551d2000');
/** Three that meet often, one of 2.25 with a large arc. */
const POLICIES = [hex('2a0301'), hex('2a0302'), hex('2a0303'), hex('6983ffffffffffffffff7f')];

/** What may stand in a certificate about policies. */
export function policyExtensions(chance: Chance): Extension[] {
  const { pick, oneIn, repeat } = chance;
  const policy = () => (oneIn(4) ? ANY : pick(POLICIES));
  const oid = (content: Uint8Array) => der(0x06, content);
  const number = (tag: number) =>
    der(
      tag,
      pick([[0], [0], [1], [1], [2], [3], [0xff], [0, 0xff]].map((octets) => Uint8Array.from(octets))),
    );
  const extension = (arc: number, value: Uint8Array): Extension => ({
    oid: `2.5.29.${arc}`,
    critical: oneIn(2),
    value,
  });
  const found: Extension[] = [];
  if (!oneIn(5)) {
    const all = oneIn(15) ? [] : new Set(repeat(pick([1, 1, 2, 3]), policy));
    found.push(extension(32, der(0x30, ...Array.from(all, (each) => der(0x30, oid(each))))));
  }
  if (oneIn(3)) {
    const pairs = repeat(pick([0, 1, 1, 2, 3]), () => {
      const side = () => (oneIn(12) ? ANY : pick(POLICIES));
      return der(0x30, oid(side()), oid(side()));
    });
    found.push(extension(33, der(0x30, ...pairs)));
  }
  if (oneIn(3)) {
    const parts = [...(oneIn(2) ? [] : [number(0x80)]), ...(oneIn(2) ? [] : [number(0x81)])];
    found.push(extension(36, der(0x30, ...parts)));
  }
  if (oneIn(4)) found.push(extension(54, number(0x02)));
  return found;
}

/** A chain, with a second certificate for some of its authorities. */
export function policyCase(chance: Chance): Case {
  const { pick, oneIn } = chance;
  const root = rootDraft('policy root', keyOf('root'));
  if (oneIn(4)) root.more = policyExtensions(chance);
  const authorities: Draft[] = [root];
  const sent: Draft[] = [];
  const depth = pick([0, 1, 1, 2, 2, 3, 4]);
  for (let i = 0; i < depth; i++) {
    const parent = authorities.at(-1)!;
    const selfIssued = oneIn(4) && i > 0;
    const name = selfIssued ? 'same' : `policy ${i}`;
    const key = keyOf(selfIssued ? `same ${i}` : `policy ${i}`);
    const draft = { ...intermediateDraft(name, key, parent), more: policyExtensions(chance) };
    if (selfIssued) draft.subject = parent.subject;
    authorities.push(draft);
    sent.push(draft);
    if (oneIn(4)) sent.push({ ...draft, more: policyExtensions(chance) });
    if (oneIn(6)) draft.extendedKeyUsage = ['serverAuth'];
  }
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), authorities.at(-1)!, ['x']);
  leaf.more = policyExtensions(chance);
  return caseOf({
    id: `policies, ${depth} between`,
    leaf,
    sent,
    trusted: [root, ...(oneIn(5) ? [{ ...root, key: keyOf('other root') }] : [])],
    at: NOW,
    usage: pick(['server', 'any', 'client']),
    name: '',
  });
}
