import { contextConstructedTag, contextTag, type DerReader, Tag } from './der.ts';
import { readOid } from './oid.ts';
import { latin1 } from './strings.ts';

/**
 * Extensions that are kept as bytes, and whose form Go checks when it parses a certificate
 * (crypto/x509 parser.go, processExtensions). What stands behind the parts that Go reads is passed over,
 * as there.
 */

/** RFC 5280, 4.2.1.13. */
export function checkDistributionPoints(value: DerReader, path: string): void {
  const inner = `${path}.distributionPoint`;
  const points = value.enter(Tag.sequence, path);
  while (!points.done) {
    const point = points.enter(Tag.sequence, inner);
    if (point.peek() !== contextConstructedTag(0)) continue;
    const names = point.enter(contextConstructedTag(0), inner).enter(contextConstructedTag(0), inner);
    while (names.peek() === contextTag(6)) names.open(contextTag(6), inner);
  }
}

/** RFC 5280, 4.2.1.4: a policy stands there once. Its arcs have no bound, unlike those of other OIDs. */
export function checkPolicies(value: DerReader, path: string): void {
  const policies = value.enter(Tag.sequence, path);
  const seen = new Set<string>();
  while (!policies.done) {
    const policy = policies.enter(Tag.sequence, path);
    const start = policy.open(Tag.oid, path);
    const oid = latin1(policy.bytes, start, policy.at);
    if (!isOidOfAnySize(policy.bytes, start, policy.at)) {
      policy.fail('x509/oid', 'not an object identifier', path, start);
    }
    if (seen.has(oid)) policy.fail('x509/extension-value', 'a policy comes twice', path, start);
    seen.add(oid);
  }
}

/** crypto/x509 oid.go, newOIDFromDER. */
function isOidOfAnySize(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || bytes[end - 1]! >= 0x80) return false;
  for (let at = start, first = true; at < end; at++) {
    if (first && bytes[at] === 0x80) return false;
    first = bytes[at]! < 0x80;
  }
  return true;
}

/** RFC 5280, 4.2.1.5. */
export function checkPolicyMappings(value: DerReader, path: string): void {
  const mappings = value.enter(Tag.sequence, path);
  while (!mappings.done) {
    const mapping = mappings.enter(Tag.sequence, path);
    mapping.open(Tag.oid, path);
    mapping.open(Tag.oid, path);
  }
}

/** RFC 5280, 4.2.1.11. */
export function checkPolicyConstraints(value: DerReader, path: string): void {
  const constraints = value.enter(Tag.sequence, path);
  for (const tag of [contextTag(0), contextTag(1)]) {
    if (constraints.peek() === tag) skipInt64(constraints, path, tag);
  }
}

/** RFC 5280, 4.2.1.14. */
export function checkInhibitAnyPolicy(value: DerReader, path: string): void {
  skipInt64(value, path, Tag.integer);
}

/** An INTEGER that fits 64 bits with its sign. */
function skipInt64(reader: DerReader, path: string, tag: number): void {
  const start = reader.integer(path, tag);
  if (reader.at - start > 8) reader.fail('x509/extension-value', 'the number is too large', path, start);
}

/** RFC 5280, 4.2.2.1. */
export function checkAccessDescriptions(value: DerReader, path: string): void {
  const descriptions = value.enter(Tag.sequence, path);
  while (!descriptions.done) {
    const description = descriptions.enter(Tag.sequence, path);
    readOid(description, path);
    description.skipOptional(contextTag(6), path);
  }
}
