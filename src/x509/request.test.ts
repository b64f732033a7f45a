import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../test/judges/openssl.ts';
import { codeOf } from '../../test/judges/code-of.ts';
import { KubetlsError } from '../base/index.ts';
import { DerReader, Tag } from './der.ts';
import { encode, encodeAll } from './der-encode.ts';
import { encodeExtensionList } from './extension-build.ts';
import { Oid, oidElement } from './oid.ts';
import {
  assembleRequest,
  type CertificateRequest,
  checkSignature,
  dnsName,
  encodeRequestInfo,
  type Extension,
  ipName,
  keyUsageExtension,
  makeName,
  nameText,
  parseRequest,
  readPrivateKey,
  signatureAlgorithmFor,
  signBytes,
  subjectAltNameExtension,
  writePem,
} from './index.ts';

const key = readPrivateKey(
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
);
const subject = makeName([
  { type: 'O', value: 'system:nodes' },
  { type: 'CN', value: 'system:node:worker-1' },
]);
const SANS = [dnsName('worker-1'), ipName('10.0.0.21')];

function request(extensions: readonly Extension[]): CertificateRequest {
  const info = encodeRequestInfo({ subject, publicKey: key.publicKey, extensions });
  return assembleRequest(info, signatureAlgorithmFor(key.publicKey).identifier, signBytes(key, info));
}

it('with very many attributes takes time in proportion to them', () => {
  const good = request([]);
  const attribute = (n: number) => {
    const oid = encode(Tag.oid, Uint8Array.of(0x2a, n >> 14, (n >> 7) & 0x7f, n & 0x7f));
    const list = encode(Tag.sequence, encode(Tag.sequence, oid, encode(Tag.octetString)));
    return encode(Tag.sequence, oidElement(Oid.extensionRequest), encode(Tag.set, list));
  };
  const infoParts = [...childrenOf(childrenOf(good.der)[0]!)].slice(0, 3);
  const all = encodeAll(
    0xa0,
    Array.from({ length: 40_000 }, (_, n) => attribute(n)),
  );
  const info = encode(Tag.sequence, ...infoParts, all);
  const started = process.cpuUsage();
  const many = parseRequest(encode(Tag.sequence, info, ...childrenOf(good.der).slice(1)));
  expect(many.extensions).toHaveLength(40_000);
  // With one look back for each attribute it was a minute.
  expect(process.cpuUsage(started).user).toBeLessThan(5e6);
});

/** The elements inside of one. */
function childrenOf(der: Uint8Array): Uint8Array[] {
  const inner = new DerReader(der).enter(der[0]!, 'element');
  const found: Uint8Array[] = [];
  while (!inner.done) found.push(inner.any('element'));
  return found;
}

describe('a request that we write', () => {
  const made = request([subjectAltNameExtension(SANS, false), keyUsageExtension(['digitalSignature'])]);

  it('has what was asked for', () => {
    const read = parseRequest(made.der);
    expect(nameText(read.subject)).toBe('CN=system:node:worker-1,O=system:nodes');
    expect(read.subjectAltNames).toEqual(SANS);
    expect(read.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
      ['2.5.29.17', false],
      ['2.5.29.15', true],
    ]);
    expect(read.publicKey).toEqual(key.publicKey);
    const { signatureAlgorithm, signatureParameters, info, signature } = read;
    expect(checkSignature(read.publicKey, signatureAlgorithm, signatureParameters, info, signature)).toBe(
      'ok',
    );
  });

  it('may ask for nothing but the name', () => {
    const plain = request([]);
    expect([plain.extensions, plain.subjectAltNames]).toEqual([[], undefined]);
  });

  it.skipIf(!hasOpenssl())('is verified and read alike by openssl (needs openssl)', () => {
    for (const each of [made, request([])]) {
      const text = openssl(
        ['req', '-noout', '-text', '-verify'],
        writePem('CERTIFICATE REQUEST', each.der),
      ).toString();
      expect(text).toContain('Subject: O = system:nodes, CN = system:node:worker-1');
      expect(text.includes('DNS:worker-1, IP Address:10.0.0.21')).toBe(each === made);
    }
  });

  it('asks for an extension once', () => {
    expect(codeOf(() => request([keyUsageExtension([]), keyUsageExtension([])]))).toBe(
      'x509/duplicate-extension',
    );
  });
});

