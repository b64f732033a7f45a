import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inTemporaryDirectory, hasOpenssl, openssl } from '../../test/judges/openssl.ts';
import { createRequest, signerFor, systemKeys, writePem } from '../index.ts';
import { applied } from '../../test/support/small-cluster.ts';
import { Secret } from '../base/index.ts';
import { readMaterial, references } from './index.ts';

const world = await applied();
const USER = 'users/kube-admin';

function bytesOf(path: string): Buffer {
  return Buffer.from(world.inventory.get(path)?.bytes ?? []);
}

const ca = bytesOf(`${USER}/ca.crt`);
const crt = bytesOf(`${USER}/admin.crt`);
const key = bytesOf(`${USER}/admin.key`);
const csr = Buffer.from(
  writePem(
    'CERTIFICATE REQUEST',
    createRequest({
      subject: [{ type: 'CN', value: 'a' }],
      names: { dnsNames: ['a.test'], ipAddresses: [], uris: [] },
      signer: signerFor(systemKeys().generate('ecdsa-p256')),
    }).der,
  ),
);

/** Kinds found, in order, and the messages of what was not read. */
function summary(bytes: Uint8Array) {
  const { certificates, requests, keys, kubeconfigs, problems } = readMaterial(bytes, 'x');
  return {
    certificates: certificates.map(({ place }) => place),
    requests: requests.length,
    keys: keys.map((one) => one.private),
    kubeconfigs: kubeconfigs.length,
    problems: problems.map(({ message, where }) => `${where?.line ?? '-'}: ${message}`),
  };
}

const nothing = { certificates: [], requests: 0, keys: [], kubeconfigs: 0, problems: [] };

