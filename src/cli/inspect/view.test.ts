import { describe, expect, it } from 'vitest';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../../test/judges/openssl.ts';
import { recordedConsole } from '../../../test/support/recorded-console.ts';
import { unsignedList } from '../../../test/support/revocation-list.ts';
import { writeFileSync } from 'node:fs';
import { DAY } from '../../base/index.ts';
import { writePem } from '../../x509/index.ts';
import { inspectJson } from './json.ts';
import { inspectBytes } from './read.ts';
import { printInspected } from './view.ts';

/** Subject, extensions, and more arguments of `openssl req -x509`. */
type Recipe = readonly [
  name: string,
  subject: string,
  extensions: readonly string[],
  more?: readonly string[],
];

const recipes: readonly Recipe[] = [
  [
    'a server',
    '/O=Example/CN=kube-apiserver',
    ['subjectAltName=DNS:kubernetes,IP:10.96.0.1', 'extendedKeyUsage=serverAuth'],
  ],
  ['an empty subject', '/', ['subjectAltName=critical,DNS:a.test']],
  [
    'many names',
    '/CN=many',
    [`subjectAltName=${Array.from({ length: 300 }, (_, i) => `DNS:h${i}.test`).join(',')}`],
  ],
  ['IPv6', '/CN=v6', ['subjectAltName=IP:2001:db8::1,IP:::1,IP:10.0.0.1']],
  ['e-mail and URI', '/CN=a', ['subjectAltName=email:me@example.test,URI:spiffe://td/ns/a']],
  ['an unknown usage', '/CN=a', ['extendedKeyUsage=serverAuth,clientAuth,1.2.3.4.5,codeSigning']],
  [
    'an authority with constraints',
    '/CN=ca',
    [
      'basicConstraints=critical,CA:TRUE,pathlen:1',
      'keyUsage=critical,keyCertSign,cRLSign',
      'nameConstraints=critical,permitted;DNS:.example.test,excluded;IP:10.0.0.0/255.0.0.0',
    ],
  ],
  ['RSA-1024', '/CN=weak', [], ['-newkey', 'rsa:1024']],
  ['SHA-1', '/CN=old', [], ['-sha1']],
  ['Ed25519', '/CN=ed', [], ['-newkey', 'ed25519']],
  ['several values', '/O=system:masters/O=b/CN=a', []],
  ['a name in another script', '/CN=日本', []],
  ['a critical extension that nobody knows', '/CN=a', ['1.2.3.4=critical,ASN1:UTF8String:hi']],
];

