/**
 * Whether the numbers of an RSA key belong together, as Go says at loading: crypto/x509/pkcs1.go, then
 * crypto/rsa/rsa.go, precompute, and crypto/internal/fips140/rsa/rsa.go, checkPrivateKey.
 */

/** The letters of RFC 8017, 3.2; what may be missing is computed. */
export interface RsaPrivate {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  /** At least two. */
  readonly primes: readonly bigint[];
  readonly dp: bigint | undefined;
  readonly dq: bigint | undefined;
  readonly qi: bigint | undefined;
}

const LARGEST_EXPONENT = 2n ** 31n - 1n;
/** Ours, and OpenSSL's (OPENSSL_RSA_MAX_MODULUS_BITS): Go has none, and would take minutes. */
const LARGEST = 2n ** 16_384n;

export function fitsTogether(key: RsaPrivate): boolean {
  const { n, e, d, primes, dp, dq, qi } = key;
  if ([n, ...primes, dp ?? 0n, dq ?? 0n, qi ?? 0n].some((number) => number >= LARGEST)) return false;
  if ([n, d, ...primes].some((number) => number <= 0n)) return false;
  if ([dp, dq, qi].some((number) => number !== undefined && number <= 0n)) return false;
  if (n % 2n === 0n || e < 2n || e % 2n === 0n || e > LARGEST_EXPONENT || d >= n) return false;
  return primes.length === 2 ? ofTwo(key) : ofMany(primes);
}

/** precomputeLegacy: only what would make a computation fail is refused. */
function ofMany(primes: readonly bigint[]): boolean {
  if (primes.some((prime) => prime <= 1n)) return false;
  const [p = 0n, q = 0n, ...more] = primes;
  if (divisor(p, q) !== 1n) return false;
  let product = p * q;
  for (const prime of more) {
    if (divisor(product, prime) !== 1n) return false;
    product *= prime;
  }
  return true;
}

function ofTwo({ n, e, d, primes, dp, dq, qi }: RsaPrivate): boolean {
  const [p = 0n, q = 0n] = primes;
  if (p < 3n || q < 3n || p >= n || q >= n || (p * q) % n !== 0n) return false;
  const given = dp !== undefined && dq !== undefined && qi !== undefined;
  if (!given && p % 2n === 0n) return false;
  const [x, y] = given ? [dp, dq] : [d % (p - 1n), d % (q - 1n)];
  const inverse = given ? qi : power(q % p, p - 2n, p);
  if (x >= p - 1n || y >= q - 1n || inverse >= p) return false;
  if ((x * e) % (p - 1n) !== 1n || (y * e) % (q - 1n) !== 1n) return false;
  if ((q * inverse) % p !== 1n) return false;
  if (d % (p - 1n) !== x || d % (q - 1n) !== y) return false;
  const half = Math.floor(bits(n) / 2);
  const apart = p > q ? p - q : q - p;
  return apart !== 0n && bits(apart) > half - 100 && bits(d) > half;
}

const bits = (number: bigint): number => number.toString(2).length;

function divisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}
