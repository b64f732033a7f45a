import { inspect } from 'node:util';

const REDACTED = '[secret]';

/**
 * Bytes that must not be printed: its string, JSON and inspect forms are redacted, and spreading or
 * structured cloning yields nothing. `reveal()` is the only way in, so that a search for it lists every
 * place that touches key material.
 */
export class Secret {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes themselves, not a copy. */
  reveal(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** PEM of a private key, whole or cut, with its lines broken or not; and its beginning in base64. */
const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:[\w\s+/=\\]|-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----)*|LS0tLS1CRUdJTi[\w+/=]*/g;

/** For texts that quote an input: people paste keys where none belongs, and an error must not repeat them. */
export function withoutKeys(text: string): string {
  return text.replace(PRIVATE_KEY, REDACTED);
}
