/** An API server on loopback: whatever answers, behind a certificate of a throw-away authority. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ApiRequest, ApiResponse } from '../../src/kube/index.ts';
import { writePem, writePrivateKey } from '../../src/x509/index.ts';
import { keyOf, leafDraft, mint, nameOf, rootDraft } from '../judges/mint.ts';

const root = rootDraft('kubernetes', keyOf('served-root'));
const leaf = leafDraft(nameOf('kube-apiserver'), keyOf('served-leaf'), root, ['127.0.0.1']);

export interface Served {
  readonly url: string;
  /** Of somebody with a token. */
  readonly kubeconfig: string;
  close(): void;
}

export async function serveApi(answer: (request: ApiRequest) => Promise<ApiResponse>): Promise<Served> {
  const key = Buffer.from(writePrivateKey(leaf.key, 'pkcs8').reveal());
  const cert = writePem('CERTIFICATE', mint(leaf).der);
  const server = createServer({ cert, key }, (request, response) => void passOn(answer, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    kubeconfig: kubeconfigFor(url),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function passOn(
  answer: (request: ApiRequest) => Promise<ApiResponse>,
  { method = 'GET', url: path = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await answer({ method: method as ApiRequest['method'], path, patience: 1_000 });
  response.writeHead(status, { 'Content-Type': 'application/json' });
  for await (const chunk of body) response.write(chunk);
  response.end();
}

function kubeconfigFor(url: string): string {
  const pem = writePem('CERTIFICATE', mint(root).der);
  const authority = Buffer.from(pem).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'k', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name: 'u', user: { token: 'a-token' } }],
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
  });
}
