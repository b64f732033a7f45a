import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { type Outcome, runProgram } from '../../test/real/run-program.ts';
import { has, type Made } from '../../test/tls/openssl.ts';
import type { OpensslState } from '../../test/tls/openssl-state.ts';
import { type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';

const tools = await realTools();
const kubectl = 'missing' in tools ? undefined : tools.kubectl;

describe.skipIf(!kubectl || !has('openssl'))(
  'the twin for the real kubectl (needs kubectl and openssl)',
  () => {
    const home = mkdtempSync(path.join(tmpdir(), 'kubetls-kubectl-'));
    let fixture: TwinFixture;
    beforeAll(async () => {
      fixture = await twinFixture();
    });
    afterAll(async () => {
      await fixture.end();
      rmSync(home, { recursive: true, force: true });
    });

    async function run(user: Made | undefined, words: string): Promise<Outcome> {
      const { port } = fixture.twin.address('kube-apiserver@master');
      const file = (name: string, content = ''): string => {
        const place = path.join(home, name);
        writeFileSync(place, content);
        return place;
      };
      const flags = [
        `--kubeconfig=${file('config')}`,
        `--server=https://127.0.0.1:${port}`,
        '--tls-server-name=kube-apiserver',
        `--certificate-authority=${file('ca.crt', fixture.state.authorities.get('cluster')?.certificate)}`,
        `--cache-dir=${path.join(home, 'cache', String(Math.random()))}`,
        ...(user
          ? [
              `--client-certificate=${file('user.crt', user.certificate)}`,
              `--client-key=${file('user.key', user.key)}`,
            ]
          : []),
      ];
      const env = { HOME: home, PATH: process.env['PATH'] };
      return await runProgram(kubectl ?? '', [...flags, ...words.split(' ')], { env, timeout: 20_000 });
    }

    describe('the administrator', () => {
      const admin = (): Made => fixture.state.leaf('cluster', '/O=system:masters/CN=kube-admin');

      it.each([
        ['get pods -A', ['kube-system   etcd-master', '1/1     Running', 'kube-apiserver-master']],
        ['get pods -A -l component=etcd', ['etcd-master']],
        ['get nodes', ['master     Ready    control-plane', 'worker-1   Ready    <none>', 'v1.37.0']],
        ['get nodes -o wide', ['10.0.0.10', '10.0.0.21']],
        ['get pod -n kube-system etcd-master -o yaml', ['nodeName: master', 'kind: Pod']],
        ['auth whoami', ['kube-admin', '[system:masters system:authenticated]', '[X509SHA256=']],
        ['auth can-i get pods', ['yes']],
        ['auth can-i --list', ['*.*', 'selfsubjectreviews.authentication.k8s.io']],
        ['version', ['Server Version: v1.37.0']],
        ['cluster-info', ['control plane']],
        ['get --raw /livez', ['ok']],
      ])('%s works without a warning', async (words, shown) => {
        const outcome = await run(admin(), words);
        expect(outcome).toMatchObject({ code: 0, stderr: '' });
        for (const text of shown) expect(outcome.stdout).toContain(text);
      });

      it('is told what a twin cannot do', async () => {
        const { code, stderr } = await run(admin(), 'delete namespace default');
        expect(code).toBe(1);
        expect(stderr).toContain('the server does not allow this method on the requested resource');
      });
    });

    it('a scheduler may do what schedulers may', async () => {
      const scheduler = fixture.state.leaf('cluster', '/CN=system:kube-scheduler');
      expect((await run(scheduler, 'auth can-i list nodes')).stdout).toContain('yes');
      expect(await run(scheduler, 'auth can-i create pods')).toMatchObject({ code: 1, stdout: 'no\n' });
      expect((await run(scheduler, 'delete namespace default')).stderr).toContain(
        'Error from server (Forbidden): namespaces "default" is forbidden: User "system:kube-scheduler" cannot delete resource "namespaces" in API group "" in the namespace "default"',
      );
    });

    it.each([
      ['another authority', (state: OpensslState) => state.leaf('etcd', '/O=system:masters/CN=kube-admin')],
      [
        'a life that is over',
        (state: OpensslState) => state.leaf('cluster', '/CN=kube-admin', undefined, -1),
      ],
      [
        'the wrong usage',
        (state: OpensslState) => state.leaf('cluster', '/CN=kube-admin', ['extendedKeyUsage=serverAuth']),
      ],
    ])('a certificate of %s is Unauthorized', async (_, made) => {
      expect((await run(made(fixture.state), 'auth whoami')).stderr).toBe(
        'error: You must be logged in to the server (Unauthorized)\n',
      );
    });

    it('logs the alert of a client that does not trust us', async () => {
      const { port } = fixture.twin.address('kubelet@worker-1');
      const flags = `--server=https://127.0.0.1:${port} get --raw /healthz`;
      const { stderr } = await run(fixture.state.leaf('cluster', '/CN=kube-admin'), flags);
      expect(stderr).toContain('x509: certificate is valid for');
      expect(fixture.twin.log.at(-1)?.endpoint).toBe('kubelet@worker-1');
      expect(fixture.twin.log.at(-1)?.text).toMatch(
        /http: TLS handshake error from 127\.0\.0\.1:\d+: remote error: tls: bad certificate$/,
      );
    });
  },
);
