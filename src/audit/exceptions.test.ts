import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditedTree, cleanTree } from '../../test/judges/audited-tree.ts';
import { NOW } from '../../test/judges/mint.ts';
import { expectedFailure } from '../base/index.ts';
import { applyExceptions, auditTree, parseExceptions, type TreeFinding } from './index.ts';

const head = 'apiVersion: kubetls/v1\nkind: Exceptions\nexceptions:\n';
const one = (id: string, place: string, until = '2027-01-31', reason = 'in the safe') =>
  `${head}  - { id: ${id}, place: "${place}", reason: ${reason}, until: ${until} }\n`;

let tree: AuditedTree;
let findings: readonly TreeFinding[];
beforeAll(async () => {
  tree = await cleanTree('kubeadm');
  const all = auditTree({ inventory: tree.inventory, at: NOW });
  findings = all.filter(({ id }) => id !== 'encipherment-on-ec');
});

const SUPER = 'nodes/cp1/etc/kubernetes/super-admin.conf';
const apply = (text: string, at = NOW) => {
  const { findings: left, excepted } = applyExceptions(findings, parseExceptions(text, 'e.yaml'), at);
  return [left.map(({ id }) => id).filter((id) => id !== 'admins-member'), excepted.length];
};

describe('exceptions', () => {
  it.each([SUPER, 'nodes/*/etc/kubernetes/super-admin.conf', '**/super-admin.conf', 'nodes/**'])(
    'excuse what they match: %s',
    (place) => expect(apply(one('masters-member', place))).toEqual([[], 1]),
  );

  it.each(['nodes/*', 'super-admin.conf', 'nodes/cp2/**', 'nodes/cp1/etc/kubernetes/super-admin?conf'])(
    'that match nothing are a finding themselves: %s',
    (place) =>
      expect(apply(one('masters-member', place))).toEqual([
        ['exception-unmatched', 'masters-member'].toSorted().reverse(),
        0,
      ]),
  );

  it('a pattern costs what it and the path are long', () => {
    const [exception] = parseExceptions(one('masters-member', `${'**a'.repeat(150)}b`), 'e.yaml');
    const hostile = findings.map((finding) => ({ ...finding, places: ['a'.repeat(4_000)] }));
    const started = process.cpuUsage().user;
    expect(applyExceptions(hostile, exception ? [exception] : [], NOW).excepted).toEqual([]);
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
  });

  it('a copy in another place is told', () => {
    const copied = findings.map((finding) =>
      finding.id === 'masters-member'
        ? { ...finding, places: [...finding.places, 'nodes/worker-1/tmp/x'] }
        : finding,
    );
    const exceptions = parseExceptions(one('masters-member', SUPER), 'e.yaml');
    expect(applyExceptions(copied, exceptions, NOW).excepted).toEqual([]);
  });

  it('end with their day, and are told then, with their place', () => {
    const text = one('masters-member', SUPER, '2026-11-23');
    expect(apply(text, Date.parse('2026-11-23T23:59:59Z'))).toEqual([[], 1]);
    expect(apply(text, Date.parse('2026-11-24'))).toEqual([['masters-member', 'exception-ended'], 0]);
    const { findings: left } = applyExceptions(
      findings,
      parseExceptions(text, 'e.yaml'),
      Date.parse('2026-11-24'),
    );
    expect(left.find(({ id }) => id === 'exception-ended')).toMatchObject({
      where: { file: 'e.yaml', line: 4, column: 5 },
      evidence: `masters-member at ${SUPER}, until 2026-11-23: in the safe`,
    });
  });

  it.each([
    [one('master-member', 'a'), 4, 11, 'there is no check "master-member"', 'did you mean "masters-member"?'],
    [
      one('nonsense-zzz', 'a'),
      4,
      11,
      'there is no check "nonsense-zzz"',
      'kubetls check --list shows all of them',
    ],
    [one('expired', 'a', 'soon'), 4, 60, 'until must be a day, such as 2027-01-31', undefined],
    [one('expired', 'a', '2027-02-30'), 4, 60, 'until must be a day, such as 2027-01-31', undefined],
    [`${head}  - id: expired\n    plaec: a\n`, 5, 5, 'unknown key "plaec"', 'did you mean "place"?'],
    [`${head}  - id: expired\n    place: a\n    until: 2027-01-01\n`, 4, 5, 'reason is missing', undefined],
    [`${head}  - expired\n`, 4, 5, 'an exception is a map', undefined],
    ['apiVersion: kubetls/v1\nkind: Cluster\n', 2, 7, 'kind must be Exceptions', undefined],
    ['a: [', 1, 5, /^this is no YAML/, undefined],
    ['- a', 1, 1, 'must be a map with the key exceptions', undefined],
  ])('what is wrong is told with line and column: %#', (text, line, column, message, hint) => {
    let failure;
    try {
      parseExceptions(text, 'e.yaml');
    } catch (error) {
      failure = expectedFailure(error);
    }
    expect(failure).toMatchObject({
      where: { file: 'e.yaml', line, column },
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
    });
    expect(failure?.hint).toBe(hint);
  });
});
