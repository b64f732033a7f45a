import { concatBytes, KubetlsError, type Random } from '../base/index.ts';
import { keyIdentifier } from '../x509/index.ts';
import type { Context, Draft } from './draft.ts';
import type { IssueCode } from './types.ts';

/** The last word on a draft, whatever its template says; nothing looks at it after them. */
type Enforcer = (draft: Draft, context: Context) => Draft;

export const ENFORCERS: readonly Enforcer[] = [endsWithIssuer, freshSerial, keyIdentifiers];

/** A certificate that outlives its issuer fails in the middle of what it says is its life. */
function endsWithIssuer(draft: Draft, { issuer }: Context): Draft {
  return issuer && draft.notAfter > issuer.notAfter ? { ...draft, notAfter: issuer.notAfter } : draft;
}

/** With 63 random bits one draw is enough for a world's lifetime; a source that repeats itself is broken. */
const MAX_DRAWS = 8;

function freshSerial(draft: Draft, { template, random, isTaken }: Context): Draft {
  return { ...draft, serial: drawnSerial(template.serialBits, random, isTaken) };
}

/** Content octets of an INTEGER that was not given away yet. */
export function drawnSerial(bits: number, random: Random, isTaken: Context['isTaken']): Uint8Array {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const serial = drawSerial(random.bytes(Math.ceil(bits / 8)), bits);
    if (serial.length > 0 && !isTaken(serial)) return serial;
  }
  throw new KubetlsError<IssueCode>({
    code: 'issue/serial',
    message: `${MAX_DRAWS} serial numbers in a row were zero or taken: the source of randomness is broken`,
  });
}

/** Keeps a first bit of one from making the number negative. */
const SIGN = Uint8Array.of(0);

/**
 * Content octets of a positive INTEGER in its shortest form; empty for zero, which RFC 5280, 4.1.2.2
 * forbids, as it does more than 20 octets.
 */
function drawSerial(drawn: Uint8Array, bits: number): Uint8Array {
  const spare = drawn.length * 8 - bits;
  drawn[0] = drawn[0]! & (0xff >> spare);
  let start = 0;
  while (drawn[start] === 0) start++;
  const digits = drawn.subarray(start);
  return (digits[0] ?? 0) < 0x80 ? digits : concatBytes([SIGN, digits]);
}

/**
 * An authority always has a subject key identifier. The authority key identifier is the issuer's, letter
 * for letter; a certificate that signs itself has none (RFC 5280, 4.2.1.1), as in Go.
 */
function keyIdentifiers(draft: Draft, { template, issuer }: Context): Draft {
  const wanted = template.subjectKeyId || draft.basicConstraints.ca;
  return {
    ...draft,
    subjectKeyId: wanted ? keyIdentifier(draft.publicKey) : undefined,
    authorityKeyId: issuer?.subjectKeyId,
  };
}
