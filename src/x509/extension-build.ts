import { KubetlsError } from '../base/index.ts';
import { contextConstructedTag, contextTag, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { type DerWriter, written } from './der-writer.ts';
import { basicConstraintsValue, extendedKeyUsageValue, keyUsageValue } from './extension-values.ts';
import { writeGeneralName } from './general-name.ts';
import { Oid, oidElement } from './oid.ts';
import type {
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  KeyUsage,
  NameConstraints,
} from './types.ts';

/** Extensions that we write, critical where Go's CreateCertificate makes them so (crypto/x509 x509.go). */

export function basicConstraintsExtension(constraints: BasicConstraints): Extension {
  return { oid: Oid.basicConstraints, critical: true, value: basicConstraintsValue(constraints) };
}

export function keyUsageExtension(usages: readonly KeyUsage[]): Extension {
  return { oid: Oid.keyUsage, critical: true, value: keyUsageValue(usages) };
}

export function extendedKeyUsageExtension(usages: readonly ExtendedKeyUsage[]): Extension {
  return { oid: Oid.extendedKeyUsage, critical: false, value: extendedKeyUsageValue(usages) };
}

/** `critical` must be true when the subject is empty (RFC 5280, 4.2.1.6), and is false otherwise. */
export function subjectAltNameExtension(names: readonly GeneralName[], critical: boolean): Extension {
  const value = written((writer) => {
    for (let i = names.length - 1; i >= 0; i--) writeGeneralName(writer, names[i]!);
    writer.header(Tag.sequence, 0);
  });
  return { oid: Oid.subjectAltName, critical, value };
}

export function subjectKeyIdExtension(keyId: Uint8Array): Extension {
  return { oid: Oid.subjectKeyIdentifier, critical: false, value: encode(Tag.octetString, keyId) };
}

export function authorityKeyIdExtension(keyId: Uint8Array): Extension {
  const value = encode(Tag.sequence, encode(contextTag(0), keyId));
  return { oid: Oid.authorityKeyIdentifier, critical: false, value };
}

/** IP constraints hold address and mask (8 or 32 octets). */
export function nameConstraintsExtension(constraints: NameConstraints): Extension {
  const { critical, permitted, excluded } = constraints;
  const value = written((writer) => {
    writeSubtrees(writer, excluded, contextConstructedTag(1));
    writeSubtrees(writer, permitted, contextConstructedTag(0));
    writer.header(Tag.sequence, 0);
  });
  return { oid: Oid.nameConstraints, critical, value };
}

function writeSubtrees(writer: DerWriter, names: readonly GeneralName[], tag: number): void {
  if (names.length === 0) return;
  const end = writer.length;
  for (const name of names.toReversed()) {
    const subtreeEnd = writer.length;
    writeGeneralName(writer, name);
    writer.header(Tag.sequence, subtreeEnd);
  }
  writer.header(tag, end);
}

const CRITICAL = encode(Tag.boolean, Uint8Array.of(0xff));

/** SEQUENCE OF Extension. */
export function encodeExtensionList(extensions: readonly Extension[]): Uint8Array {
  return written((writer) => writeExtensions(writer, extensions));
}

/** The same, in front of what was written. */
export function writeExtensions(writer: DerWriter, extensions: readonly Extension[]): void {
  const end = writer.length;
  refuseTwice(extensions);
  for (let i = extensions.length - 1; i >= 0; i--) writeExtension(writer, extensions[i]!);
  writer.header(Tag.sequence, end);
}

/** So few are compared with each other faster than they are hashed. */
const FEW = 16;

function refuseTwice(extensions: readonly Extension[]): void {
  const known = extensions.length > FEW ? new Set<string>() : undefined;
  for (const [at, { oid }] of extensions.entries()) {
    const isSecond = known ? known.size === known.add(oid).size : stoodBefore(oid, at, extensions);
    if (!isSecond) continue;
    throw new KubetlsError({ code: 'x509/duplicate-extension', message: `extension ${oid} comes twice` });
  }
}

function stoodBefore(oid: string, at: number, extensions: readonly Extension[]): boolean {
  for (let i = 0; i < at; i++) if (extensions[i]!.oid === oid) return true;
  return false;
}

function writeExtension(writer: DerWriter, { oid, critical, value }: Extension): void {
  const end = writer.length;
  writer.octets(value);
  writer.header(Tag.octetString, end);
  if (critical) writer.octets(CRITICAL);
  writer.octets(oidElement(oid));
  writer.header(Tag.sequence, end);
}
