import { type PublicKey, rsaNumbers } from '../x509/index.ts';
import type { GoRules } from './go-rules.ts';

/** crypto/rsa, checkKeySize: Go 1.24 and later neither sign nor verify with less. */
const SMALLEST_BITS = 1024;
const LARGEST_EXPONENT = 2 ** 31 - 1;

/**
 * Why Go verifies nothing with this key: crypto/rsa/rsa.go, checkPublicKeySize, then
 * crypto/internal/fips140/rsa, checkPublicKey. An exponent of 1 would make every message its own signature.
 */
export function rsaKeyProblem(key: PublicKey, rules: GoRules): string | undefined {
  const short = shortKeyProblem(key, rules);
  if (short !== undefined) return short;
  const { modulus, exponent } = rsaNumbers(key);
  const strict = rules.looksAtRsaNumbers;
  if (strict && isEven(modulus)) return 'crypto/rsa: public modulus is even';
  const value = exponent.reduce((sum, octet) => sum * 256 + octet, 0);
  if (value < 2) return strict ? 'crypto/rsa: public exponent too small or negative' : NO_REASON;
  if (strict && isEven(exponent)) return 'crypto/rsa: public exponent is even';
  if (value <= LARGEST_EXPONENT) return undefined;
  return strict ? 'crypto/rsa: public exponent too large' : NO_REASON;
}

/** Why Go neither signs nor verifies with it, when that is its size. */
export function shortKeyProblem({ bits }: PublicKey, { refusesShortRsaKeys }: GoRules): string | undefined {
  return refusesShortRsaKeys && bits < SMALLEST_BITS
    ? `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`
    : undefined;
}

/** ErrVerification: all that VerifyPKCS1v15 told before Go 1.24. */
const NO_REASON = 'crypto/rsa: verification error';

function isEven(integer: Uint8Array): boolean {
  return ((integer.at(-1) ?? 0) & 1) === 0;
}
