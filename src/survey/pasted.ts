/**
 * Certificates as they arrive from chats, tickets and JSON: the line breaks gone, become spaces or `\n`, the
 * lines indented or quoted with `>`, the dashes lost. Programs read nothing in them; here they are put right.
 */
import { writePem } from '../x509/index.ts';

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/** The blocks of a text, as PEM; one that cannot be put right is left out. Each END is looked for once. */
export function repairedPem(text: string): string {
  const blocks: string[] = [];
  let end = -1;
  for (let at = text.indexOf(BEGIN), next: number; at >= 0; at = next) {
    next = text.indexOf(BEGIN, at + 1);
    const labelEnd = text.indexOf(DASHES, at + BEGIN.length);
    if (labelEnd < 0) break;
    if (end < labelEnd) end = text.indexOf(END, labelEnd);
    if (end < 0) break;
    const label = text.slice(at + BEGIN.length, labelEnd).trim();
    const isWhole = (next < 0 || end < next) && text.startsWith(label, end + END.length);
    if (label.length > LONGEST_LABEL || !isWhole) continue;
    const block = blockOf(label, text.slice(labelEnd + DASHES.length, end));
    if (block !== undefined) blocks.push(block);
  }
  return blocks.join('');
}

/** Longer than any label of RFC 7468. */
const LONGEST_LABEL = 64;

/** Base64 of DER alone, which somebody copied without the lines around it; undefined when it is something else. */
export function bareBase64(text: string): Uint8Array | undefined {
  return /^\s*MI[IM]/.test(text) ? decoded(text) : undefined;
}

function blockOf(label: string, body: string): string | undefined {
  const der = decoded(body);
  return der && writePem(label, der);
}

function decoded(body: string): Uint8Array | undefined {
  const digits = body.replace(/(?<!\\)\\+[nrt]|[\s>"',;]+/g, '');
  if (digits.length === 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits)) return undefined;
  return Buffer.from(digits, 'base64');
}
