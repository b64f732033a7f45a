import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { temporaryDirectory, type TemporaryDirectory } from './last-rites.ts';
import { opensslAuthority, opensslLeaf } from './openssl-pki.ts';
import { goKeyPair, goParse, goVerify } from './oracle.ts';

const real = await realTools();

describe.skipIf('missing' in real)("Go's own crypto/x509 (needs Go)", () => {
  const oracle = 'missing' in real ? '' : real.oracle;
  let directory: TemporaryDirectory;
  let root = '';
  let stranger = '';
  let leaf = '';
  let key = '';
  beforeAll(async () => {
    directory = await temporaryDirectory('oracle');
    const authority = await opensslAuthority(directory.path, 'ca');
    const pair = await opensslLeaf(directory.path, 'leaf', authority, ['DNS:etcd.test', 'IP:10.0.0.1']);
    const other = await opensslAuthority(directory.path, 'stranger');
    const files = [authority.cert, other.cert, pair.cert, pair.key];
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    [root = '', stranger = '', leaf = '', key = ''] = texts;
  });
  afterAll(() => directory?.remove());

  it('verifies in the words that a component would log', async () => {
    const answers = await goVerify(oracle, [
      { leaf, roots: [root], name: '10.0.0.1' },
      { leaf, roots: [stranger] },
      { leaf, roots: [root], name: 'etcd.example' },
      { leaf, roots: [root, 'AAAA'], usage: 'client' },
      { leaf, intermediates: ['AAAA'], roots: [root] },
    ]);
    expect(answers.map(({ ok, stage, error }) => [ok, stage, error])).toEqual([
      [true, 'verify', ''],
      [false, 'verify', 'x509: certificate signed by unknown authority'],
      [false, 'verify', 'x509: certificate is valid for etcd.test, not etcd.example'],
      [true, 'parse-root', ''],
      [false, 'parse-intermediate', 'x509: malformed certificate'],
    ]);
    const der = new X509Certificate(leaf).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(answers[0]).toMatchObject({ chains: 1, chain_lengths: [2] });
    expect(answers[0]?.paths?.[0]?.[0]).toBe(der);
  });

  it('reads certificates, requests and keys', async () => {
    const request = await readFile(`${directory.path}/leaf.csr`, 'utf8');
    const [certificate, csr, own, broken] = await goParse(oracle, [
      { parse: 'certificate', der: leaf },
      { parse: 'request', der: request },
      { parse: 'key', der: key },
      { parse: 'key', der: 'AAAA' },
    ]);
    expect(certificate).toMatchObject({
      ok: true,
      dnsNames: ['etcd.test'],
      ips: ['10.0.0.1'],
      extKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      serial: BigInt(`0x${new X509Certificate(leaf).serialNumber}`).toString(),
      publicKeyAlgorithm: 'ECDSA',
      keySize: 256,
    });
    expect(csr).toMatchObject({ ok: true, spki: certificate?.spki });
    expect(own).toMatchObject({ ok: true, spki: certificate?.spki });
    expect(broken).toMatchObject({ ok: false, error: 'tls: failed to parse private key' });
  });

  it('loads a pair as a component does', async () => {
    expect(
      await goKeyPair(oracle, [
        { cert: leaf, key },
        { cert: root, key },
        { cert: key, key: leaf },
      ]),
    ).toMatchObject([
      { ok: true },
      { error: 'tls: private key does not match public key' },
      {
        error:
          'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
      },
    ]);
  });
});
