import { type Instant, KubetlsError } from '../base/index.ts';
import { bitStringOctets, DerReader, type Range } from './der.ts';
import { extensionsIn } from './extensions.ts';
import { readEntry, readRevocationListLayout, type RevocationListLayout } from './revocation-list-layout.ts';
import type { Extension, Name, RevocationList, RevokedCertificate } from './types.ts';

/** Ours: three million entries with serial numbers of 20 octets; the PEM reader takes half of that. */
const MAX_BYTES = 2 ** 27;

/**
 * One CRL from its DER. All of it is checked at once, as Go's ParseRevocationList does; entries are decoded
 * when they are walked.
 *
 * @throws KubetlsError a code of `X509Code`, with the offset in `der` and the path in the structure
 */
export function parseRevocationList(der: Uint8Array): RevocationList {
  if (der.length > MAX_BYTES) {
    throw new KubetlsError({ code: 'x509/too-large', message: `a CRL has more than ${MAX_BYTES} bytes` });
  }
  return new DerRevocationList(der, readRevocationListLayout(der));
}

class DerRevocationList implements RevocationList {
  readonly #bytes: Uint8Array;
  readonly #layout: RevocationListLayout;
  readonly entries: Iterable<RevokedCertificate>;

  constructor(bytes: Uint8Array, layout: RevocationListLayout) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.entries = { [Symbol.iterator]: () => entriesOf(bytes, layout.entries) };
  }

  #part({ start, end }: Range): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  get der(): Uint8Array {
    return this.#part(this.#layout.whole);
  }
  get tbs(): Uint8Array {
    return this.#part(this.#layout.tbs);
  }
  get issuer(): Name {
    return this.#layout.issuer;
  }
  get thisUpdate(): Instant {
    return this.#layout.thisUpdate;
  }
  get nextUpdate(): Instant | undefined {
    return this.#layout.nextUpdate;
  }
  get count(): number {
    return this.#layout.count;
  }
  get authorityKeyId(): Uint8Array | undefined {
    return this.#layout.authorityKeyId;
  }
  get number(): Uint8Array | undefined {
    return this.#layout.number;
  }
  get extensions(): readonly Extension[] {
    return extensionsIn(this.#bytes, this.#layout.extensions);
  }
  get signatureAlgorithm(): string {
    return this.#layout.algorithm.oid;
  }
  get signatureParameters(): Uint8Array | undefined {
    return this.#layout.algorithm.parameters;
  }
  get signature(): Uint8Array {
    return bitStringOctets(this.#bytes, this.#layout.signature);
  }
}

function* entriesOf(bytes: Uint8Array, { start, end }: Range): Generator<RevokedCertificate> {
  for (const reader = new DerReader(bytes, start, end); !reader.done; ) {
    const { serial, revokedAt, reasonCode, extensions } = readEntry(reader);
    yield {
      serial: bytes.subarray(serial.start, serial.end),
      revokedAt,
      reasonCode,
      extensions: extensionsIn(bytes, extensions),
    };
  }
}

/** RFC 5280, 5.3.1; 7 is not used. */
const REASONS: readonly (string | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** The name of a CRLReason; an unknown one is its number. */
export function revocationReason(code: number): string {
  return REASONS[code] ?? String(code);
}
