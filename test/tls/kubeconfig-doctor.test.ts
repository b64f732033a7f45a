/** `kubetls kubeconfig doctor --ask-server` against TLS servers on loopback that are right or wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, ensureBuilt } from '../../scripts/setup.mjs';
import { type Certificate, writePem, writePrivateKey } from '../../src/x509/index.ts';
import { DAY } from '../../src/base/index.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, rootDraft } from '../judges/mint.ts';
import { runProgram } from '../real/run-program.ts';

const now = Date.now();
/** The drafts are of a day in a test's calendar; these servers are asked today. */
const today = (draft: Draft): Draft => ({ ...draft, notBefore: now - DAY, notAfter: now + 300 * DAY });
const ca = today(rootDraft('KUBERNETES-CA', keyOf('ca')));
const other = today(rootDraft('OTHER-CA', keyOf('other')));
const pem = (certificate: Certificate) => Buffer.from(writePem('CERTIFICATE', certificate.der)).toString();
const keyPem = (name: string) => Buffer.from(writePrivateKey(keyOf(name), 'pkcs8').reveal()).toString();
const base64 = (text: string) => Buffer.from(text).toString('base64');

let directory: string;
const servers: Server[] = [];
beforeAll(async () => {
  await ensureBuilt();
  directory = mkdtempSync(join(tmpdir(), 'kubetls-doctor-'));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A server with a certificate of `by` for `name`, that answers every request with `status`. Its port. */
async function serve(by: Draft, name: string, status = 200): Promise<number> {
  const certificate = mint(today(leafDraft(nameOf('kube-apiserver'), keyOf('server'), by, [name])));
  const options = {
    cert: pem(certificate),
    key: keyPem('server'),
    requestCert: true,
    rejectUnauthorized: false,
  };
  const server = createServer(options, (request, response) => {
    requests.push(
      `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? 'no token'}`,
    );
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', message: 'said by the server' }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const requests: string[] = [];

function kubeconfig(port: number): string {
  const client = mint(today(leafDraft(nameOf('jane', 'dev'), keyOf('jane'), ca, [])));
  const file = join(directory, 'config');
  const text = `current-context: x
clusters: [{name: c, cluster: {server: "https://127.0.0.1:${port}", certificate-authority-data: ${base64(pem(mint(ca)))}}}]
users: [{name: u, user: {token: SECRET, client-certificate-data: ${base64(pem(client))}, client-key-data: ${base64(keyPem('jane'))}}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
`;
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

async function doctor(port: number, ...more: string[]) {
  const words = ['kubeconfig', 'doctor', '-o', 'json', '--kubeconfig', kubeconfig(port), ...more];
  const { code, stdout } = await runProgram(process.execPath, [bundle, ...words]);
  const { findings } = JSON.parse(stdout) as { findings: { id: string; message: string }[] };
  return { code, found: findings.map(({ id }) => id), message: findings[0]?.message ?? '' };
}

describe('kubetls kubeconfig doctor --ask-server', () => {
  it('has nothing to say of a server that is right, and sends it no token', async () => {
    const port = await serve(ca, '127.0.0.1');
    expect(await doctor(port, '--ask-server')).toEqual({ code: 0, found: [], message: '' });
    expect(requests).toEqual(['GET /version no token']);
  });

  it('asks nobody unless it is told to', async () => {
    const port = await serve(other, 'b.test');
    const before = requests.length;
    expect(await doctor(port)).toMatchObject({ code: 0, found: [] });
    expect(requests).toHaveLength(before);
  });

  it('says that the authority does not verify what the server presents', async () => {
    const { code, found, message } = await doctor(await serve(other, '127.0.0.1'), '--ask-server');
    expect({ code, found }).toEqual({ code: 1, found: ['server-untrusted'] });
    expect(message).toContain('x509: certificate signed by unknown authority');
  });

  it('says that the server has another name', async () => {
    const { code, found, message } = await doctor(await serve(ca, 'b.test'), '--ask-server');
    expect({ code, found }).toEqual({ code: 1, found: ['server-name'] });
    expect(message).toContain(
      "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    );
  });

  it('says that the server does not take the certificate', async () => {
    const { code, found, message } = await doctor(await serve(ca, '127.0.0.1', 401), '--ask-server');
    expect({ code, found }).toEqual({ code: 1, found: ['credential-refused'] });
    expect(message).toContain('said by the server');
  });

  it('does not know what it could not see', async () => {
    const { code, found } = await doctor(1, '--ask-server');
    expect({ code, found }).toEqual({ code: 3, found: ['server-unseen'] });
  });
});
