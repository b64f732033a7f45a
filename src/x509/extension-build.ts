import { KubetlsError } from '../base/index.ts';
import { contextConstructedTag, contextTag, encode, encodeAll, nest, Tag } from './der.ts';
import { basicConstraintsValue, extendedKeyUsageValue, keyUsageValue } from './extension-values.ts';
import { encodeGeneralName } from './general-name.ts';
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
  const value = encodeAll(Tag.sequence, names.map(encodeGeneralName));
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
  const parts = [constraints.permitted, constraints.excluded].flatMap((names, n) =>
    names.length === 0 ? [] : [encodeAll(contextConstructedTag(n), names.map(subtree))],
  );
  return { oid: Oid.nameConstraints, critical: constraints.critical, value: encode(Tag.sequence, ...parts) };
}

function subtree(name: GeneralName): Uint8Array {
  return encode(Tag.sequence, encodeGeneralName(name));
}

const CRITICAL = encode(Tag.boolean, Uint8Array.of(0xff));

/** `[tag] SEQUENCE OF Extension`, in parts; nothing for none, since the SEQUENCE has one at least. */
export function encodeExtensions(extensions: readonly Extension[], tag: number): Uint8Array[] {
  return extensions.length === 0 ? [] : nest(tag, nest(Tag.sequence, extensionParts(extensions)));
}

/** SEQUENCE OF Extension. */
export function encodeExtensionList(extensions: readonly Extension[]): Uint8Array {
  return encodeAll(Tag.sequence, extensionParts(extensions));
}

function extensionParts(extensions: readonly Extension[]): Uint8Array[] {
  const seen = new Set<string>();
  const parts: Uint8Array[] = [];
  for (const { oid, critical, value } of extensions) {
    if (seen.size === seen.add(oid).size) {
      throw new KubetlsError({ code: 'x509/duplicate-extension', message: `extension ${oid} comes twice` });
    }
    const content = nest(Tag.octetString, [value]);
    const id = oidElement(oid);
    parts.push(...nest(Tag.sequence, critical ? [id, CRITICAL, ...content] : [id, ...content]));
  }
  return parts;
}
