import { concatBytes } from '../base/index.ts';
import { type PemBlock, readPem } from '../x509/index.ts';

const BLANK = Uint8Array.of(0x20);

/**
 * The blocks that Go sees: none behind a byte order mark, which our reader shows to people. To Go it is text before
 * a BEGIN, as a blank is; and then other blocks may be found than those that follow.
 */
export function blocksOf(bytes: Uint8Array): PemBlock[] {
  return readPem(hasMark(bytes) ? concatBytes([BLANK, bytes]) : bytes);
}

export function hasMark([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}
