import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { expectedFailure, KubetlsError, toHex, toRfc3339 } from '../../src/base/index.ts';
import { listSignatureRefusal, revocationListRefusal } from '../../src/verify/index.ts';
import {
  parseCertificate,
  parseRevocationList,
  type RevocationList,
  serialDecimal,
  signatureAlgorithmName,
} from '../../src/x509/index.ts';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../judges/openssl.ts';
import { goParse, type ParseAnswer } from './oracle.ts';
import { damagedOnes } from './parser-mutations.ts';

const real = await realTools();
const CASES = 6_000;
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

const CONFIG = `
[ca]
default_ca=ca
[ca]
database=index.txt
crlnumber=number
default_crl_days=30
[full]
authorityKeyIdentifier=keyid,issuer
issuerAltName=DNS:ca.example
issuingDistributionPoint=critical,@point
[point]
fullname=URI:http://crl.example/a.crl
onlyuser=TRUE
`;

/** R: revoked; expiry, date with a reason, serial number. */
const DATABASE = [
  'R\t350101000000Z\t260101000000Z\t01\tunknown\t/CN=plain',
  'R\t350101000000Z\t260102000000Z,keyCompromise\t00FF00FF00FF00FF00FF00FF00FF00FF00FF00\tunknown\t/CN=stolen',
  'R\t350101000000Z\t260103000000Z,holdInstruction,holdInstructionReject\t7F\tunknown\t/CN=held',
  'V\t350101000000Z\t\t02\tunknown\t/CN=good',
].join('\n');

const KEYS: readonly (readonly string[])[] = [
  ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  ['-algorithm', 'ED25519'],
];

interface Made {
  readonly der: Uint8Array;
  readonly issuer: Uint8Array;
}

describe.skipIf('missing' in real || !hasOpenssl())('CRLs, as Go reads them (needs Go and openssl)', () => {
  const oracle = 'missing' in real ? '' : real.oracle;
  const lists: Made[] = [];
  let version1: Uint8Array = new Uint8Array();

  beforeAll(() => {
    inTemporaryDirectory((at) => {
      const config = CONFIG.replace('index.txt', at('index.txt')).replace('=number', `=${at('number')}`);
      writeFileSync(at('index.txt'), `${DATABASE}\n`);
      writeFileSync(at('config'), config);
      // Version 1: no CRL number, and no reason at any entry.
      writeFileSync(at('first'), `${DATABASE.split('\n')[0]}\n`);
      writeFileSync(at('plain'), config.replace(/^crlnumber.*$/m, '').replace('index.txt', 'first'));
      for (const [i, key] of KEYS.entries()) {
        openssl(['genpkey', ...key, '-out', at('key')]);
        const make = ['-config', at('config'), '-keyfile', at('key'), '-cert', at('crt')];
        const usage = i === 0 ? [] : ['-addext', 'keyUsage=critical,cRLSign'];
        openssl([
          'req',
          '-x509',
          '-new',
          '-key',
          at('key'),
          '-subj',
          '/O=Org/CN=ca',
          ...usage,
          '-out',
          at('crt'),
        ]);
        const issuer = openssl(['x509', '-in', at('crt'), '-outform', 'DER']);
        const digest = i === 1 ? ['-md', 'sha1'] : i === 2 ? [] : ['-md', 'sha384'];
        for (const extensions of [[], ['-crlexts', 'full']]) {
          writeFileSync(at('number'), '00FF\n');
          const pem = openssl(['ca', '-gencrl', ...make, ...digest, ...extensions]);
          lists.push({ der: openssl(['crl', '-outform', 'DER'], pem), issuer });
        }
        make[1] = at('plain');
        version1 = openssl(['crl', '-outform', 'DER'], openssl(['ca', '-gencrl', ...make, ...digest]));
      }
    });
  });

  it('what openssl makes is read with the same fields, and its signature judged alike', async () => {
    const strange = lists.map(({ der }, i) => ({ der, issuer: lists[(i + 2) % lists.length]!.issuer }));
    const all = [
      ...lists,
      ...strange,
      { der: Buffer.concat([lists[0]!.der, Buffer.from('tail')]), issuer: lists[0]!.issuer },
    ];
    const answers = await goParse(oracle, all.map(question));
    const ours = all.map(({ der, issuer }) => {
      const list = parseRevocationList(der);
      return { ...factsOf(list), signature: listSignatureRefusal(list, parseCertificate(issuer)) ?? '' };
    });
    expect(ours).toEqual(
      answers.map((answer) => ({ ...goFacts(answer), signature: answer.signatureError ?? '' })),
    );
    expect(ours[0]?.entries).toEqual([
      '1 2026-01-01T00:00:00Z 0',
      '127 2026-01-03T00:00:00Z 6',
      `${String(0xff00ff00ff00ff00ff00ff00ff00ff00ff00n)} 2026-01-02T00:00:00Z 1`,
    ]);
    expect(ours.slice(0, lists.length).every(({ signature }) => signature === '')).toBe(true);
    expect(ours.slice(lists.length, -1).every(({ signature }) => signature !== '')).toBe(true);
  });

  it('who may not sign a CRL, in the same words', async () => {
    const [list] = lists;
    const issuers = await mutedIssuers();
    const answers = await goParse(
      oracle,
      issuers.map((issuer) => question({ der: list!.der, issuer })),
    );
    const ours = issuers.map((der) =>
      listSignatureRefusal(parseRevocationList(list!.der), parseCertificate(der)),
    );
    expect(ours).toEqual(answers.map(({ signatureError }) => signatureError));
    expect(new Set(ours).size).toBeGreaterThan(2);
  });

  it('version 1, PEM and nothing are refused in the same words', async () => {
    const ders = [version1, new Uint8Array(), Buffer.from('-----BEGIN X509 CRL-----\n')];
    const answers = await goParse(
      oracle,
      ders.map((der) => question({ der })),
    );
    expect(ders.map(refusalOf)).toEqual(answers.map(({ error }) => error));
    expect(refusalOf(version1)).toBe('x509: unsupported crl version');
  });

  it('an algorithm that is broken inside and outside alike, in the same words', async () => {
    // ecdsa-with-SHA384, its last arc cut off or not minimal; sha1WithRSAEncryption with parameters too long.
    const broken = [
      ['06082a8648ce3d040303', '06082a8648ce3d040383'],
      ['06082a8648ce3d040303', '0608808648ce3d040303'],
      ['06092a864886f70d0101050500', '06092a864886f70d0101050501'],
    ] as const;
    const ders = broken.flatMap(([from, to]) => lists.map(({ der }) => replaced(der, from, to)));
    const answers = await goParse(
      oracle,
      ders.map((der) => question({ der })),
    );
    expect(ders.map(refusalOf)).toEqual(answers.map(({ error }) => error));
    expect(new Set(ders.map(refusalOf))).toEqual(
      new Set(['', 'x509: malformed OID', 'x509: malformed parameters']),
    );
  });

  it(`${CASES} damaged ones are refused in the same words, or read with the same fields (KUBETLS_SEED=${seed})`, async () => {
    const ders = damagedOnes(
      lists.map(({ der }) => der),
      CASES,
      seed,
    );
    const answers = await goParse(
      oracle,
      ders.map((der) => question({ der })),
    );
    const differing = ders.flatMap((der, i) => {
      const ours = refusalOf(der);
      const go = answers[i]!;
      const [a, b] = [ours || factsOf(parseRevocationList(der)), go.error || goFacts(go)];
      return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ ours: a, go: b, der: toHex(der) }];
    });
    expect(differing).toEqual([]);
    expect(new Set(answers.map(({ error }) => error)).size).toBeGreaterThan(25);
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(CASES / 20);
  });

  /** Certificates that say in several ways that they sign no CRLs. */
  async function mutedIssuers(): Promise<Uint8Array[]> {
    const make = (at: (name: string) => string, ...more: string[]) =>
      openssl(['req', '-x509', '-new', '-key', at('key'), '-subj', '/CN=ca', '-outform', 'DER', ...more]);
    return inTemporaryDirectory((at) => {
      openssl(['genpkey', '-algorithm', 'ED25519', '-out', at('key')]);
      return [
        make(at, '-addext', 'keyUsage=keyCertSign'),
        make(at, '-addext', 'basicConstraints=CA:FALSE'),
        make(at, '-addext', 'keyUsage=cRLSign'),
        openssl([
          'req',
          '-x509',
          '-new',
          '-newkey',
          'ed448',
          '-nodes',
          '-keyout',
          at('448'),
          '-subj',
          '/CN=ca',
          '-outform',
          'DER',
        ]),
      ];
    });
  }
});

