import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertNumber, alertText } from './alerts.ts';

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

  it('are read from OpenSSL’s errors, old and new', () => {
    const old =
      'C0:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1590:SSL alert number 42\n';
    expect(alertNumber(new Error(old))).toBe(42);
    expect(alertNumber(new Error('read ECONNRESET'))).toBeUndefined();
    // Ours to the server: OpenSSL names no number then.
    expect(alertNumber(new Error('error:0A000086:SSL routines::certificate verify failed'))).toBeUndefined();
  });
});
