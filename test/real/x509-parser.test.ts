import { beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { expectedFailure, KubetlsError, toHex } from '../../src/base/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  type KeyUsage,
  parseCertificate,
  parseRequest,
  serialDecimal,
} from '../../src/x509/index.ts';
import { parseRefusal, requestRefusal, requestSignatureRefusal } from '../../src/verify/index.ts';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../judges/openssl.ts';
import { requestsOfDates } from './date-values.ts';
import { goParse, type ParseAnswer } from './oracle.ts';
import { damagedOnes } from './parser-mutations.ts';
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

const real = await realTools();
const CASES = 6_000;
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

const CONFIG = `
[req]
distinguished_name=dn
prompt=no
attributes=attributes
req_extensions=leaf
[attributes]
challengePassword=hello
[dn]
C=DE
O=Org,Inc
CN=\u00fcn\u00ef
emailAddress=a@b.c
[leaf]
basicConstraints=critical,CA:TRUE,pathlen:3
keyUsage=critical,digitalSignature,keyCertSign,decipherOnly
extendedKeyUsage=serverAuth,1.2.3.4
subjectAltName=DNS:a.example,DNS:*.b.example,email:x@y.example,URI:spiffe://td/a/b,URI:https://u:p@h.example:80/x?y#z,IP:1.2.3.4,IP:fd00::1:0:0:0,RID:1.2.3,dirName:dn
subjectKeyIdentifier=hash
[authority]
nameConstraints=critical,permitted;DNS:.example.com,permitted;IP:10.0.0.0/255.0.0.0,excluded;email:a@b.com,excluded;URI:.host.com
certificatePolicies=1.2.3.4,2.25.329800735698586629295641978511506172918
policyConstraints=requireExplicitPolicy:3,inhibitPolicyMapping:0
policyMappings=1.2.3:1.2.4
inhibitAnyPolicy=2
authorityInfoAccess=OCSP;URI:http://ocsp.x/
crlDistributionPoints=URI:http://crl.x/a.crl
authorityKeyIdentifier=keyid,issuer
subjectKeyIdentifier=hash
1.2.3.4.5=critical,ASN1:UTF8String:hi
`;

const KEYS = [
  ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  ['-algorithm', 'ED25519'],
];

describe.skipIf('missing' in real || !hasOpenssl())(
  `${CASES} damaged inputs, as Go parses them (needs Go and openssl; KUBETLS_SEED=${seed})`,
  { timeout: 120_000 },
  () => {
    const oracle = 'missing' in real ? '' : real.oracle;
    const certificates: Uint8Array[] = [];
    const requests: Uint8Array[] = [];

    beforeAll(() => {
      inTemporaryDirectory((at) => {
        writeFileSync(at('config'), CONFIG);
        for (const key of KEYS) {
          openssl(['genpkey', ...key, '-out', at('key')]);
          const make = [
            'req',
            '-new',
            '-utf8',
            '-key',
            at('key'),
            '-config',
            at('config'),
            '-outform',
            'DER',
          ];
          certificates.push(openssl([...make, '-x509', '-extensions', 'leaf']));
          certificates.push(openssl([...make, '-x509', '-extensions', 'authority']));
          requests.push(openssl(make));
        }
      });
    });

    it('certificates are refused, or read with the same fields', async () => {
      const ders = damagedOnes(certificates, CASES, seed + 1);
      const answers = await goParse(oracle, questions('certificate', ders));
      const ours = ders.map((der) => attempt(() => factsOf(parseCertificate(der))));
      expect(ours.map((facts, i) => [i, facts])).toEqual(answers.map((answer, i) => [i, goFacts(answer)]));
      expectBoth(answers);
    });

    it('certificates are refused in the same words', async () => {
      const ders = damagedOnes(certificates, CASES, seed + 3);
      const answers = await goParse(oracle, questions('certificate', ders));
      const differing = ders.flatMap((der, i) => {
        const ours = refusalOf(() => parseCertificate(der));
        const go = answers[i]?.error;
        return ours === go ? [] : [{ ours, go, der: toHex(der) }];
      });
      expect(differing).toEqual([]);
      expect(new Set(answers.map(({ error }) => error)).size).toBeGreaterThan(100);
    });

    it('an algorithm that is broken inside and outside alike is refused in the same words', async () => {
      const broken = [
        ['06082a8648ce3d040302', '06082a8648ce3d040382'],
        ['06082a8648ce3d040302', '0608808648ce3d040302'],
        ['06092a864886f70d01010b0500', '06092a864886f70d01010b0501'],
      ] as const;
      const ders = broken.flatMap(([from, to]) =>
        certificates.map((der) => Buffer.from(toHex(der).replaceAll(from, to), 'hex')),
      );
      const answers = await goParse(oracle, questions('certificate', ders));
      const ours = ders.map((der) => refusalOf(() => parseCertificate(der)));
      expect(ours).toEqual(answers.map(({ error }) => error));
      expect(new Set(ours)).toEqual(new Set(['', 'x509: malformed OID', 'x509: malformed parameters']));
    });

    it('an attribute of a request with a tag number of 31 and more is passed over, or refused in the same words', async () => {
      const tags = ['1f1f', 'bf8101', '1f87ffffff7f', '1f8880808000', '1fffffffffff7f', '1f1e', '1f8001'];
      const password = /30..06092a864886f70d01090731..0c0568656c6c6f/;
      const ders = requests.flatMap((der) =>
        tags.map((tag) => {
          const [found = ''] = password.exec(toHex(der)) ?? [];
          const length = found.length / 2 - tag.length / 2 - 1;
          const other = `${tag}${length.toString(16).padStart(2, '0')}${'00'.repeat(length)}`;
          return Buffer.from(toHex(der).replace(password, other), 'hex');
        }),
      );
      const answers = await goParse(oracle, questions('request', ders));
      expect(ders.map(ofRequest)).toEqual(answers.map(ofGo));
      expect(new Set(answers.map(({ error }) => error)).size).toBe(4);
    });

    it('a date as the value of a name is read, or refused in the same words', async () => {
      const ders = requestsOfDates(CASES / 2, seed + 4);
      const answers = await goParse(oracle, questions('request', ders));
      const differing = ders.flatMap((der, i) => {
        const [ours, go] = [ofRequest(der), ofGo(answers[i]!)];
        return isDeepStrictEqual(ours, go) ? [] : [{ ours, go, der: toHex(der) }];
      });
      expect(differing).toEqual([]);
      expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(100);
      const kinds = answers.map(({ error }) => error.replaceAll(/"(?:[^"\\]|\\.)*"/g, '#'));
      expect(new Set(kinds).size).toBeGreaterThan(8);
    });

    it('requests are refused in the same words, or read with the same names, and their signatures judged', async () => {
      const ders = [...damagedOnes(requests, CASES / 2, seed + 2), ...requests];
      const answers = await goParse(oracle, questions('request', ders));
      const differing = ders.flatMap((der, i) => {
        const ours = ofRequest(der);
        const go = ofGo(answers[i]!);
        return isDeepStrictEqual(ours, go) ? [] : [{ ours, go, der: toHex(der) }];
      });
      expect(differing).toEqual([]);
      expectBoth(answers);
      expect(new Set(answers.map(({ error }) => error)).size).toBeGreaterThan(100);
      expect(answers.filter(({ signatureError }) => signatureError !== undefined).length).toBeGreaterThan(
        100,
      );
    });
  },
);

