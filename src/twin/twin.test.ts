import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has, type Made } from '../../test/tls/openssl.ts';
import { type OpensslState, opensslState } from '../../test/tls/openssl-state.ts';
import { systemKeys } from '../apply/index.ts';
import { Secret, utf8 } from '../base/index.ts';
import { describeCluster, parseSpec } from '../cluster/index.ts';
import { probe, type ProbeProtocol, type ProbeResult, requestFor, type Speaker } from '../probe/index.ts';
import { startTwin, type Twin } from './index.ts';

const SPEC = `
apiVersion: kubetls/v1
kind: Cluster
metadata: { name: demo }
spec:
  profile: flat
  kubernetes: "1.37"
  endpoint: kube-apiserver:6443
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, roles: [worker], addresses: [10.0.0.21] }
  users: [{ name: kube-admin, groups: ["system:masters"] }]
`;

describe.skipIf(!has('openssl'))('the twin (needs openssl)', () => {
  const cluster = describeCluster(parseSpec(SPEC, 'kubetls.yaml'));
  const directory = mkdtempSync(path.join(tmpdir(), 'kubetls-twin-'));
  let state: OpensslState;
  let twin: Twin;
  beforeAll(async () => {
    state = opensslState(cluster, directory);
    twin = await startTwin(cluster, directory, { clock: { now: () => Date.now() }, keys: systemKeys() });
  });
  afterAll(async () => {
    await twin.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function ask(
    id: string,
    made?: Made,
    {
      speaker = made ? 'client' : 'anonymous',
      version = 'TLSv1.3',
    }: { speaker?: Speaker; version?: ProbeProtocol } = {},
  ): Promise<ProbeResult> {
    const endpoint = cluster.endpoints.find((endpoint) => endpoint.id === id);
    if (!endpoint) throw new Error(`no endpoint ${id}`);
    const credential = made && { certificate: utf8(made.certificate), key: new Secret(utf8(made.key)) };
    const target = { ...twin.address(id), request: requestFor(endpoint, speaker) };
    return probe(target, credential, { timeout: 5_000, minVersion: version, maxVersion: version });
  }

  it('starts every component', () => {
    expect(Object.fromEntries(twin.down())).toEqual({});
    expect(cluster.endpoints.length).toBe(8);
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
    [
      'kube-apiserver@master',
      {
        kind: 'denied',
        status: 403,
        text: 'selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
      },
      { kind: 'accepted', status: 201, identity: 'kube-admin' },
      unauthorized,
    ],
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
      expect((await ask(id)).result).toEqual(nobody);
      expect((await ask(id, state.leaf(own, '/O=system:masters/CN=kube-admin'))).result).toEqual(good);
      const other = own === 'etcd' ? 'cluster' : 'etcd';
      expect((await ask(id, state.leaf(other, '/O=system:masters/CN=kube-admin'))).result).toEqual(wrong);
    });
  });
});
