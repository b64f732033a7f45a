import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { keyOf, mint, NOW, rootDraft } from '../../../test/judges/mint.ts';
import { type Served, serveApi } from '../../../test/support/serve-api.ts';
import { DAY, utf8 } from '../../base/index.ts';
import { type ApiRequest, type ApiResponse, fakeApi, RESOURCES } from '../../kube/index.ts';
import { writePem } from '../../x509/index.ts';
import type { Context } from '../context.ts';
import { lookAtApi } from './live.ts';

const directory = mkdtempSync(join(tmpdir(), 'kubetls-live-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const served: Served[] = [];
afterEach(() => {
  for (const one of served.splice(0)) one.close();
});

const pem = writePem('CERTIFICATE', mint(rootDraft('kubernetes', keyOf('live-root'))).der);

function cluster() {
  const api = fakeApi();
  const secret = (name: string, data: Record<string, string>) =>
    api.put(RESOURCES.secrets, {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name, namespace: 'web' },
      data,
    });
  secret('tls', { 'tls.crt': Buffer.from(pem).toString('base64') });
  secret('password', { password: 'aHVudGVyMg==' });
  api.put(RESOURCES.configMaps, {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'kube-root-ca.crt', namespace: 'web' },
    data: { 'ca.crt': pem },
  });
  const addresses = [{ type: 'InternalIP', address: '10.0.0.21' }, { type: 7 }, 'odd'];
  api.put(RESOURCES.nodes, { kind: 'Node', metadata: { name: 'worker-1' }, status: { addresses } });
  api.put(RESOURCES.signingRequests, {
    kind: 'CertificateSigningRequest',
    metadata: { name: 'csr-1', creationTimestamp: '2026-11-23T12:00:00Z' },
    spec: { signerName: 'kubernetes.io/kubelet-serving', username: 'system:node:worker-1' },
    status: { conditions: [{ type: 'Approved' }, null] },
  });
  return api;
}

const version = async (): Promise<ApiResponse> => answer(200, '{"gitVersion":"v1.37.2"}');

function answer(status: number, text: string): ApiResponse {
  async function* body() {
    yield utf8(text);
  }
  return { status, retryAfter: undefined, body: body() };
}

async function look(exchange: (request: ApiRequest) => Promise<ApiResponse>) {
  const api = await serveApi((request) => (request.path === '/version' ? version() : exchange(request)));
  served.push(api);
  return lookFrom(api.kubeconfig);
}

async function lookFrom(kubeconfig: string) {
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const console = { progress: () => () => undefined } as unknown as Context['console'];
  return lookAtApi({ clock: { now: () => NOW + DAY }, version: 'test', console }, file);
}

describe('check --live', () => {
  it('takes the objects that hold certificates as files, and no others; nodes and requests as values', async () => {
    const { files, live } = await look(cluster().exchange);
    expect(files.map(({ path }) => path)).toEqual([
      'live/secrets/web/tls.json',
      'live/configmaps/web/kube-root-ca.crt.json',
    ]);
    expect(live).toEqual({
      nodes: [{ name: 'worker-1', addresses: [{ type: 'InternalIP', address: '10.0.0.21' }] }],
      requests: [
        {
          name: 'csr-1',
          signer: 'kubernetes.io/kubelet-serving',
          user: 'system:node:worker-1',
          created: NOW,
          state: 'approved',
          message: undefined,
        },
      ],
      unseen: [],
    });
  });

  it('only reads', async () => {
    const api = cluster();
    await look(api.exchange);
    expect(new Set(api.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('looks at the rest where it may not list a kind, and says so', async () => {
    const api = cluster();
    const message = 'secrets is forbidden: User "u" cannot list resource "secrets" in API group ""';
    const refused = answer(403, JSON.stringify({ kind: 'Status', message, code: 403 }));
    const { files, live } = await look(async (request) =>
      request.path.startsWith('/api/v1/secrets') ? refused : api.exchange(request),
    );
    expect(live.unseen).toEqual([{ what: 'secrets', why: `GET /api/v1/secrets: ${message}` }]);
    expect(files).toHaveLength(1);
    expect(live.nodes).toHaveLength(1);
  });

  it.each([
    ['answers nonsense', '{"items":[{"metadata":7}],"metadata":{}}', /none of an API server/],
    ['is a page of somebody else', '<html>', /none of an API server/],
  ])('says what is unknown when it %s', async (_what, text, why) => {
    const { live, files } = await look(async () => answer(200, text));
    expect(live.unseen).toMatchObject([
      { what: 'the running cluster', why: expect.stringMatching(why) as string },
    ]);
    expect(files).toEqual([]);
  });

  it('says what is unknown when nobody answers', async () => {
    const api = await serveApi(version);
    api.close();
    const { live } = await lookFrom(api.kubeconfig);
    expect(live.unseen).toMatchObject([{ why: expect.stringContaining('connection refused') as string }]);
  });

  it('is an error without a usable kubeconfig', async () => {
    await expect(lookFrom('{"apiVersion":"v1","kind":"Config"}')).rejects.toMatchObject({
      code: 'kubeconfig/empty',
    });
  });
});
