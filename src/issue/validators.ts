import type { Failure } from '../base/index.ts';
import { isEmptyName, type KeyUsage } from '../x509/index.ts';
import type { Context, Draft } from './draft.ts';
import type { IssueCode } from './types.ts';
import { no, SHORTEST_LIFE, type Validator } from './validator.ts';
import { ISSUER_VALIDATORS } from './validators-issuer.ts';

/** GeneralizedTime ends here: RFC 5280, 4.1.2.5. */
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59);

/** NIST SP 800-57 part 1, table 2: 112 bits of strength. */
const SMALLEST_RSA_BITS = 2048;
/** Go's TLS refuses larger ones in a handshake (crypto/tls, maxRSAKeySize). */
const LARGEST_RSA_BITS = 8192;
const SMALLEST_CURVE_BITS = 256;

/** Go's own are 63 bits; 20 octets with the top bit clear are 159 (RFC 5280, 4.1.2.2). */
const SERIAL_BITS = { least: 63, most: 159 } as const;

/** Usages that only an authority may have. */
const AUTHORITY_USAGES: readonly KeyUsage[] = ['keyCertSign', 'cRLSign'];

const EVERY: readonly Validator[] = [
  hasIdentity,
  strongKey,
  lifetimeInBounds,
  serialInBounds,
  ...ISSUER_VALIDATORS,
];

export const LEAF_VALIDATORS: readonly Validator[] = [isLeaf, hasUsages, serverHasNames, ...EVERY];
export const AUTHORITY_VALIDATORS: readonly Validator[] = [isAuthority, ...EVERY];

function isLeaf({ basicConstraints, keyUsage }: Draft): Failure<IssueCode> | undefined {
  if (basicConstraints.ca || basicConstraints.pathLength !== undefined) {
    return no('issue/not-a-leaf', 'the template is that of an authority, and a leaf is asked for');
  }
  const usage = keyUsage.find((each) => AUTHORITY_USAGES.includes(each));
  return usage && no('issue/authority-usage', `a leaf cannot have the usage ${usage}`);
}

function isAuthority({ basicConstraints, keyUsage, subject }: Draft): Failure<IssueCode> | undefined {
  if (!basicConstraints.ca) {
    return no('issue/not-an-authority', 'the template is that of a leaf, and an authority is asked for');
  }
  if (!keyUsage.includes('keyCertSign')) {
    return no(
      'issue/authority-usage',
      'an authority needs the usage keyCertSign, or nothing it signs is trusted',
    );
  }
  const { pathLength } = basicConstraints;
  if (
    pathLength !== undefined &&
    !(Number.isSafeInteger(pathLength) && pathLength >= 0 && pathLength < 256)
  ) {
    return no('issue/not-an-authority', `a path length is a small number, not ${pathLength}`);
  }
  if (!isEmptyName(subject)) return undefined;
  // RFC 5280, 4.1.2.6: what it signs names it as issuer.
  return no('issue/no-identity', 'an authority needs a subject');
}

function hasUsages({ keyUsage, extendedKeyUsage }: Draft): Failure<IssueCode> | undefined {
  if (extendedKeyUsage.length === 0) {
    return no('issue/no-usage', 'without extended key usages a certificate is good for every purpose');
  }
  return keyUsage.length === 0
    ? no('issue/no-usage', 'a certificate without key usages is refused')
    : undefined;
}

function serverHasNames({ names, extendedKeyUsage }: Draft): Failure<IssueCode> | undefined {
  const named = names.some(({ kind }) => kind === 'dns' || kind === 'ip' || kind === 'uri');
  if (named || !extendedKeyUsage.includes('serverAuth')) return undefined;
  const hint = 'give it the DNS names and IP addresses by which clients dial it';
  return no('issue/no-san', 'a server certificate needs a SAN: Go clients ignore the common name', hint);
}

function hasIdentity({ subject, names }: Draft): Failure<IssueCode> | undefined {
  if (!isEmptyName(subject) || names.length > 0) return undefined;
  return no('issue/no-identity', 'a certificate needs a subject or a SAN');
}

function strongKey({ publicKey }: Draft): Failure<IssueCode> | undefined {
  const { kind, bits, name } = publicKey;
  if (kind === 'unknown') return no('issue/weak-key', `keys of algorithm ${name} are not certified`);
  if (kind === 'rsa' && bits < SMALLEST_RSA_BITS) {
    return no(
      'issue/weak-key',
      `an RSA key of ${bits} bits is too short; ${SMALLEST_RSA_BITS} are the least`,
    );
  }
  if (kind === 'rsa' && bits > LARGEST_RSA_BITS) {
    return no(
      'issue/weak-key',
      `an RSA key of ${bits} bits is too long: Go's TLS takes ${LARGEST_RSA_BITS} at most`,
    );
  }
  return kind === 'ecdsa' && bits < SMALLEST_CURVE_BITS
    ? no('issue/weak-key', `${name} is too weak`)
    : undefined;
}

function lifetimeInBounds(
  { notAfter, notBefore }: Draft,
  { template, now }: Context,
): Failure<IssueCode> | undefined {
  const backdate = template.backdate ?? 0;
  if (!Number.isFinite(template.lifetime) || template.lifetime < SHORTEST_LIFE) {
    return no('issue/lifetime', 'a certificate lives ten minutes at least');
  }
  if (!(backdate >= 0) || notBefore < 0)
    return no('issue/lifetime', 'a certificate starts now or before, after 1970');
  if (notAfter <= LAST_INSTANT && notAfter > now) return undefined;
  return no('issue/lifetime', 'a certificate ends before the year 10000');
}

function serialInBounds(_: Draft, { template }: Context): Failure<IssueCode> | undefined {
  const { serialBits: bits } = template;
  if (Number.isInteger(bits) && bits >= SERIAL_BITS.least && bits <= SERIAL_BITS.most) return undefined;
  return no(
    'issue/serial',
    `a serial number has ${SERIAL_BITS.least} to ${SERIAL_BITS.most} random bits, not ${bits}`,
  );
}
