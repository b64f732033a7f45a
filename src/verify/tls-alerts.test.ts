import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertOfClient, alertOfServer, alertText } from './index.ts';

function goSource(): string | undefined {
  try {
    const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return readFileSync(path.join(root, 'src/crypto/tls/alert.go'), 'utf8');
  } catch {
    return undefined;
  }
}

const source = goSource();

describe('alerts in Go’s words', () => {
  it.skipIf(source === undefined)('are those of crypto/tls/alert.go, every one (needs go)', () => {
    const numbers = new Map(
      [...(source ?? '').matchAll(/^\t(alert\w+) +alert = (\d+)$/gm)].map((m) => [m[1], Number(m[2])]),
    );
    const texts = [...(source ?? '').matchAll(/^\t(alert\w+): +"(.*)",$/gm)];
    expect(texts.length).toBeGreaterThan(30);
    for (const [, name, text] of texts) {
      expect(alertText(numbers.get(name) ?? -1)).toBe(`remote error: tls: ${text}`);
    }
  });

  it('an unknown number is told as Go tells it', () => {
    expect(alertText(200)).toBe('remote error: tls: alert(200)');
  });

  it('a server tells an unknown authority and an end of life from all other faults, a client does not', () => {
    const verify = 'tls: failed to verify certificate: x509: ';
    const said = (number: number) => alertText(number).replace('remote error: tls: ', '');
    const rows = [
      [`${verify}certificate signed by unknown authority (possibly …)`, 'unknown certificate authority'],
      [`${verify}certificate has expired or is not yet valid: …`, 'expired certificate'],
      [`${verify}certificate specifies an incompatible key usage`, 'bad certificate'],
      [`${verify}cannot parse dnsName "x509: certificate signed by unknown authority"`, 'bad certificate'],
      ['tls: failed to parse client certificate: x509: malformed certificate', 'error decoding message'],
      ['tls: client sent certificate containing RSA key larger than 8192 bits', 'bad certificate'],
    ] as const;
    expect(rows.map(([error]) => said(alertOfServer(error, true)))).toEqual(rows.map(([, text]) => text));
    const nothing = "tls: client didn't provide a certificate";
    expect(said(alertOfServer(nothing, true))).toBe('certificate required');
    expect(said(alertOfServer(nothing, false))).toBe('handshake failure');
    expect(rows.slice(0, 4).map(([error]) => said(alertOfClient(error)))).toEqual(
      Array.from({ length: 4 }, () => 'bad certificate'),
    );
  });
});
