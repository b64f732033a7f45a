/**
 * RC2 in CBC mode, decryption only (RFC 2268): OpenSSL 3 keeps it in a provider that Node does not load, and
 * what Windows and OpenSSL exported until 2021 has its certificates in it.
 */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32' +
    'bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a' +
    '961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e' +
    'c5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/** `key` of 1 to 128 octets, of which as many bits count as it has. */
export function decryptRc2Cbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  if (data.length === 0 || data.length % 8 !== 0 || iv.length !== 8) return undefined;
  const words = expand(key);
  const out = new Uint8Array(data.length);
  let before = iv;
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8);
    const plain = decryptBlock(words, block);
    for (let i = 0; i < 8; i++) out[at + i] = plain[i]! ^ before[i]!;
    before = block;
  }
  return withoutPadding(out);
}

/** RFC 5652, 6.3 */
function withoutPadding(out: Uint8Array): Uint8Array | undefined {
  const count = out.at(-1) ?? 0;
  if (count < 1 || count > 8) return undefined;
  const padding = out.subarray(out.length - count);
  return padding.every((octet) => octet === count) ? out.subarray(0, out.length - count) : undefined;
}

/** RFC 2268, 2 */
function expand(key: Uint8Array): Uint16Array {
  const octets = new Uint8Array(128);
  octets.set(key);
  const length = key.length;
  for (let i = length; i < 128; i++) octets[i] = PI[(octets[i - 1]! + octets[i - length]!) & 0xff]!;
  octets[128 - length] = PI[octets[128 - length]!]!;
  for (let i = 127 - length; i >= 0; i--) octets[i] = PI[octets[i + 1]! ^ octets[i + length]!]!;
  return Uint16Array.from({ length: 64 }, (_, i) => octets[2 * i]! | (octets[2 * i + 1]! << 8));
}

const SHIFTS = [1, 2, 3, 5] as const;

/** RFC 2268, 4: five rounds, a mash, six rounds, a mash, five rounds, backwards. */
function decryptBlock(key: Uint16Array, block: Uint8Array): Uint8Array {
  const r = Uint16Array.from({ length: 4 }, (_, i) => block[2 * i]! | (block[2 * i + 1]! << 8));
  let j = 63;
  for (let round = 15; round >= 0; round--) {
    for (let i = 3; i >= 0; i--) {
      const shift = SHIFTS[i]!;
      const rotated = (r[i]! >>> shift) | (r[i]! << (16 - shift));
      const [a, b, c] = [r[(i + 3) & 3]!, r[(i + 2) & 3]!, r[(i + 1) & 3]!];
      r[i] = rotated - key[j--]! - (a & b) - (~a & c);
    }
    if (round === 11 || round === 5) {
      for (let i = 3; i >= 0; i--) r[i] = r[i]! - key[r[(i + 3) & 3]! & 63]!;
    }
  }
  return new Uint8Array(r.buffer);
}
