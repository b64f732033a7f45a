import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  mint,
  nameOf,
  NOW,
  rootDraft,
  san,
} from '../../test/judges/mint.ts';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../test/judges/openssl.ts';
import { applied, clusterOf } from '../../test/support/small-cluster.ts';
import { DAY } from '../base/index.ts';
import { makeName, parseCertificate, readCertificates } from '../x509/index.ts';
import { certificateChecks } from './certificate-checks.ts';
import { lintCertificate } from './index.ts';

const root = rootDraft('ca', keyOf('ca'));
const ca = (): Draft => ({
  ...intermediateDraft('below', keyOf('below'), root),
  keyUsage: ['keyCertSign', 'cRLSign'],
});
const server = (): Draft => leafDraft(nameOf('server'), keyOf('leaf', 'rsa-2048'), root, ['a.example.test']);
const REAL_RSA = keyOf('small', 'rsa-512');

/** One planted fault for each check; none of them may raise another. `more`: what cannot be without it. */
const PLANTED: readonly (readonly [id: string, draft: Draft, evidence: string, ...more: string[]])[] = [
  ['serial-short', server(), ''],
  ['key-weak', { ...server(), key: REAL_RSA }, '512 bits'],
  ['validity-reversed', { ...server(), notBefore: NOW, notAfter: NOW - DAY }, ''],
  ['issuer-empty', { ...server(), issuer: makeName([]) }, ''],
  ['ca-without-key-usage', { ...ca(), keyUsage: undefined }, ''],
  ['ca-cannot-sign', { ...ca(), keyUsage: ['digitalSignature'] }, ''],
  ['ca-without-subject', { ...ca(), subject: makeName([]) }, '', 'nameless'],
  ['ca-without-key-id', { ...ca(), subjectKeyId: undefined }, ''],
  ['leaf-signs', { ...server(), keyUsage: ['keyCertSign'] }, ''],
  ['leaf-path-length', { ...server(), basicConstraints: { ca: false, pathLength: 0 } }, ''],
  ['issuer-key-id-missing', { ...server(), authorityKeyId: undefined }, ''],
  ['encipherment-on-ec', { ...server(), key: keyOf('ec') }, 'ecdsa-p256'],
  ['nameless', { ...leafDraft(makeName([]), keyOf('leaf', 'rsa-2048'), root, []) }, ''],
  ['server-without-names', { ...server(), names: undefined }, ''],
  ['dns-trailing-dot', { ...server(), names: [san('a.example.')] }, 'a.example.'],
  ['dns-underscore', { ...server(), names: [san('a_b.example')] }, 'a_b.example'],
  ['dns-wildcard', { ...server(), names: [san('a*.example')] }, 'a*.example'],
  ['dns-malformed', { ...server(), names: [san('a..example')] }, 'a..example'],
  ['server-name-not-among-names', { ...server(), subject: nameOf('b.example.test') }, 'b.example.test'],
];

/** By openssl, which writes what our encoder does not. */
const FOREIGN: readonly (readonly [id: string, ...words: string[]])[] = [
  ['serial-zero', '-set_serial', '0'],
  ['serial-long', '-set_serial', `0x${'41'.repeat(21)}`],
  ['signature-weak', '-sha1'],
  ['unknown-critical', '-addext', '1.2.3.4=critical,ASN1:UTF8String:hi'],
  ['key-unknown', '-newkey', 'ed448'],
  ['ca-constraints-not-critical', '-addext', 'basicConstraints=CA:TRUE'],
];

/** By profile: those that it knows. RSA keys of 3072 and 4096 bits take seconds each, and differ in their size only. */
const ALGORITHMS = [
  ['flat', 'rsa-2048'],
  ['flat', 'ecdsa-p256'],
  ['flat', 'ecdsa-p384'],
  ['flat', 'ecdsa-p521'],
  ['kubeadm', 'rsa-2048'],
  ['kubeadm', 'ecdsa-p256'],
  ['kubeadm', 'ecdsa-p384'],
] as const;

describe('lint', () => {
  it.each(PLANTED.map((row) => [row[0], row] as const))('%s', (_, [id, draft, evidence, ...more]) => {
    const found = lintCertificate(mint(draft)).filter((one) => one.id !== 'serial-short' || id === one.id);
    expect(new Set(found.map((one) => one.id))).toEqual(new Set([id, ...more]));
    if (evidence !== '') expect(found[0]?.evidence).toBe(evidence);
  });

  it('a date of this century as GeneralizedTime', () => {
    const later = mint({ ...server(), notBefore: Date.UTC(2050, 0, 1), notAfter: Date.UTC(2051, 0, 1) });
    const der = Buffer.from(later.der);
    der.write('20260101', der.indexOf('20500101'), 'latin1');
    const found = lintCertificate(parseCertificate(der)).map(({ id, evidence }) => [id, evidence]);
    expect(found).toContainEqual(['time-form', '20260101000000Z']);
  });

  it.skipIf(!hasOpenssl()).each(FOREIGN)('%s (needs openssl)', (id, ...words) => {
    expect(ids(openssl(selfSigned(...words)))).toEqual([id]);
  });

  it.skipIf(!hasOpenssl())(
    'a certificate of version 1, and one whose names alone say who it is (needs openssl)',
    () => {
      inTemporaryDirectory((at) => {
        const request = [
          'req',
          '-new',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-keyout',
          at('key'),
          '-subj',
          '/CN=a',
        ];
        writeFileSync(at('csr'), openssl(request));
        const old = openssl(['x509', '-req', '-in', at('csr'), '-signkey', at('key'), '-days', '1']);
        expect(ids(old)).toEqual(['version-old']);
      });
      const nobody = selfSigned('-addext', 'subjectAltName=DNS:a.test').map((word) =>
        word === '/CN=a' ? '/' : word,
      );
      expect(ids(openssl(nobody))).toContain('names-not-critical');
    },
  );

  it('every check has its planted case', () => {
    const planted = [...PLANTED, ...FOREIGN].map(([id]) => id);
    const here = ['time-form', 'version-old', 'names-not-critical'];
    expect(new Set([...planted, ...here])).toEqual(new Set(certificateChecks.map(({ id }) => id)));
  });

  it.each(ALGORITHMS)('what kubetls issues is clean: %s, %s', async (profile, algorithm) => {
    const { inventory } = await applied(clusterOf({ profile, keys: { algorithm } }));
    const certificates = [...inventory.entries.values()].flatMap(({ content }) =>
      content.kind === 'certificates' ? content.certificates : [],
    );
    expect(certificates.length).toBeGreaterThan(8);
    const found = certificates.flatMap(lintCertificate).map(({ id }) => id);
    // kubeadm writes keyEncipherment whatever the key (cmd/kubeadm/app/util/pkiutil), and so does its profile.
    const kubeadms = profile === 'kubeadm' && algorithm !== 'rsa-2048' ? ['encipherment-on-ec'] : [];
    expect([...new Set(found)]).toEqual(kubeadms);
  });
});

function selfSigned(...words: readonly string[]): string[] {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null'];
  const usage = ['-addext', 'keyUsage=critical,keyCertSign'];
  return ['req', '-x509', ...key, '-subj', '/CN=a', '-days', '9', ...usage, ...words];
}

function ids(pem: Uint8Array): string[] {
  return readCertificates(pem)
    .certificates.flatMap(lintCertificate)
    .map(({ id }) => id);
}
