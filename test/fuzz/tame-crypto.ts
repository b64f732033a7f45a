/**
 * node:crypto for what is fuzzed. A random input never gets past a cipher that authenticates, and opening an
 * encrypted key may cost five seconds by design; so here ciphers of TLS change nothing and accept everything,
 * and key derivation does little work. The bounds on its cost have tests of their own
 * (src/x509/keys.test.ts).
 */
import * as crypto from 'node:crypto';

export * from 'node:crypto';

const MOST_ITERATIONS = 4;
const MOST_SCRYPT_WORK = 1 << 20;

export const pbkdf2Sync: typeof crypto.pbkdf2Sync = (password, salt, iterations, length, digest) =>
  crypto.pbkdf2Sync(password, salt, Math.min(iterations, MOST_ITERATIONS), length, digest);

export const scryptSync = (
  password: Uint8Array,
  salt: Uint8Array,
  length: number,
  { N = 0, r = 0, p = 0 }: crypto.ScryptOptions,
): Buffer =>
  128 * N * r * p <= MOST_SCRYPT_WORK
    ? crypto.scryptSync(password, salt, length, { N, r, p, maxmem: 2 * MOST_SCRYPT_WORK })
    : Buffer.alloc(length);

let trusting = false;

/**
 * While it works every signature is good: no changed certificate has one that is, and what is looked at behind its
 * signature would not be reached.
 */
export function trustingSignatures<T>(work: () => T): T {
  trusting = true;
  try {
    return work();
  } finally {
    trusting = false;
  }
}

type Verify = (...parameters: Parameters<typeof crypto.verify>) => boolean;

export const verify: Verify = (algorithm, data, key, signature) =>
  trusting || crypto.verify(algorithm, data, key, signature);

const AUTHENTICATED = /gcm|poly1305/;

export function createDecipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): unknown {
  if (!AUTHENTICATED.test(algorithm)) return crypto.createDecipheriv(algorithm, key, iv);
  return {
    setAAD: () => {},
    setAuthTag: () => {},
    update: (bytes: Uint8Array) => Buffer.from(bytes),
    final: () => Buffer.alloc(0),
  };
}