describe.skipIf(!hasOpenssl())('odd certificates say what openssl says of them (needs openssl)', () => {
  it.each(recipes.map((recipe) => [recipe[0], recipe] as const))('%s', (_, [, ...recipe]) => {
    const pem = made(...recipe);
    const [found] = jsonOf(pem).certificates;
    const said = (...words: string[]) => openssl(['x509', '-noout', ...words], pem).toString();
    const serial = said('-serial').trim().slice('serial='.length);
    expect(BigInt(found?.serial ?? 0)).toBe(BigInt(`0x${serial}`));
    expect(found?.sha256).toBe(
      said('-fingerprint', '-sha256').split('=')[1]?.trim().replaceAll(':', '').toLowerCase(),
    );
    const names = said('-ext', 'subjectAltName');
    expect(found?.dnsNames).toEqual([...names.matchAll(/DNS:([^,\n]+)/g)].map(([, name]) => name));
    expect(found?.emails).toEqual([...names.matchAll(/email:([^,\n]+)/g)].map(([, name]) => name));
    expect(found?.uris).toEqual([...names.matchAll(/URI:([^,\n]+)/g)].map(([, name]) => name));
    expect(found?.ipAddresses).toHaveLength([...names.matchAll(/IP Address:/g)].length);
    for (const date of ['notBefore', 'notAfter'] as const) {
      const text = said(date === 'notBefore' ? '-startdate' : '-enddate').split('=')[1] ?? '';
      expect(Date.parse(found?.[date] ?? '')).toBe(Date.parse(text));
    }
    expect(found?.ca).toBe(said('-ext', 'basicConstraints').includes('CA:TRUE'));
    // What a person sees is of one line each, and has no more than it needs.
    const text = shown(pem);
    expect(text).toContain(`sha256       ${found?.sha256}`);
    expect(text.split('\n').length).toBeLessThan(14);
  });

  it('what Go will not have is noted', () => {
    expect(shown(made('/CN=a', [], ['-newkey', 'rsa:1024']))).toContain(
      'error        the RSA key has less than 2048 bits: 1024 bits',
    );
    expect(shown(made('/CN=a', [], ['-newkey', 'rsa:2048', '-sha1']))).toContain(
      'it is signed with a broken hash: SHA1-RSA',
    );
    const server = ['extendedKeyUsage=serverAuth', 'basicConstraints=CA:FALSE'];
    expect(shown(made('/CN=a', server))).toContain('a server certificate without alternative names');
    expect(shown(made('/CN=a', ['1.2.3.4=critical,ASN1:UTF8String:hi']))).toContain(
      'a critical extension that Go does not know: 1.2.3.4',
    );
  });

  it('what is stricter than Go: the worst first, notes folded; with -v its reason and source', () => {
    const pem = made('/CN=a', ['keyUsage=keyEncipherment,keyCertSign', 'basicConstraints=CA:FALSE']);
    const text = shown(pem);
    expect(text).toContain(
      '  error        a leaf that says it signs certificates\n               … and 1 more finding',
    );
    expect(text).not.toContain('keyEncipherment on a key that cannot encipher');
    const all = shown(pem, Date.now(), undefined, true);
    expect(all).toContain('note         keyEncipherment on a key that cannot encipher: ecdsa-p256');
    expect(all).toContain('encipherment-on-ec; RFC 8813, 3');
    const clean = made('/CN=a', ['keyUsage=critical,keyCertSign']);
    expect(shown(clean)).not.toMatch(/error|warning|finding|note/);
  });

  it('of a request and of a CRL too', () => {
    const key = ['-newkey', 'rsa:1024', '-nodes', '-keyout', '/dev/null'];
    const request = openssl(['req', '-new', ...key, '-subj', '/CN=a']);
    expect(shown(request)).toContain('error        the RSA key has less than 2048 bits: 1024 bits');
    const list = writePem('X509 CRL', unsignedList(0));
    expect(shown(Buffer.from(list))).toContain('warning      it has no number');
  });

  it('what an authority may do is said in words', () => {
    const text = shown(made('/CN=ca', recipes[6]?.[2] ?? []));
    expect(text).toMatch(/^Authority \(root\)/);
    expect(text).toContain('usable for   signing certificates');
    expect(text).toContain('permits only DNS:.example.test');
    expect(text).toContain('excludes     IP Address:10.0.0.0/8');
  });

  it('as of another day it is expired, or not yet valid', () => {
    const pem = made('/CN=a', []);
    expect(shown(pem, Date.now() + 400 * DAY)).toMatch(/EXPIRED \d+ days ago/);
    expect(shown(pem, Date.now() - 2 * DAY)).toMatch(/NOT YET VALID, begins in/);
  });

  it('fits terminals of 80 and 120 columns', () => {
    for (const width of [80, 120]) {
      for (const [, subject, extensions, more] of recipes.slice(0, 7)) {
        for (const line of shown(made(subject, extensions, more), Date.now(), width).split('\n'))
          expect(line.length, line).toBeLessThanOrEqual(width);
      }
    }
  });

  it('hides nothing with -v, and folds many names without', () => {
    const [, subject, extensions] = recipes[2] as Recipe;
    const pem = made(subject, extensions);
    expect(shown(pem)).toContain('… and 276 more names (-v shows all)');
    const all = shown(pem, Date.now(), undefined, true);
    expect(all).toContain('DNS:h299.test');
    for (const label of ['key usage', 'serial', 'version', 'issuer key'])
      expect(all).toContain(`  ${label} `);
  });

  it('control characters, bidirectional marks and line breaks in names are escaped', () => {
    const pem = made('/CN=a\u001b[2Jb\u202ec', ['subjectAltName=email:a\u0007b']);
    const text = shown(pem);
    // oxlint-disable-next-line no-control-regex -- none of them may get through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('\\u202e');
  });

  it('a key says which of the certificates it belongs to', () => {
    inTemporaryDirectory((at) => {
      const key = openssl(['genrsa', '2048']);
      writeFileSync(at('k'), key);
      const pem = openssl(['req', '-x509', '-key', at('k'), '-subj', '/CN=mine', '-days', '1']);
      const text = shown(Buffer.concat([made('/CN=other', []), pem, key]));
      expect(text).toMatch(/Private key .*\n.*\n.*\n {2}belongs to {3}x \(CN=mine\)$/);
      expect(text).toContain('Authority (root) 2 of 2');
    });
  });
});

function made(subject: string, extensions: readonly string[], more: readonly string[] = []): Buffer {
  const key = more.includes('-newkey') ? [] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const added = extensions.flatMap((line) => ['-addext', line]);
  const words = ['-utf8', '-nodes', '-keyout', '/dev/null', '-days', '365', '-subj', subject];
  return openssl(['req', '-x509', ...key, ...more, ...words, ...added]);
}

interface CertificateJson {
  readonly serial: string;
  readonly sha256: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly ca: boolean;
  readonly dnsNames: string[];
  readonly ipAddresses: string[];
  readonly uris: string[];
  readonly emails: string[];
}

function jsonOf(pem: Uint8Array): { certificates: CertificateJson[] } {
  return inspectJson([inspectBytes(pem, 'x')], Date.now()) as { certificates: CertificateJson[] };
}

function shown(pem: Uint8Array, at = Date.now(), width?: number, verbose = false): string {
  const { console, text } = recordedConsole({ verbose }, width);
  printInspected(console, [inspectBytes(pem, 'x')], at);
  return text();
}
