/** Alerts as another TLS stack sends them: Node's own server ends the connection without one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { DAY, Secret, utf8 } from '../../src/base/index.ts';
import { httpsExchange, kubeClient } from '../../src/kube/index.ts';
import { writePem, writePrivateKey } from '../../src/x509/index.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { has } from './openssl.ts';

const directory = mkdtempSync(join(tmpdir(), 'kubetls-kube-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const root = rootDraft('kubernetes', keyOf('alerts-root'));
const other = rootDraft('others', keyOf('alerts-other'));
const server = leafDraft(nameOf('kube-apiserver'), keyOf('alerts-server'), root, ['127.0.0.1']);
const admin = leafDraft(nameOf('admin'), keyOf('alerts-admin'), root, []);

const pem = (draft: Draft) => writePem('CERTIFICATE', mint(draft).der);
const pemKey = ({ key }: Draft) => Buffer.from(writePrivateKey(key, 'pkcs8').reveal()).toString();
const file = (name: string, text: string) => {
  writeFileSync(join(directory, name), text, { mode: 0o600 });
  return join(directory, name);
};

describe.skipIf(!has('openssl'))("a refusal by the server, in Go's words", () => {
  const files = ['-cert', file('crt', pem(server)), '-key', file('key', pemKey(server))];
  const anchors = ['-CAfile', file('ca', pem(other))];
  const stranger = 'remote error: tls: unknown certificate authority';

  it.each([
    ['-tls1_2', 'a certificate of another authority', admin, stranger],
    ['-tls1_3', 'a certificate of another authority', admin, stranger],
    ['-tls1_2', 'no certificate', undefined, 'remote error: tls: handshake failure'],
    ['-tls1_3', 'no certificate', undefined, 'remote error: tls: certificate required'],
  ])('%s, %s', async (version, _what, as, message) => {
    const words = [
      's_server',
      '-accept',
      '127.0.0.1:0',
      '-www',
      version,
      '-Verify',
      '1',
      '-verify_return_error',
    ];
    const child = spawn('openssl', [...words, ...files, ...anchors], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const port = await portOf(child.stdout);
      const exchange = httpsExchange(
        {
          context: '',
          cluster: '',
          user: '',
          namespace: 'default',
          server: { scheme: 'https', host: '127.0.0.1', port, path: '' },
          insecure: false,
          authority: utf8(pem(root)),
          ...(as && { clientCertificate: utf8(pem(as)), clientKey: new Secret(utf8(pemKey(as))) }),
          authentication: [],
          files: {},
          warnings: [],
        },
        { clock: { now: () => NOW + DAY }, userAgent: 'kubetls/test' },
      );
      const asked = kubeClient(exchange).getPath('/version');
      await expect(asked).rejects.toMatchObject({ code: 'kube/tls', message });
      exchange.close();
    } finally {
      child.kill();
    }
  });
});

async function portOf(stdout: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: stdout })) {
    const port = /^ACCEPT 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('openssl s_server did not start');
}