/** Not all are refused, and not all pass: otherwise the comparison says little. */
function expectBoth(answers: readonly ParseAnswer[]): void {
  const passed = answers.filter(({ ok }) => ok).length;
  expect(passed).toBeGreaterThanOrEqual(KEYS.length);
  expect(answers.length - passed).toBeGreaterThan(answers.length / 4);
}

function questions<Kind extends 'certificate' | 'request'>(parse: Kind, ders: readonly Uint8Array[]) {
  return ders.map((der) => ({ parse, der: Buffer.from(der).toString('base64') }));
}

/** Undefined when it is refused; a crash of any other kind fails the test. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

/** In Go's words; empty when it is read. */
function refusalOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return parseRefusal(expectedFailure(error));
  }
}

function ofRequest(der: Uint8Array) {
  try {
    const request = parseRequest(der);
    return { ...namesOf(request), signature: requestSignatureRefusal(request) ?? '' };
  } catch (error) {
    if (error instanceof KubetlsError) return withoutAddresses(requestRefusal(der, expectedFailure(error)));
    throw error;
  }
}

function ofGo(answer: ParseAnswer) {
  if (!answer.ok) return withoutAddresses(answer.error);
  return { ...goNames(answer), signature: answer.signatureError ?? '' };
}

/** Go prints a pointer in one of its texts. */
function withoutAddresses(text: string): string {
  return text.replace(/0x[0-9a-f]+/g, '0x');
}

function namesOf({ subject, subjectAltNames = [] }: Certificate | CertificateRequest) {
  const values = (kind: 'dns' | 'ip' | 'email') =>
    subjectAltNames.flatMap((name) => (name.kind === kind ? [name.value] : []));
  return { subject: toHex(subject.der), dns: values('dns'), ips: values('ip'), emails: values('email') };
}

function goNames({ subject, dnsNames = [], ips = [], emails = [] }: ParseAnswer) {
  return { subject, dns: dnsNames, ips, emails };
}

const USAGE_BITS: readonly KeyUsage[] = [
  ...(['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment'] as const),
  ...(['keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'] as const),
];

function factsOf(certificate: Certificate) {
  const { issuer, serial, notBefore, notAfter, keyUsage = [], extendedKeyUsage = [] } = certificate;
  const { basicConstraints, subjectKeyId, authorityKeyId, version } = certificate;
  return {
    ...namesOf(certificate),
    version,
    issuer: toHex(issuer.der),
    serial: serialDecimal(serial),
    dates: [notBefore, notAfter],
    keyUsage: USAGE_BITS.reduce(
      (bits, usage, bit) => (keyUsage.includes(usage) ? bits | (1 << bit) : bits),
      0,
    ),
    extendedKeyUsages: extendedKeyUsage.length,
    ca: basicConstraints?.ca ?? false,
    pathLength: basicConstraints?.pathLength,
    subjectKeyId: toHex(subjectKeyId ?? new Uint8Array()),
    authorityKeyId: toHex(authorityKeyId ?? new Uint8Array()),
  };
}

function goFacts(answer: ParseAnswer): ReturnType<typeof factsOf> | undefined {
  if (!answer.ok) return undefined;
  return {
    ...goNames(answer),
    subject: answer.subject ?? '',
    version: answer.version ?? 0,
    issuer: answer.issuer ?? '',
    serial: answer.serial ?? '0',
    dates: [answer.notBefore ?? '', answer.notAfter ?? ''].map((date) => Date.parse(date)),
    keyUsage: answer.keyUsage ?? 0,
    extendedKeyUsages: answer.extKeyUsage?.length ?? 0,
    ca: answer.isCA ?? false,
    pathLength: answer.maxPathLen,
    subjectKeyId: answer.subjectKeyId ?? '',
    authorityKeyId: answer.authorityKeyId ?? '',
  };
}