describe('inspect reads', () => {
  it('a bundle in its order, with lines', () => {
    const { certificates } = readMaterial(Buffer.concat([crt, ca]), 'x');
    expect(certificates.map(({ value }) => value.basicConstraints?.ca ?? false)).toEqual([false, true]);
    expect(certificates[1]?.place).toBe(`line ${crt.toString().split('\n').length}`);
  });

  it('everything in a mixed file, with text around the blocks', () => {
    const mixed = Buffer.concat([Buffer.from('Bag Attributes\n'), crt, Buffer.from('# ca\n'), ca, key, csr]);
    expect(summary(mixed)).toMatchObject({ requests: 1, keys: [true], problems: [] });
    expect(summary(mixed).certificates).toHaveLength(2);
  });

  it('CRLF; and says that Go does not see a block behind a byte order mark', () => {
    expect(summary(Buffer.from(ca.toString().replaceAll('\n', '\r\n')))).toEqual({
      ...nothing,
      certificates: ['line 1'],
    });
    const marked = summary(Buffer.concat([Buffer.from('efbbbf', 'hex'), ca]));
    expect(marked.certificates).toHaveLength(1);
    expect(marked.problems[0]).toContain('byte order mark');
  });

  it('DER of a certificate, a request, a key', () => {
    const der = (pem: Buffer) => Buffer.from(pem.toString().replace(/-----.*-----|\n/g, ''), 'base64');
    expect(summary(der(crt))).toEqual({ ...nothing, certificates: [undefined] });
    expect(summary(der(csr))).toEqual({ ...nothing, requests: 1 });
    expect(summary(der(key))).toEqual({ ...nothing, keys: [true] });
  });

  it('a good block beside a damaged one', () => {
    const damaged = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const found = summary(Buffer.concat([damaged, ca]));
    expect(found.certificates).toEqual(['line 4']);
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]).toMatch(/^1: /);
  });

  it('a kubeconfig, with what is embedded in it and the paths that it names', () => {
    const found = readMaterial(bytesOf(`${USER}/admin.kubeconfig`), 'x');
    const [config] = found.kubeconfigs;
    if (!config) throw new Error('no kubeconfig');
    expect(references(config).map(({ path, place }) => [path, place])).toEqual([
      ['ca.crt', 'cluster demo'],
      ['admin.crt', 'user kube-admin'],
      ['admin.key', 'user kube-admin'],
    ]);
    const embedded = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'c', cluster: { server: 'https://a', 'certificate-authority-data': ca.toString('base64') } },
      ],
      users: [
        {
          name: 'u',
          user: {
            'client-certificate-data': crt.toString('base64'),
            'client-key-data': key.toString('base64'),
          },
        },
      ],
    };
    expect(summary(Buffer.from(JSON.stringify(embedded)))).toEqual({
      ...nothing,
      certificates: ['cluster c', 'user u'],
      keys: [true],
      kubeconfigs: 1,
    });
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello\n'],
    ['another kind of object', 'apiVersion: v1\nkind: Pod\nmetadata: {}\n'],
    ['zeros', Buffer.alloc(1_000)],
  ])('%s, and finds nothing in it', (_, bytes) => {
    expect(summary(Buffer.from(bytes))).toEqual(nothing);
  });

  it('what it cannot read with a word on what can', () => {
    const block = (label: string) => Buffer.from(`-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`);
    const [p7] = readMaterial(block('PKCS7'), 'x').problems;
    expect([p7?.message, p7?.hint]).toEqual([
      'a block of type PKCS7 is not read here',
      'openssl pkcs7 -print_certs -in FILE | kubetls inspect -',
    ]);
    expect(summary(block('ENCRYPTED PRIVATE KEY')).problems).toEqual([
      '1: a private key is encrypted and was not opened',
    ]);
    const utf16 = Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(ca.toString(), 'utf16le')]);
    expect(summary(utf16).problems[0]).toContain('PEM in UTF-16');
  });

  it.skipIf(!hasOpenssl())(
    'PKCS#12 with its password; PKCS#7 and old encrypted keys not at all (needs openssl)',
    () => {
      inTemporaryDirectory((at) => {
        writeFileSync(at('ca'), ca);
        openssl(['genrsa', '-traditional', '-aes128', '-passout', 'pass:x', '-out', at('key'), '2048']);
        expect(summary(readFileSync(at('key'))).problems).toEqual([
          '1: a private key is encrypted and was not opened',
        ]);
        const p12 = openssl(['pkcs12', '-export', '-nokeys', '-in', at('ca'), '-passout', 'pass:x']);
        expect(summary(p12).problems).toEqual(['-: is a PKCS#12 container that a password protects']);
        const opened = readMaterial(p12, 'x', new Secret(Buffer.from('x')));
        expect(opened.certificates).toHaveLength(1);
        const p7 = openssl(['crl2pkcs7', '-nocrl', '-outform', 'DER', '-certfile', at('ca')]);
        expect(summary(p7).problems).toEqual(['-: is a PKCS#7 container']);
      });
    },
  );
});

describe('a label that every object has a member of', () => {
  it.each(['__defineGetter__', 'hasOwnProperty', '__proto__', 'constructor'])(
    '%s is one like any other',
    (label) => {
      const file = Buffer.from(writePem(label, Buffer.from([0x30, 0])));
      expect(summary(file).problems).toEqual([`1: a block of type ${label} is not read here`]);
    },
  );
});

describe('a hostile text costs what its length costs', () => {
  const SIZE = 256 * 1024;
  it.each([
    '\n',
    '\t\n ',
    '\\',
    '-----BEGIN A-----\\',
    '-----BEGIN A-----\n-----END B-----',
    '"kind"',
    '{',
    'apiVersion ',
    'ETCD_A=',
    'MII',
    '- ',
  ])('%j over and over', (piece) => {
    const bytes = Buffer.from(`${piece.repeat(SIZE / piece.length)}\u0018 {`);
    const { user } = process.cpuUsage();
    readMaterial(bytes, 'kubelet.yaml');
    // Microseconds; what grows with the square of the length takes tens of seconds for each of these.
    expect(process.cpuUsage().user - user).toBeLessThan(2_000_000);
  });
});
