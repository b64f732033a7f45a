import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, runProgram } from '../../test/real/run-program.ts';
import { has, type Made } from '../../test/tls/openssl.ts';
import { type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';

const able = has('openssl') && has('curl', '--version');

describe.skipIf(!able)('the twin for curl and openssl (needs both)', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'kubetls-curl-'));
  let fixture: TwinFixture;
  beforeAll(async () => {
    fixture = await twinFixture();
  });
  afterAll(async () => {
    await fixture.end();
    rmSync(home, { recursive: true, force: true });
  });

  function file(name: string, content = ''): string {
    const place = path.join(home, name);
    writeFileSync(place, content);
    return place;
  }

  function pairFlags({ certificate, key }: Made): string[] {
    return [file('user.crt', certificate), file('user.key', key)];
  }

  /** As people do it, with the name that the certificate has. */
  function curl(url: string, made?: Made, ...more: string[]): Promise<Outcome> {
    const { port } = fixture.twin.address('kube-apiserver@master');
    const [cert = '', key = ''] = made ? pairFlags(made) : [];
    return runProgram('curl', [
      '-sS',
      `https://kube-apiserver:${port}${url}`,
      '--resolve',
      `kube-apiserver:${port}:127.0.0.1`,
      '--cacert',
      file('ca.crt', fixture.state.authorities.get('cluster')?.certificate),
      ...(made ? ['--cert', cert, '--key', key] : []),
      ...more,
    ]);
  }

  function sClient(id: string, words: readonly string[]): Promise<Outcome> {
    const { host, port } = fixture.twin.address(id);
    const flags = ['s_client', '-ign_eof', '-connect', `${host}:${port}`, ...words];
    return runProgram('openssl', flags, {
      stdin: 'GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    });
  }

  it('curl lists the pods with an administrator’s certificate', async () => {
    const admin = fixture.state.leaf('cluster', '/O=system:masters/CN=kube-admin');
    const { code, stdout } = await curl('/api/v1/pods', admin);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'PodList', items: [{ kind: 'Pod' }, {}, {}, {}] });
  });

  it('curl without a certificate reads the version, and is forbidden the pods', async () => {
    expect(JSON.parse((await curl('/version')).stdout)).toMatchObject({ major: '1', minor: '37' });
    expect((await curl('/readyz')).stdout).toBe('ok');
    expect(JSON.parse((await curl('/api/v1/pods')).stdout)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
      reason: 'Forbidden',
      details: { kind: 'pods' },
      code: 403,
    });
  });

  it('curl with a certificate of another authority is told 401, and the log says why', async () => {
    const stranger = fixture.state.leaf('etcd', '/CN=stranger');
    expect(JSON.parse((await curl('/version', stranger)).stdout)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    });
    const unknown = 'x509: certificate signed by unknown authority';
    expect(fixture.twin.log.at(-1)?.text).toMatch(
      new RegExp(
        `^E\\d{4} [\\d:.]{15} +1 authentication\\.go:75\\] "Unable to authenticate the request" err="\\[${unknown}, verifying certificate SN=\\d+, SKID=[0-9A-F:]{59}, AKID=[0-9A-F:]{59} failed: ${unknown}\\]"$`,
      ),
    );
  });

  it('the UID of a certificate is the user’s uid', async () => {
    const person = fixture.state.leaf('cluster', '/CN=jane/kubernetesUid=u-1');
    const review = ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', '{}'];
    const { stdout } = await curl('/apis/authentication.k8s.io/v1/selfsubjectreviews', person, ...review);
    expect(JSON.parse(stdout)).toMatchObject({
      status: { userInfo: { username: 'jane', uid: 'u-1', groups: ['system:authenticated'] } },
    });
  });

  it('a front proxy speaks for others, and nobody else does', async () => {
    const headers = ['-H', 'X-Remote-User: jane', '-H', 'X-Remote-Group: dev', '-H', 'X-Remote-Group: ops'];
    const review = ['-X', 'POST', '-d', '{}', ...headers];
    const whoami = (made: Made): Promise<Outcome> =>
      curl('/apis/authentication.k8s.io/v1/selfsubjectreviews', made, ...review);
    const { state } = fixture;
    const proxied = await whoami(state.leaf('front-proxy', '/CN=front-proxy-client'));
    expect(JSON.parse(proxied.stdout)).toMatchObject({
      status: { userInfo: { username: 'jane', groups: ['dev', 'ops', 'system:authenticated'] } },
    });
    const other = await whoami(state.leaf('front-proxy', '/CN=evil'));
    expect(JSON.parse(other.stdout)).toMatchObject({ code: 401 });
    expect(fixture.twin.log.at(-1)?.text).toContain(
      'err="[x509: subject with cn=evil is not in the allowed list, verifying certificate',
    );
    const self = await whoami(state.leaf('cluster', '/CN=mallory'));
    expect(JSON.parse(self.stdout)).toMatchObject({ status: { userInfo: { username: 'mallory' } } });
  });

  it('a request without TLS is told so', async () => {
    const { port } = fixture.twin.address('kube-apiserver@master');
    const { stdout } = await runProgram('curl', ['-sS', `http://127.0.0.1:${port}/version`]);
    expect(stdout).toBe('Client sent an HTTP request to an HTTPS server.\n');
  });

  it.each(['-tls1_2', '-tls1_3'])('openssl sees the leaf alone and the authorities, %s', async (version) => {
    const { stdout } = await sClient('kube-apiserver@master', ['-showcerts', version]);
    expect(stdout.match(/BEGIN CERTIFICATE/g)?.length).toBe(1);
    const names = /Acceptable client certificate CA names\n([\s\S]*?)\n(?:Requested|Client)/.exec(
      stdout,
    )?.[1];
    expect(names?.split('\n').toSorted()).toEqual(['CN = FRONT-PROXY-CA', 'CN = KUBERNETES-CA']);
  });

  it.each([
    ['-tls1_2', 'alert number 40'],
    ['-tls1_3', 'alert number 116'],
  ])('openssl without a certificate is refused by etcd, %s', async (version, alert) => {
    expect((await sClient('etcd@master', [version])).stderr).toContain(alert);
  });

  it.each(['-tls1_2', '-tls1_3'])('openssl with a wrong certificate hears why, %s', async (version) => {
    const [cert = '', key = ''] = pairFlags(fixture.state.leaf('cluster', '/CN=stranger'));
    const { stderr } = await sClient('etcd@master', [version, '-cert', cert, '-key', key]);
    expect(stderr).toContain('alert number 48');
  });

  it('refuses TLS 1.1', async () => {
    const { stderr } = await sClient('kubelet@worker-1', ['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0']);
    expect(stderr).toContain('alert number 70');
  });
});
