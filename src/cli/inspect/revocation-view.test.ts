import { describe, expect, it } from 'vitest';
import { recordedConsole } from '../../../test/support/recorded-console.ts';
import { CRL, CRL_ISSUER, unsignedList } from '../../../test/support/revocation-list.ts';
import { readPem, writePem } from '../../x509/index.ts';
import { inspectJson } from './json.ts';
import { inspectBytes } from './read.ts';
import { printInspected } from './view.ts';

const AT = Date.UTC(2026, 5, 1);
const [der = new Uint8Array()] = readPem(CRL).map(({ bytes }) => bytes);

describe('inspect shows a CRL', () => {
  it('who revoked what, when and why, and whose signature it is', () => {
    const text = shown(`${CRL}${CRL_ISSUER}`);
    expect(text).toContain('Revocation list  x, line 1');
    for (const line of [
      'issuer       CN=a-ca,O=Example',
      'number       42',
      'valid        2026-01-01T00:00:00Z to 2036-01-01T00:00:00Z, the next is due in',
      'revoked      2 certificates',
      '             01  2026-01-01T00:00:00Z',
      '             ff:00:ff:00:ff:00:ff  2026-01-02T00:00:00Z, keyCompromise',
      'signature    good, by CN=a-ca,O=Example, sha256',
    ]) {
      expect(text).toContain(`  ${line}`);
    }
  });

  it('a signature that cannot be checked, and one that is bad', () => {
    expect(shown(CRL)).toContain('signature    not checked: give the certificate of the issuer too');
    const forged = Uint8Array.from(der);
    forged[forged.length - 1]! ^= 1;
    const text = shown(`${writePem('X509 CRL', forged)}${CRL_ISSUER}`);
    expect(text).toContain('signature    BAD: x509: Ed25519 verification failure');
  });

  it('when the next one is overdue', () => {
    expect(shown(CRL, Date.UTC(2036, 0, 3))).toContain('OVERDUE: the next was due 2 days ago');
  });

  it('as DER, and as JSON', () => {
    expect(inspectBytes(der, 'x').revocationLists).toHaveLength(1);
    const { revocationLists } = inspectJson([inspectBytes(Buffer.from(`${CRL}${CRL_ISSUER}`), 'x')], AT) as {
      revocationLists: object[];
    };
    expect(revocationLists).toMatchObject([
      {
        issuer: 'CN=a-ca,O=Example',
        number: '42',
        thisUpdate: '2026-01-01T00:00:00Z',
        nextUpdate: '2036-01-01T00:00:00Z',
        overdue: false,
        count: 2,
        entries: [
          { serial: '1', revokedAt: '2026-01-01T00:00:00Z', reason: null },
          { serial: String(0xff00ff00ff00ffn), revokedAt: '2026-01-02T00:00:00Z', reason: 'keyCompromise' },
        ],
        signature: { ok: true, error: null },
        source: 'x',
        place: 'line 1',
      },
    ]);
  });

  it('folds many entries, and shows all with -v', () => {
    const many = writePem('X509 CRL', unsignedList(40));
    expect(shown(many)).toContain('… and 28 more entries (-v shows all)');
    expect(shown(many, AT, true).match(/ {2}2026-01-01T00:00:00Z$/gm)).toHaveLength(40);
  });
});

function shown(pem: string, at = AT, verbose = false): string {
  const { console, text } = recordedConsole({ verbose });
  printInspected(console, [inspectBytes(Buffer.from(pem), 'x')], at);
  return text();
}