describe.skipIf(!hasOpenssl())('a request of openssl (needs openssl)', () => {
  const config = (body: string) => `[req]\ndistinguished_name=dn\nprompt=no\n${body}\n[dn]\nCN=a\nO=b\n`;
  const made = (body: string) =>
    inTemporaryDirectory((at) => {
      writeFileSync(at('config'), config(body));
      openssl(['genpkey', '-algorithm', 'ed25519', '-out', at('key')]);
      return openssl(['req', '-new', '-key', at('key'), '-config', at('config'), '-outform', 'DER']);
    });

  it('with attributes of other kinds is read', () => {
    const der = made(
      'attributes=at\nreq_extensions=ext\n[at]\nchallengePassword=secret\nunstructuredName=x\n[ext]\nsubjectAltName=DNS:x.test,IP:fd00::1,dirName:dn\nkeyUsage=critical,keyAgreement',
    );
    const read = parseRequest(der);
    expect(read.subjectAltNames?.map((name) => (name.kind === 'other' ? name.tag : name.value))).toEqual([
      'x.test',
      'fd00::1',
      0xa4,
    ]);
    expect(read.publicKey.name).toBe('ed25519');
    expect(nameText(read.subject)).toBe('CN=a,O=b');
  });

  it('gives a KubetlsError or a request, however it was damaged', () => {
    const der = made('req_extensions=ext\n[ext]\nsubjectAltName=DNS:x.test,URI:spiffe://a/b\n');
    let refused = 0;
    fc.assert(
      fc.property(
        fc.nat(der.length - 1),
        fc.nat(255),
        fc.nat(der.length - 1),
        fc.nat(255),
        (at, octet, at2, octet2) => {
          const damaged = Uint8Array.from(der);
          damaged[at] = octet;
          damaged[at2] = octet2;
          try {
            const read = parseRequest(damaged);
            nameText(read.subject);
            expect([read.info, read.signature, read.extensions, read.subjectAltNames]).toBeDefined();
          } catch (error) {
            if (!(error instanceof KubetlsError)) throw error;
            refused++;
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});

describe('requests that Go refuses', () => {
  const { der } = request([]);

  it('with data behind them, too large, or without attributes', () => {
    expect(codeOf(() => parseRequest(Buffer.concat([der, Uint8Array.of(0)])))).toBe('x509/der-trailing');
    expect(codeOf(() => parseRequest(new Uint8Array(2 ** 21 + 1)))).toBe('x509/too-large');
    const at = Buffer.from(der).indexOf('a000', 'hex');
    const without = Uint8Array.from(der);
    without[at] = 0xa1;
    expect(codeOf(() => parseRequest(without))).toBe('x509/der-tag');
  });

  it('that ask for an extension in two attributes', () => {
    const attribute = (extension: Extension) =>
      encode(
        Tag.sequence,
        oidElement(Oid.extensionRequest),
        encode(Tag.set, encodeExtensionList([extension])),
      );
    const withAttributes = (...attributes: Uint8Array[]) => {
      const info = encode(
        Tag.sequence,
        encode(Tag.integer, Uint8Array.of(0)),
        subject.der,
        key.publicKey.spki,
        encode(0xa0, ...attributes),
      );
      return assembleRequest(info, signatureAlgorithmFor(key.publicKey).identifier, signBytes(key, info));
    };
    const [usage, names] = [keyUsageExtension(['cRLSign']), subjectAltNameExtension(SANS, false)];
    expect(withAttributes(attribute(usage), attribute(names)).extensions).toHaveLength(2);
    expect(codeOf(() => withAttributes(attribute(usage), attribute(usage)))).toBe('x509/duplicate-extension');
  });
});
