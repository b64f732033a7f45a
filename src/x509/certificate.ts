import { equalBytes, type Instant, KubetlsError } from '../base/index.ts';
import { type CertificateLayout, readCertificateLayout } from './certificate-layout.ts';
import { bitStringOctets, DerReader, type Range } from './der.ts';
import { extensionsIn } from './extensions.ts';
import { readGeneralNames } from './general-name.ts';
import { type Reading, STRICTEST } from './reading.ts';
import { encodeSigned } from './signed.ts';
import { readTimeOffset } from './time.ts';
import type {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  KeyUsage,
  Name,
  NameConstraints,
  PublicKey,
} from './types.ts';

/** 2^24 - 1: a TLS handshake message holds no more (RFC 8446, 4). */
const MAX_BYTES = 2 ** 24 - 1;

/**
 * One certificate from its DER, with nothing behind it. Everything that Go's parser refuses is refused
 * here and now; names and alternative names are decoded when they are first asked for.
 *
 * @throws KubetlsError a code of `X509Code`, with the offset in `der` and the path in the structure
 */
export function parseCertificate(der: Uint8Array): Certificate {
  return parseCertificateBy(der, STRICTEST);
}

/** The same as the Go of another release reads it. */
export function parseCertificateBy(der: Uint8Array, reading: Reading): Certificate {
  if (der.length > MAX_BYTES) {
    throw new KubetlsError({
      code: 'x509/too-large',
      message: `a certificate has more than ${MAX_BYTES} bytes`,
    });
  }
  return new DerCertificate(der, readCertificateLayout(der, reading));
}

/**
 * The certificate of a signed TBSCertificate, not read again until a field is asked for.
 *
 * @param tbs from `encodeTbsCertificate`
 * @param signatureAlgorithm DER of the AlgorithmIdentifier that `tbs` names
 * @param signature content of the BIT STRING
 */
export function assembleCertificate(
  tbs: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Certificate {
  return new DerCertificate(encodeSigned(tbs, signatureAlgorithm, signature));
}

/** The same from its DER, for what is known to have been assembled so, in another thread. */
export function ownCertificate(der: Uint8Array): Certificate {
  return new DerCertificate(der);
}

/** X.509 v1, as openssl makes by hand, cannot say that it is an authority; whoever signs itself is meant as one. */
export function isOldAuthority({ version, subject, issuer }: Certificate): boolean {
  return version < 3 && equalBytes(subject.der, issuer.der);
}

/**
 * What others work out of a certificate, kept with it and for as long: a WeakMap of all certificates costs ten times
 * as much, which shows beside a signature of 100 microseconds.
 */
export class Memo<T> {
  static #count = 0;
  readonly #at = Memo.#count++;

  get(certificate: Certificate): T | undefined {
    return memosOf(certificate)?.[this.#at] as T | undefined;
  }

  set(certificate: Certificate, value: T): void {
    const memos = memosOf(certificate);
    if (memos) memos[this.#at] = value;
  }
}

/** Undefined for a certificate that is not of this room. */
let memosOf: (certificate: Certificate) => unknown[] | undefined;

class DerCertificate implements Certificate {
  static {
    memosOf = (certificate) => (#memos in certificate ? (certificate.#memos ??= []) : undefined);
  }

  readonly der: Uint8Array;
  #memos: unknown[] | undefined;
  #known: CertificateLayout | undefined;
  #extensions: readonly Extension[] | undefined;
  #subjectAltNames: readonly GeneralName[] | undefined;

  constructor(der: Uint8Array, layout?: CertificateLayout) {
    this.der = der;
    this.#known = layout;
  }

  get #layout(): CertificateLayout {
    return (this.#known ??= readCertificateLayout(this.der, STRICTEST));
  }

  #part({ start, end }: Range): Uint8Array {
    return this.der.subarray(start, end);
  }

  get tbs(): Uint8Array {
    return this.#part(this.#layout.tbs);
  }
  get version(): number {
    return this.#layout.version;
  }
  get serial(): Uint8Array {
    return this.#part(this.#layout.serial);
  }
  get issuer(): Name {
    return this.#layout.issuer;
  }
  get subject(): Name {
    return this.#layout.subject;
  }
  get notBefore(): Instant {
    return this.#layout.notBefore;
  }
  get notAfter(): Instant {
    return this.#layout.notAfter;
  }
  get utcOffsets(): { readonly notBefore: number; readonly notAfter: number } {
    const { start, end } = this.#layout.validity;
    const times = new DerReader(this.der, start, end);
    return { notBefore: readTimeOffset(times, 'validity'), notAfter: readTimeOffset(times, 'validity') };
  }
  get publicKey(): PublicKey {
    return this.#layout.publicKey;
  }
  get signatureAlgorithm(): string {
    return this.#layout.algorithm.oid;
  }
  get signatureParameters(): Uint8Array | undefined {
    return this.#layout.algorithm.parameters;
  }
  get signature(): Uint8Array {
    return bitStringOctets(this.der, this.#layout.signature);
  }
  get extensions(): readonly Extension[] {
    return (this.#extensions ??= extensionsIn(this.der, this.#layout.extensions));
  }
  get basicConstraints(): BasicConstraints | undefined {
    return this.#layout.values.basicConstraints;
  }
  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.#layout.values.keyUsage;
  }
  get extendedKeyUsage(): readonly ExtendedKeyUsage[] | undefined {
    return this.#layout.values.extendedKeyUsage;
  }
  get subjectAltNames(): readonly GeneralName[] | undefined {
    const { subjectAltName } = this.#layout.values;
    if (!subjectAltName) return undefined;
    return (this.#subjectAltNames ??= readGeneralNames(this.der, subjectAltName));
  }
  get subjectKeyId(): Uint8Array | undefined {
    return this.#layout.values.subjectKeyId;
  }
  get authorityKeyId(): Uint8Array | undefined {
    return this.#layout.values.authorityKeyId;
  }
  get nameConstraints(): NameConstraints | undefined {
    return this.#layout.values.nameConstraints;
  }
  get unhandledCritical(): readonly string[] {
    return this.#layout.values.unhandledCritical;
  }
}
