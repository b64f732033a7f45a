/** DER as a tree that can be changed and written again: for tests that damage what was well formed. */

/** An element, with its children where its content is DER itself. */
export interface DerNode {
  tag: number;
  content: Uint8Array;
  children: DerNode[] | undefined;
}

/** Certificates are a dozen deep; the code here calls itself for each level. */
const DEEPEST = 100;

/** Undefined when it is no sequence of elements. An OCTET STRING may hold DER, as extensions do. */
export function readTree(der: Uint8Array, depth = 0): DerNode[] | undefined {
  if (depth > DEEPEST) return undefined;
  const nodes: DerNode[] = [];
  for (let at = 0; at < der.length; ) {
    const tag = der[at]!;
    const octets = (der[at + 1] ?? 0) > 0x80 ? der[at + 1]! - 0x80 : 0;
    const start = at + 2 + octets;
    if ((tag & 0x1f) === 0x1f || octets > 3 || start > der.length) return undefined;
    let length = octets === 0 ? der[at + 1]! : 0;
    for (let i = at + 2; i < start; i++) length = length * 256 + der[i]!;
    at = start + length;
    if (at > der.length) return undefined;
    const content = der.slice(start, at);
    const holdsDer = (tag & 0x20) !== 0 || tag === 0x04;
    nodes.push({ tag, content, children: holdsDer ? readTree(content, depth + 1) : undefined });
  }
  return nodes;
}

export function writeTree({ tag, content, children }: DerNode): Uint8Array {
  return der(tag, ...(children ? children.map(writeTree) : [content]));
}

/** One element from the parts of its content. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const digits = [length >>> 16, (length >>> 8) & 0xff, length & 0xff];
  const octets = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
  const header = octets === 0 ? [tag, length] : [tag, 0x80 | octets, ...digits.slice(3 - octets)];
  return new Uint8Array(Buffer.concat([Uint8Array.from(header), ...parts]));
}

export function hex(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits.replaceAll(' ', ''), 'hex'));
}
