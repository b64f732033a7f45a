import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has } from '../../test/tls/openssl.ts';
import { type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';
import type { ProbeResult } from '../probe/index.ts';

describe.skipIf(!has('openssl'))('the twin (needs openssl)', () => {
  let fixture: TwinFixture;
  beforeAll(async () => {
    fixture = await twinFixture();
  });
  afterAll(() => fixture.end());

  it('starts every component', () => {
    expect(Object.fromEntries(fixture.twin.down())).toEqual({});
    expect(fixture.cluster.endpoints.length).toBe(8);
  });

  type Expected = ProbeResult['result'] | { readonly kind: ProbeResult['result']['kind'] };
  const unauthorized = { kind: 'denied', status: 401, text: 'Unauthorized' } as const;
  const alert = (text: string): Expected => ({
    kind: 'refused',
    how: 'alert',
    text: `remote error: tls: ${text}`,
  });
  const forbiddenPath = (path: string): Expected => ({
    kind: 'denied',
    status: 403,
    text: `forbidden: User "system:anonymous" cannot get path "${path}"`,
  });
  const open: Expected = { kind: 'accepted', status: 200, identity: undefined };

  /** What each socket says to nobody, to a certificate of its own authority, and to one of another. */
  const policies: readonly (readonly [id: string, nobody: Expected, good: Expected, wrong: Expected])[] = [
    ['kube-apiserver@master', open, { kind: 'accepted', status: 201, identity: 'kube-admin' }, unauthorized],
    ['kubelet@worker-1', unauthorized, open, unauthorized],
    ['kube-scheduler@master', open, open, unauthorized],
    ['kube-controller-manager@master', open, open, unauthorized],
    ['aggregated-apiserver@master', forbiddenPath('/apis'), open, unauthorized],
    ['etcd@master', alert('certificate required'), open, alert('unknown certificate authority')],
    ['etcd-peer@master', alert('certificate required'), open, alert('unknown certificate authority')],
  ];

  describe.each(policies)('%s', (id, nobody, good, wrong) => {
    const own = id.startsWith('etcd') ? 'etcd' : 'cluster';

    it('answers nobody, a good certificate and a wrong one as the component does', async () => {
      expect((await fixture.ask(id)).result).toEqual(nobody);
      expect(
        (await fixture.ask(id, fixture.state.leaf(own, '/O=system:masters/CN=kube-admin'))).result,
      ).toEqual(good);
      const other = own === 'etcd' ? 'cluster' : 'etcd';
      expect(
        (await fixture.ask(id, fixture.state.leaf(other, '/O=system:masters/CN=kube-admin'))).result,
      ).toEqual(wrong);
    });
  });
});
