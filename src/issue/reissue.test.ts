import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../test/judges/openssl.ts';
import { keyOf, leafDraft, mint, nameOf, rootDraft } from '../../test/judges/mint.ts';
import { AUTHORITY, LEAF } from '../../test/judges/templates.ts';
import { systemKeys, systemRandom } from '../apply/system-keys.ts';
import { DAY, SECOND, YEAR } from '../base/index.ts';
import { verifyChain } from '../verify/index.ts';
import {
  type Certificate,
  type PrivateKey,
  readCertificates,
  readPrivateKey,
  writePem,
} from '../x509/index.ts';
import { issueAuthority, issueCertificate, reissueAuthority, signerFor } from './index.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const THEN = NOW - 10 * YEAR - DAY;
const keys = systemKeys();
const random = systemRandom();
const pem = (certificate: Certificate) => writePem('CERTIFICATE', certificate.der);

interface Old {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

function ours(): Old {
  const key = keys.generate('ecdsa-p256');
  return {
    key,
    certificate: issueAuthority({ template: AUTHORITY, signer: signerFor(key), now: THEN, random }),
  };
}

/** As people make them: the name in other string types, and a key identifier that names the number too. */
function byOpenssl(): Old {
  return inTemporaryDirectory((at) => {
    const extensions = [
      'basicConstraints=critical,CA:TRUE',
      'subjectKeyIdentifier=0102030405060708',
      'authorityKeyIdentifier=keyid:always,issuer:always',
    ];
    writeFileSync(
      at('conf'),
      `[req]\ndistinguished_name=dn\nstring_mask=pkix\nx509_extensions=ext\nprompt=no\n[dn]\nO=Example\nCN=kube ca\n[ext]\n${extensions.join('\n')}\n`,
    );
    const subject = ['-config', at('conf'), '-days', '3650', '-newkey', 'rsa:2048', '-nodes'];
    const made = openssl(['req', '-x509', ...subject, '-keyout', at('key'), '-sha256']);
    const [certificate] = readCertificates(made).certificates;
    if (!certificate) throw new Error('openssl made none');
    return { certificate, key: readPrivateKey(openssl(['pkey', '-in', at('key')])) };
  });
}

function again({ certificate, key }: Old, now = NOW): Certificate {
  const order = { previous: certificate, signer: signerFor(key), lifetime: 10 * YEAR, serialBits: 159 };
  return reissueAuthority({ ...order, now, random });
}

function leafBy({ certificate, key }: Old, now: number): Certificate {
  const { publicKey } = keys.generate('ecdsa-p256');
  const authority = { certificate, signer: signerFor(key) };
  return issueCertificate({ template: { ...LEAF, lifetime: 30 * YEAR }, publicKey, authority, now, random });
}

function go(leaf: Certificate, root: Certificate, at: number): boolean {
  return verifyChain({ leaf, roots: [root], intermediates: [], at, name: 'kubernetes', usage: 'server' }).ok;
}

function ssl(leaf: Certificate, root: Certificate, at: number): string {
  return inTemporaryDirectory((file) => {
    writeFileSync(file('ca'), pem(root));
    writeFileSync(file('leaf'), pem(leaf));
    const strict = ['-purpose', 'sslserver', '-attime', String(Math.floor(at / SECOND))];
    return openssl(['verify', ...strict, '-CAfile', file('ca'), file('leaf')]).toString();
  });
}

describe.skipIf(!hasOpenssl()).each([
  { by: 'kubetls', made: ours, at: NOW },
  { by: 'openssl', made: byOpenssl, at: Date.now() + 3_660 * DAY },
])('an authority of $by anew, for the key that it has (needs openssl)', ({ made, at }) => {
  const old = made();
  const renewed = again(old, at);

  it('is the same but for its dates and its number', () => {
    expect(renewed.subject.der).toEqual(old.certificate.subject.der);
    expect(renewed.issuer.der).toEqual(old.certificate.subject.der);
    expect(renewed.subjectKeyId).toEqual(old.certificate.subjectKeyId);
    expect(renewed.publicKey.spki).toEqual(old.certificate.publicKey.spki);
    expect(renewed.serial).not.toEqual(old.certificate.serial);
    expect(renewed.notAfter).toBe(at + 10 * YEAR - ((at + 10 * YEAR) % SECOND));
  });

  it('verifies what the old one signed, and the old one verifies what it signs: Go and openssl', () => {
    const [first, then] = [old.certificate.notBefore + DAY, old.certificate.notBefore + 3 * DAY];
    const next = again(old, first);
    const [oldLeaf, newLeaf] = [leafBy(old, first), leafBy({ ...old, certificate: next }, first)];
    for (const leaf of [oldLeaf, newLeaf])
      for (const root of [old.certificate, next]) {
        expect(go(leaf, root, then)).toBe(true);
        expect(ssl(leaf, root, then)).toContain('OK');
      }
  });

  it('verifies what it signs when the old one has ended, and no one else does', () => {
    const leaf = leafBy({ ...old, certificate: renewed }, at);
    expect(go(leaf, renewed, at)).toBe(true);
    expect(ssl(leaf, renewed, at)).toContain('OK');
    expect(go(leaf, old.certificate, at)).toBe(false);
  });
});

describe('what is not made anew', () => {
  const old = ours();
  const order = { lifetime: YEAR, serialBits: 159, now: NOW, random };

  it('another key', () => {
    const signer = signerFor(keys.generate('ecdsa-p256'));
    expect(() => reissueAuthority({ ...order, previous: old.certificate, signer })).toThrow(
      'the signing key is not that of the certificate of "CN=KUBERNETES-CA"',
    );
  });

  it('one that another authority has signed', () => {
    const key = keys.generate('ecdsa-p256');
    const parent = { certificate: old.certificate, signer: signerFor(old.key) };
    const template = { ...AUTHORITY, subject: [{ type: 'CN', value: 'kubernetes' }] };
    const previous = issueAuthority({ template, signer: signerFor(key), parent, now: THEN, random });
    expect(() => reissueAuthority({ ...order, previous, signer: signerFor(key) })).toThrow(
      '"CN=kubernetes" is signed by another authority',
    );
  });

  it('a leaf that names itself', () => {
    const key = keyOf('leaf');
    const leaf = mint({
      ...leafDraft(nameOf('kubernetes'), key, rootDraft('x', key), []),
      issuer: nameOf('kubernetes'),
    });
    expect(() => reissueAuthority({ ...order, previous: leaf, signer: signerFor(key) })).toThrow('is no CA');
  });
});
