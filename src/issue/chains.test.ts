import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../test/judges/openssl.ts';
import { AUTHORITY, LEAF } from '../../test/judges/templates.ts';
import { systemKeys, systemRandom } from '../apply/system-keys.ts';
import { type Certificate, type KeyAlgorithm, KEY_ALGORITHMS, sameKey, writePem } from '../x509/index.ts';
import {
  type Authority,
  createRequest,
  issueAuthority,
  issueCertificate,
  type Signer,
  signerFor,
} from './index.ts';

const NOW = Date.now();
const keys = systemKeys();
const random = systemRandom();

const pem = (certificate: Certificate) => writePem('CERTIFICATE', certificate.der);

/** OpenSSL 3.2 writes `CN=x` where 3.0 wrote `CN = x`. */
const textOf = (printed: Buffer) => printed.toString().replace(/ +\n/g, '\n').replaceAll(' = ', '=');

/** One key an algorithm: RSA keys are dear. */
const signers = new Map<KeyAlgorithm, Signer>();
function signerOf(algorithm: KeyAlgorithm): Signer {
  const known = signers.get(algorithm) ?? signerFor(keys.generate(algorithm));
  signers.set(algorithm, known);
  return known;
}

function root(algorithm: KeyAlgorithm): Authority {
  const signer = signerOf(algorithm);
  return { certificate: issueAuthority({ template: AUTHORITY, signer, now: NOW, random }), signer };
}

function verify(anchors: readonly Certificate[], between: readonly Certificate[], leaf: Certificate): string {
  return inTemporaryDirectory((at) => {
    writeFileSync(at('anchors'), anchors.map(pem).join(''));
    writeFileSync(at('between'), between.map(pem).join(''));
    writeFileSync(at('leaf'), pem(leaf));
    const rest = between.length > 0 ? ['-untrusted', at('between')] : [];
    const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'kubernetes'];
    return openssl([...args, '-CAfile', at('anchors'), ...rest, at('leaf')])
      .toString()
      .replace(at('leaf'), 'leaf');
  });
}

const ALGORITHMS = KEY_ALGORITHMS.filter((name) => name !== 'rsa-4096');
const PAIRS = ALGORITHMS.flatMap((by) => ALGORITHMS.map((of) => [by, of] as const));

describe.skipIf(!hasOpenssl())('chains (needs openssl)', () => {
  it.each(PAIRS)('%s signs %s, and openssl verify -x509_strict takes it', (by, of) => {
    const authority = root(by);
    const { publicKey } = signerOf(of);
    const leaf = issueCertificate({ template: LEAF, publicKey, authority, now: NOW, random });
    expect(verify([authority.certificate], [], leaf)).toBe('leaf: OK\n');
  });

  it('three deep, with path lengths', () => {
    const top = root('ecdsa-p384');
    const signer = signerOf('ecdsa-p256');
    const template = {
      ...AUTHORITY,
      subject: [{ type: 'CN', value: 'KUBERNETES-CA-1' }],
      basicConstraints: { ca: true, pathLength: 0 },
    };
    const certificate = issueAuthority({ template, signer, parent: top, now: NOW, random });
    const { publicKey } = signerOf('ed25519');
    const order = {
      template: { ...LEAF, subjectKeyId: true },
      publicKey,
      authority: { certificate, signer },
    };
    const leaf = issueCertificate({ ...order, now: NOW, random });
    expect(verify([top.certificate], [certificate], leaf)).toBe('leaf: OK\n');
    expect(() => verify([root('ecdsa-p521').certificate], [certificate], leaf)).toThrow(
      'unable to get local issuer',
    );
  });

  it('a leaf without a subject, known by its names alone', () => {
    const authority = root('ecdsa-p256');
    const { publicKey } = signerOf('ecdsa-p256');
    const leaf = issueCertificate({
      template: { ...LEAF, subject: [] },
      publicKey,
      authority,
      now: NOW,
      random,
    });
    expect(verify([authority.certificate], [], leaf)).toBe('leaf: OK\n');
  });

  it('kubeadm’s ways: usages to the letter, 63-bit serials, no key identifier', () => {
    const authority = root('ecdsa-p256');
    const { publicKey } = signerOf('ecdsa-p256');
    const template = {
      ...LEAF,
      keyUsage: ['digitalSignature', 'keyEncipherment'] as const,
      exactUsages: true,
      sortDnsNames: true,
      serialBits: 63,
    };
    const leaf = issueCertificate({ template, publicKey, authority, now: NOW, random });
    const text = textOf(openssl(['x509', '-noout', '-text'], pem(leaf)));
    expect(text).toContain('Version: 3 (0x2)');
    expect(text).toContain('Signature Algorithm: ecdsa-with-SHA256');
    expect(text).toContain('Issuer: CN=KUBERNETES-CA');
    expect(text).toContain('Subject: O=system:masters, CN=kube-apiserver');
    const extensions = text.slice(
      text.indexOf('X509v3 extensions'),
      text.indexOf('Signature Algorithm: ', 300),
    );
    expect(extensions.replace(/keyid:[0-9A-F:]+|(?<=Identifier:\n +)[0-9A-F:]{59}/g, 'KEYID')).toBe(
      [
        'X509v3 extensions:',
        '            X509v3 Key Usage: critical',
        '                Digital Signature, Key Encipherment',
        '            X509v3 Extended Key Usage:',
        '                TLS Web Server Authentication',
        '            X509v3 Basic Constraints: critical',
        '                CA:FALSE',
        '            X509v3 Authority Key Identifier:',
        '                KEYID',
        '            X509v3 Subject Alternative Name:',
        '                DNS:api.example.test, DNS:kubernetes, DNS:kubernetes.default.svc, IP Address:10.96.0.1, IP Address:FD00:0:0:0:0:0:0:1',
        '    ',
      ].join('\n'),
    );
    expect(verify([authority.certificate], [], leaf)).toBe('leaf: OK\n');
  });
});

describe.skipIf(!hasOpenssl())('requests (needs openssl)', () => {
  it.each(ALGORITHMS)('%s: openssl req -verify takes it', (algorithm) => {
    const names = { dnsNames: ['kubernetes', 'KUBERNETES'], ipAddresses: ['10.0.0.1'], uris: [] };
    const request = createRequest({ subject: LEAF.subject, names, signer: signerOf(algorithm) });
    const text = textOf(
      openssl(['req', '-verify', '-noout', '-text'], writePem('CERTIFICATE REQUEST', request.der)),
    );
    expect(text).toContain('Subject: O=system:masters, CN=kube-apiserver');
    expect(text).toContain('DNS:kubernetes, IP Address:10.0.0.1\n');
    expect(sameKey(request.publicKey, signerOf(algorithm).publicKey)).toBe(true);
  });

  it('asks for nothing when there is nothing to ask for', () => {
    const names = { dnsNames: [], ipAddresses: [], uris: [] };
    const request = createRequest({ subject: [], names, signer: signerOf('ecdsa-p256') });
    expect(request.extensions).toEqual([]);
    expect(
      openssl(
        ['req', '-verify', '-noout', '-subject'],
        writePem('CERTIFICATE REQUEST', request.der),
      ).toString(),
    ).toBe('subject=\n');
  });
});
