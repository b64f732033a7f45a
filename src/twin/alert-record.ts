import { type CipherGCM, createCipheriv, createHmac } from 'node:crypto';
import type { Alert } from '../verify/index.ts';

const FATAL = 2;
const RECORD_ALERT = 21;

/** A fatal alert in clear: before the server has changed to encryption. */
export function plainAlert(alert: Alert): Buffer {
  return Buffer.from([RECORD_ALERT, 3, 3, 0, 2, FATAL, alert]);
}

interface Suite {
  readonly cipher: (key: Uint8Array, nonce: Uint8Array) => CipherGCM;
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: number;
}

const TAG = { authTagLength: 16 };

const SUITES: Readonly<Record<string, Suite>> = {
  TLS_AES_128_GCM_SHA256: {
    cipher: (key, nonce) => createCipheriv('aes-128-gcm', key, nonce),
    hash: 'sha256',
    keyBytes: 16,
  },
  TLS_AES_256_GCM_SHA384: {
    cipher: (key, nonce) => createCipheriv('aes-256-gcm', key, nonce),
    hash: 'sha384',
    keyBytes: 32,
  },
  TLS_CHACHA20_POLY1305_SHA256: {
    cipher: (key, nonce) => createCipheriv('chacha20-poly1305', key, nonce, TAG),
    hash: 'sha256',
    keyBytes: 32,
  },
};

/**
 * A fatal alert as the first record under the server's application traffic secret (RFC 8446, 5.2 and 7.1):
 * a server that has sent its Finished has no other key to write with.
 *
 * @param suite RFC name of a TLS 1.3 suite
 */
export function sealedAlert(alert: Alert, suite: string, secret: Uint8Array): Buffer {
  const { cipher, hash, keyBytes } = SUITES[suite] ?? unknownSuite(suite);
  const inner = Buffer.from([FATAL, alert, RECORD_ALERT]);
  const header = Buffer.from([23, 3, 3, 0, inner.length + TAG.authTagLength]);
  // Sequence number 0: the nonce is the IV itself.
  const seal = cipher(expandLabel(hash, secret, 'key', keyBytes), expandLabel(hash, secret, 'iv', 12));
  seal.setAAD(header);
  return Buffer.concat([header, seal.update(inner), seal.final(), seal.getAuthTag()]);
}

function unknownSuite(suite: string): never {
  throw new TypeError(`not a TLS 1.3 suite that is offered: ${suite}`);
}

/** HKDF-Expand-Label of RFC 8446, 7.1, with an empty context and at most one block of output. */
function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}
