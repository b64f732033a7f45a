import { describe, expect, it } from 'vitest';
import { keyOf, leafDraft, mint, nameOf, rootDraft } from '../../../test/judges/mint.ts';
import { nameMiss } from './names.ts';

const root = rootDraft('KUBERNETES-CA', keyOf('near root'));
const certificateFor = (names: readonly string[], commonName = 'server') =>
  mint(leafDraft(nameOf(commonName), keyOf('near leaf'), root, names));

const server = certificateFor([
  'kubernetes',
  'kubernetes.default.svc',
  'master-1.example.test',
  '*.hooks.svc',
  '10.96.0.1',
  'fd00::1',
]);

describe('the nearest name', () => {
  it.each([
    ['https://kubernetes:6443/healthz', 'not-a-name', 'kubernetes'],
    ['kubernetes:6443', 'not-a-name', 'kubernetes'],
    ['10.96.0.1:443', 'not-a-name', '10.96.0.1'],
    ['[fd00::1]:6443', 'not-a-name', 'fd00::1'],
    ['010.096.0.1', 'not-a-name', '10.96.0.1'],
    ['fd00::1%eth0', 'not-a-name', 'fd00::1'],
    [' kubernetes ', 'not-a-name', 'kubernetes'],
    ['10.96.0.2', 'near-address', '10.96.0.1'],
    ['fd00::2', 'near-address', 'fd00::1'],
    ['192.0.2.1', 'other', undefined],
    ['a.b.hooks.svc', 'wildcard', '*.hooks.svc'],
    ['hooks.svc', 'wildcard', '*.hooks.svc'],
    ['kubernetes.default', 'labels', 'kubernetes.default.svc'],
    ['kubernetes.default.svc.cluster.local', 'labels', 'kubernetes.default.svc'],
    ['example.test', 'labels', 'master-1.example.test'],
    ['kubernetes.defalt.svc', 'typing', 'kubernetes.default.svc'],
    ['kuberentes', 'typing', 'kubernetes'],
    ['master-2.example.test', 'typing', 'master-1.example.test'],
    ['server', 'common-name', 'server'],
    ['something.else.entirely', 'other', undefined],
    ['x'.repeat(10_000), 'other', undefined],
  ])('%s: %s', (asked, slip, nearest) => {
    expect(nameMiss(server, asked)).toEqual({ kind: 'name', certificate: server, asked, slip, nearest });
  });

  it('an address among the DNS names', () => {
    const names = [{ kind: 'dns', value: '10.0.0.1' } as const];
    const odd = mint({ ...leafDraft(nameOf('x'), keyOf('near leaf'), root, ['a']), names });
    expect(nameMiss(odd, '10.0.0.1')).toMatchObject({ slip: 'address-as-name', nearest: '10.0.0.1' });
  });

  it('no names, no addresses', () => {
    expect(nameMiss(certificateFor([]), 'a.test')).toMatchObject({ slip: 'no-names' });
    expect(nameMiss(certificateFor(['a.test']), '10.0.0.1')).toMatchObject({ slip: 'no-addresses' });
  });

  it('nothing when the name is good', () => {
    expect(nameMiss(server, 'KUBERNETES')).toBeUndefined();
    expect(nameMiss(server, 'x.hooks.svc')).toBeUndefined();
  });
});