function question({ der, issuer }: { der: Uint8Array; issuer?: Uint8Array }) {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return { parse: 'crl' as const, der: base64(der), ...(issuer && { cert: base64(issuer) }) };
}

/** Hexadecimal for hexadecimal of the same length. */
function replaced(der: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(toHex(der).replaceAll(from, to), 'hex');
}

/** In Go's words; empty when it is read. */
function refusalOf(der: Uint8Array): string {
  try {
    parseRevocationList(der);
    return '';
  } catch (error) {
    if (!(error instanceof KubetlsError)) throw error;
    return revocationListRefusal(expectedFailure(error));
  }
}

function factsOf(list: RevocationList) {
  const { issuer, thisUpdate, nextUpdate, number, authorityKeyId, entries, extensions } = list;
  return {
    issuer: toHex(issuer.der),
    dates: [toRfc3339(thisUpdate), nextUpdate === undefined ? '' : toRfc3339(nextUpdate)],
    number: number ? serialDecimal(number) : '',
    authorityKeyId: toHex(authorityKeyId ?? new Uint8Array()),
    entries: Array.from(
      entries,
      ({ serial, revokedAt, reasonCode = 0 }) =>
        `${serialDecimal(serial)} ${toRfc3339(revokedAt)} ${reasonCode}`,
    ),
    extensions: extensions.map(({ oid }) => oid),
    algorithm: signatureAlgorithmName(list.signatureAlgorithm, list.signatureParameters),
  };
}

function goFacts(answer: ParseAnswer): ReturnType<typeof factsOf> {
  const utc = (text: string) => toRfc3339(Date.parse(text));
  const { thisUpdate = '', nextUpdate, revoked = [], extensions = [] } = answer;
  return {
    issuer: answer.issuer ?? '',
    dates: [utc(thisUpdate), nextUpdate === undefined ? '' : utc(nextUpdate)],
    number: answer.number ?? '',
    authorityKeyId: answer.authorityKeyId ?? '',
    entries: revoked.map(({ serial, at, reason }) => `${serial} ${utc(at)} ${reason}`),
    extensions,
    algorithm: answer.signatureAlgorithm ?? '',
  };
}
