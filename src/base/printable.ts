import { withoutKeys } from './secret.ts';

/**
 * Names from certificates and files, with everything escaped that moves a cursor, breaks a line, reorders
 * what a person reads (Unicode TR 36, 3.5), or cannot be seen at all: controls, format characters, line
 * separators, lone surrogates. And never a private key.
 */
export function printable(text: string): string {
  return withoutKeys(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x1_0000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
