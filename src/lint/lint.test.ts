import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyOf, mint, mintDer, NOW } from '../../test/judges/mint.ts';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../test/judges/openssl.ts';
import { planted, root, server } from '../../test/judges/planted-lint.ts';
import { goodList, plantedLists } from '../../test/judges/planted-revocation-lists.ts';
import { createRequest, signerFor } from '../issue/index.ts';
import { parseRevocationList, readCertificates, writePem } from '../x509/index.ts';
import { certificateChecks } from './certificate-checks.ts';
import { lintCertificate, lintRequest, lintRevocationList } from './index.ts';
import { revocationChecks } from './revocation-checks.ts';

/** By openssl, which writes what our encoder does not. */
const FOREIGN: readonly (readonly [id: string, ...words: string[]])[] = [
  ['serial-zero', '-newkey', 'ed25519', '-set_serial', '0'],
  ['serial-long', '-newkey', 'ed25519', '-set_serial', `0x${'41'.repeat(21)}`],
  ['signature-weak', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha1'],
  ['key-unknown', '-newkey', 'ed448'],
];

const rows = planted.map((row) => [row.id, row.evidence ?? '', row] as const);

describe('lint', () => {
  // The serial numbers of these certificates are counted, not drawn.
  it.each(rows)('%s %s', (_, __, { id, draft, evidence, more = [] }) => {
    const found = lintCertificate(mint(draft)).filter((one) => one.id !== 'serial-short' || id === one.id);
    expect(new Set(found.map((one) => one.id))).toEqual(new Set([id, ...more]));
    if (evidence !== undefined) expect(found.find((one) => one.id === id)?.evidence).toBe(evidence);
  });

  it.skipIf(!hasOpenssl()).each(FOREIGN)('%s (needs openssl)', (id, ...words) => {
    const same = ['-keyout', '/dev/null', '-nodes', '-subj', '/CN=a', '-days', '9'];
    const usage = ['-addext', 'keyUsage=critical,keyCertSign'];
    const pem = openssl(['req', '-x509', ...same, ...usage, ...words]);
    expect(readCertificates(pem).certificates.flatMap(lintCertificate)).toMatchObject([{ id }]);
  });

  it('every check has its planted case', () => {
    const covered = [...planted.map(({ id }) => id), ...FOREIGN.map(([id]) => id)];
    expect(new Set(covered)).toEqual(new Set(certificateChecks.map(({ id }) => id)));
  });
});

describe.skipIf(!hasOpenssl())('openssl verify -x509_strict on the same (needs openssl)', () => {
  it.each([['good', '', { draft: server(), openssl: undefined }] as const, ...rows])(
    '%s %s',
    (_, __, { draft, openssl: words }) => {
      inTemporaryDirectory((at) => {
        writeFileSync(at('ca'), writePem('CERTIFICATE', mintDer(root)));
        writeFileSync(at('leaf'), writePem('CERTIFICATE', mintDer(draft)));
        const flags = ['-x509_strict', '-attime', `${NOW / 1000}`, '-CAfile', at('ca')];
        const verify = () => openssl(['verify', ...flags, at('leaf')]);
        if (words === undefined) expect(verify).not.toThrow();
        else expect(verify).toThrow(words);
      });
    },
  );
});

describe('lint of CRLs', () => {
  it('a good one has no finding', () => {
    expect(lintRevocationList(parseRevocationList(goodList))).toEqual([]);
  });

  it.each(plantedLists)('%s', (id, list) => {
    expect(lintRevocationList(parseRevocationList(list()))).toMatchObject([{ id }]);
  });

  it('every check of its own has its planted case', () => {
    const own = revocationChecks.map(({ id }) => id).filter((id) => id.startsWith('list-'));
    expect(plantedLists.map(([id]) => id)).toEqual(own);
  });
});

/** None where Python has not the package. */
const pyca = spawnSync('python3', ['-c', 'import cryptography'], { stdio: 'ignore' }).status === 0;

it.skipIf(!pyca)('pyca/cryptography reads none of those of which we say so (needs it)', () => {
  const why = new Map(certificateChecks.map((check) => [check.id, check.why]));
  const claimed = planted.filter(({ id }) => why.get(id)?.includes('pyca/cryptography'));
  expect(claimed.length).toBeGreaterThan(5);
  const script = join(import.meta.dirname, '../../test/judges/pyca.py');
  const input = [server(), ...claimed.map(({ draft }) => draft)]
    .map((draft) => `${Buffer.from(mintDer(draft)).toString('base64')}\n`)
    .join('');
  const { stdout } = spawnSync('python3', [script], { input, encoding: 'utf8' });
  const [good, ...answers] = stdout.trimEnd().split('\n');
  expect(good).toBe('""');
  expect(answers.map((text, i) => (text === '""' ? claimed[i]?.id : 'refused'))).toEqual(
    claimed.map(() => 'refused'),
  );
});

describe('lint of requests', () => {
  const found = (name: string, key = keyOf('request')) => {
    const names = { dnsNames: [name], ipAddresses: [], uris: [] };
    const subject = [{ type: 'CN', value: 'a' }];
    return lintRequest(createRequest({ subject, names, signer: signerFor(key) })).map(({ id }) => id);
  };

  it('a good one has no finding; a weak key and a bad name have', () => {
    expect(found('a.test')).toEqual([]);
    expect(found('a_b.test', keyOf('small', 'rsa-512'))).toEqual(['key-weak', 'dns-underscore']);
  });
});
