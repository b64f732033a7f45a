/**
 * Standard base64 as Go's encoding/base64 reads it: line breaks are skipped anywhere, padding is required,
 * and the offset of what does not belong is the one that Go names.
 */
const PAD = 0x3d;

/** The bytes, or the offset in bytes that Go's `illegal base64 data at input byte` names. */
export function decodeBase64(text: string): Uint8Array | number {
  const input = Buffer.from(text, 'utf8');
  const bad = firstIllegal(input);
  return bad === undefined ? new Uint8Array(Buffer.from(text, 'base64')) : bad;
}

/** decodeQuantum of encoding/base64: four characters at a time, `inQuantum` of them seen. */
function firstIllegal(input: Uint8Array): number | undefined {
  let inQuantum = 0;
  for (let at = 0; at < input.length; at++) {
    const octet = input[at] ?? 0;
    if (isBreak(octet)) continue;
    if (isDigit(octet)) inQuantum = (inQuantum + 1) % 4;
    else return octet === PAD && inQuantum >= 2 ? afterPad(input, at + 1, inQuantum) : at;
  }
  return inQuantum === 0 ? undefined : input.length - inQuantum;
}

function afterPad(input: Uint8Array, start: number, inQuantum: number): number | undefined {
  let at = skipBreaks(input, start);
  if (inQuantum === 2) {
    if (at === input.length) return input.length;
    if (input[at] !== PAD) return at - 1;
    at = skipBreaks(input, at + 1);
  }
  return at < input.length ? at : undefined;
}

function skipBreaks(input: Uint8Array, start: number): number {
  let at = start;
  while (at < input.length && isBreak(input[at] ?? 0)) at++;
  return at;
}

function isBreak(octet: number): boolean {
  return octet === 0x0a || octet === 0x0d;
}

function isDigit(octet: number): boolean {
  return (
    (octet >= 0x41 && octet <= 0x5a) ||
    (octet >= 0x61 && octet <= 0x7a) ||
    (octet >= 0x30 && octet <= 0x39) ||
    octet === 0x2b ||
    octet === 0x2f
  );
}
