import { type DerReader, type Range, Tag } from './der.ts';
import {
  checkAccessDescriptions,
  checkDistributionPoints,
  checkInhibitAnyPolicy,
  checkPolicies,
  checkPolicyConstraints,
  checkPolicyMappings,
} from './extension-checks.ts';
import {
  readAuthorityKeyId,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
} from './extension-values.ts';
import { eachGeneralName } from './general-name.ts';
import { readNameConstraints } from './name-constraints.ts';
import { Oid, readOid } from './oid.ts';
import type { Reading } from './reading.ts';
import type { BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage, NameConstraints } from './types.ts';

/** Extensions of certificates and requests, read and judged as Go does (crypto/x509 parser.go). */

/** An extension where it stands: `start` to `end` is the content of its OCTET STRING. */
export interface ExtensionAt extends Range {
  readonly oid: string;
  readonly critical: boolean;
}

/** What the known extensions say; absent ones are undefined. Names are decoded when they are asked for. */
export interface ExtensionValues {
  basicConstraints: BasicConstraints | undefined;
  keyUsage: readonly KeyUsage[] | undefined;
  extendedKeyUsage: readonly ExtendedKeyUsage[] | undefined;
  subjectAltName: ExtensionAt | undefined;
  subjectKeyId: Uint8Array | undefined;
  authorityKeyId: Uint8Array | undefined;
  nameConstraints: NameConstraints | undefined;
  /** OIDs of critical extensions that are unknown, or hold something unknown. */
  readonly unhandledCritical: string[];
}

/** SEQUENCE OF Extension. One that comes twice is refused. */
export function readExtensions(reader: DerReader): ExtensionAt[] {
  const list = reader.enter(Tag.sequence, 'extensions');
  const found: ExtensionAt[] = [];
  const seen = new Set<string>();
  while (!list.done) {
    const at = list.at;
    const extension = readExtension(list);
    const { oid } = extension;
    if (seen.has(oid)) {
      reader.fail(
        'x509/duplicate-extension',
        `certificate contains duplicate extension with OID "${oid}"`,
        'extensions',
        at,
      );
    }
    seen.add(oid);
    found.push(extension);
  }
  return found;
}

/** The next element, an Extension (RFC 5280, 4.1). */
export function readExtension(list: DerReader): ExtensionAt {
  const extension = list.enter(Tag.sequence, 'extensions.extension');
  const oid = readOid(extension, 'extensions.extnID');
  const critical = extension.peek() === Tag.boolean && extension.boolean('extensions.critical');
  const start = extension.open(Tag.octetString, 'extensions.extnValue');
  return { oid, critical, start, end: extension.at };
}

/** The extensions with their values, from the bytes that they stand in. */
export function extensionsIn(bytes: Uint8Array, found: readonly ExtensionAt[]): Extension[] {
  return found.map(({ oid, critical, start, end }) => ({ oid, critical, value: bytes.subarray(start, end) }));
}

interface Known {
  readonly path: string;
  /** RFC 5280 wants it non-critical; Go refuses the certificate otherwise. */
  readonly neverCritical?: true;
  /** True when it holds something that is not understood, which matters where it is critical. */
  read(
    value: DerReader,
    path: string,
    into: ExtensionValues,
    extension: ExtensionAt,
    reading: Reading,
  ): boolean;
}

function known(path: string, read: Known['read'], neverCritical?: true): Known {
  return { path: `extensions.${path}`, read, ...(neverCritical && { neverCritical }) };
}

/** An extension that Go reads at once and that we keep as bytes: it need only be well-formed. */
function checked(path: string, check: (value: DerReader, path: string) => void, neverCritical?: true): Known {
  const read: Known['read'] = (value, at) => {
    check(value, at);
    return false;
  };
  return known(path, read, neverCritical);
}

const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  [
    Oid.basicConstraints,
    known('basicConstraints', (value, path, into) => {
      into.basicConstraints = readBasicConstraints(value, path);
      return false;
    }),
  ],
  [
    Oid.keyUsage,
    known('keyUsage', (value, path, into) => {
      into.keyUsage = readKeyUsage(value, path);
      return false;
    }),
  ],
  [
    Oid.extendedKeyUsage,
    known('extKeyUsage', (value, path, into) => {
      into.extendedKeyUsage = readExtendedKeyUsage(value, path);
      return false;
    }),
  ],
  [
    Oid.subjectAltName,
    known('subjectAltName', (value, _, into, extension, reading) => {
      into.subjectAltName = extension;
      return readSubjectAltName(value, reading) === 0;
    }),
  ],
  [
    Oid.subjectKeyIdentifier,
    known(
      'subjectKeyIdentifier',
      (value, path, into) => {
        into.subjectKeyId = value.content(Tag.octetString, path);
        return false;
      },
      true,
    ),
  ],
  [
    Oid.authorityKeyIdentifier,
    known(
      'authorityKeyIdentifier',
      (value, path, into) => {
        into.authorityKeyId = readAuthorityKeyId(value, path);
        return false;
      },
      true,
    ),
  ],
  [
    Oid.nameConstraints,
    known('nameConstraints', (value, path, into, { critical }) => {
      const constraints = readNameConstraints(value, path, critical);
      into.nameConstraints = constraints;
      return [...constraints.permitted, ...constraints.excluded].some(({ kind }) => kind === 'other');
    }),
  ],
  [Oid.crlDistributionPoints, checked('cRLDistributionPoints', checkDistributionPoints)],
  [Oid.certificatePolicies, checked('certificatePolicies', checkPolicies)],
  [Oid.policyMappings, checked('policyMappings', checkPolicyMappings)],
  [Oid.policyConstraints, checked('policyConstraints', checkPolicyConstraints)],
  [Oid.inhibitAnyPolicy, checked('inhibitAnyPolicy', checkInhibitAnyPolicy)],
  [Oid.authorityInfoAccess, checked('authorityInfoAccess', checkAccessDescriptions, true)],
]);

/** Checks a SubjectAltName; returns how many names are of a kind that Go knows. */
export function readSubjectAltName(value: DerReader, reading: Reading): number {
  const path = 'extensions.subjectAltName.name';
  return eachGeneralName(value.enter(Tag.sequence, 'extensions.subjectAltName'), path, reading);
}

/** Reads the values, in the order in which they stand; `reader` is any reader of the same bytes. */
export function readExtensionValues(
  extensions: readonly ExtensionAt[],
  reader: DerReader,
  reading: Reading,
): ExtensionValues {
  const values: ExtensionValues = {
    basicConstraints: undefined,
    keyUsage: undefined,
    extendedKeyUsage: undefined,
    subjectAltName: undefined,
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    nameConstraints: undefined,
    unhandledCritical: [],
  };
  for (const extension of extensions) {
    const entry = KNOWN.get(extension.oid);
    const value = reader.inside(extension.start, extension.end);
    if (extension.critical && entry?.neverCritical) {
      value.fail('x509/extension-critical', 'the extension must not be critical', entry.path);
    }
    const unhandled = entry ? entry.read(value, entry.path, values, extension, reading) : true;
    if (unhandled && extension.critical) values.unhandledCritical.push(extension.oid);
  }
  return values;
}
