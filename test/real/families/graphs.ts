/** Authorities that sign each other at random: loops, bridges, diamonds, crowds that use up the budget. */
import { DAY, MINUTE } from '../../../src/base/index.ts';
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

const UNKNOWN = { oid: '1.3.6.1.4.1.99999.1', critical: true, value: Uint8Array.of(5, 0) };

/** What may be wrong with one certificate of a graph. */
function blemish(draft: Draft, { pick, below }: Chance): void {
  const changes: (() => void)[] = [
    () => (draft.notAfter = NOW - pick([0, 1, DAY])),
    () => (draft.notBefore = NOW + pick([0, MINUTE])),
    () =>
      (draft.basicConstraints = pick([
        undefined,
        { ca: false, pathLength: undefined },
        { ca: false, pathLength: 0 },
      ])),
    () => (draft.basicConstraints = { ca: true, pathLength: pick([0, 1, 2]) }),
    () => (draft.keyUsage = pick([undefined, [], ['digitalSignature'], ['cRLSign'], ['keyCertSign']])),
    () =>
      (draft.extendedKeyUsage = pick([
        ['serverAuth'],
        ['clientAuth'],
        ['any'],
        ['1.2.3.4'],
        [],
        ['any', 'codeSigning'],
      ])),
    () => (draft.subjectKeyId = pick([undefined, Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(2)])),
    () => (draft.authorityKeyId = pick([undefined, Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(2)])),
    () => (draft.tampered = true),
    () => (draft.more = [UNKNOWN]),
    () => (draft.names = pick([undefined, [{ kind: 'dns', value: 'x' }], [{ kind: 'dns', value: 'y' }]])),
    () => (draft.signedBy = keyOf(`graph ${below(4)}`)),
    () =>
      (draft.nameConstraints = {
        critical: true,
        permitted: pick([[], [{ kind: 'dns', value: pick(['x', 'y']) }]]),
        excluded: [{ kind: 'dns', value: pick(['x', 'z']) }],
      }),
  ];
  pick(changes)();
}

export function graphCase(chance: Chance): Case {
  const { pick, oneIn, below, repeat } = chance;
  const names = repeat(pick([2, 3, 4]), (i) => nameOf(`graph ${i}`));
  const keys = repeat(pick([2, 3, 4, 6]), (i) => keyOf(`graph ${i}`));
  const vertex = () => {
    const draft = rootDraft('x', keys[below(keys.length)]!);
    draft.subject = pick(names);
    return draft;
  };
  const vertices = repeat(pick([3, 4, 5, 6]), vertex);
  const edge = (): Draft => {
    const issuer = pick(vertices);
    const subject = pick(vertices);
    const draft: Draft = { ...intermediateDraft('x', subject.key, issuer), subject: subject.subject };
    draft.notAfter += below(1000) * DAY;
    if (oneIn(2)) draft.authorityKeyId = undefined;
    for (let i = 0; i < pick([0, 0, 0, 1, 2]); i++) blemish(draft, chance);
    return draft;
  };
  const edges = repeat(pick([2, 5, 8, 12, 20, 40]), edge);
  const trusted = repeat(pick([0, 1, 1, 2, 3]), () =>
    pick([() => pick(edges), () => ({ ...pick(vertices) })])(),
  );
  for (const draft of trusted) if (oneIn(6)) blemish(draft, chance);
  const issuer = pick(vertices);
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), issuer, ['x']);
  if (oneIn(4)) blemish(leaf, chance);
  return caseOf({
    id: `graph, ${vertices.length} authorities, ${edges.length} certificates`,
    leaf: oneIn(10) ? pick(edges) : leaf,
    sent: edges,
    trusted,
    at: NOW,
    usage: pick(['server', 'any', 'client']),
    name: oneIn(8) ? 'y' : '',
  });
}
