import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Failure, renderFailure } from '../base/index.ts';
import {
  assembleCertificate,
  commonName,
  encodeTbsCertificate,
  makeName,
  parseCertificate,
  readCertificates,
  readPoolPem,
  readPrivateKey,
  signatureAlgorithmFor,
  signBytes,
  writePem,
} from './index.ts';

const privateKey = generateKeyPairSync('ed25519').privateKey;
const key = readPrivateKey(privateKey.export({ format: 'der', type: 'pkcs8' }));
const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

function der(cn: string): Uint8Array {
  const signatureAlgorithm = signatureAlgorithmFor(key.publicKey).identifier;
  const name = makeName([{ type: 'CN', value: cn }]);
  const tbs = encodeTbsCertificate({
    serial: Uint8Array.of(1),
    signatureAlgorithm,
    issuer: name,
    notBefore: 0,
    notAfter: 1_000,
    subject: name,
    publicKey: key.publicKey,
    extensions: [],
  });
  return assembleCertificate(tbs, signatureAlgorithm, signBytes(key, tbs)).der;
}

function read(input: string | Uint8Array) {
  const { certificates, problems } = readCertificates(typeof input === 'string' ? Buffer.from(input) : input);
  return {
    names: certificates.map(({ subject }) => commonName(subject)).join(),
    problems: problems.map(renderFailure),
  };
}

const pem = (cn: string, label = 'CERTIFICATE') => writePem(label, der(cn));

describe('a bundle', () => {
  it('gives its certificates in order, whatever stands between them', () => {
    expect(read(`# roots\n${pem('a')}${keyPem}\ntext\n${pem('b')}`)).toEqual({ names: 'a,b', problems: [] });
  });

  it('may be the DER of one certificate', () => {
    expect(read(der('a'))).toEqual({ names: 'a', problems: [] });
  });

  it('passes over what is broken, as Go does, and says so with the line', () => {
    const broken = writePem('CERTIFICATE', der('x').slice(0, -1));
    expect(read(`${pem('a')}${broken}${pem('b')}`)).toEqual({
      names: 'a,b',
      problems: ['8: certificate: byte 0: an element is longer than what holds it'],
    });
  });

  it('has only blocks of label CERTIFICATE without headers for Go', () => {
    const headers = pem('c').replace('-----\n', '-----\nk: v\n\n');
    const text = `${pem('a', 'TRUSTED CERTIFICATE')}${pem('b', 'X509 CERTIFICATE')}${headers}${pem('d')}`;
    const { names, problems } = read(text);
    expect(names).toBe('d');
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['1', '8', '15']);
  });

  it.each([
    ['nothing', '', 'there is no certificate in it'],
    ['text', 'hello', 'there is no certificate in it'],
    ['a key only', keyPem, 'there is no certificate in it'],
    ['a cut DER', der('a').slice(0, 50), 'certificate: byte 0: an element is longer than what holds it'],
    ['too much', new Uint8Array(2 ** 26 + 1), 'a PEM text has more than 67108864 bytes'],
  ])('with %s has a problem', (_, input, problem) => {
    expect(read(input)).toEqual({ names: '', problems: [problem] });
  });

  it('is read in one go when it is long', () => {
    const one = pem('a');
    expect(readCertificates(Buffer.from(one.repeat(5_000))).certificates).toHaveLength(5_000);
  });
});

describe('what goes into a pool', () => {
  const headed = pem('headed').replace('\n', '\nOrigin: here\n\n');
  it.each([
    ['every block of a certificate', pem('a') + keyPem + pem('b'), 'a,b', []],
    ['none behind a byte order mark', `\ufeff${pem('a')}${pem('b')}`, 'b', ['x509/pem-bom']],
    ['none with headers', headed + pem('b'), 'b', ['x509/pem-header']],
    ['none of another label', pem('a', 'TRUSTED CERTIFICATE') + pem('b'), 'b', ['x509/pem-label']],
  ])('%s', (_, text, names, codes) => {
    const problems: Failure[] = [];
    const found = readPoolPem(Buffer.from(text), problems).map(({ bytes }) => parseCertificate(bytes));
    expect(found.map(({ subject }) => commonName(subject)).join()).toBe(names);
    expect(problems.map(({ code }) => code)).toEqual(codes);
  });
});
