import type { Instant } from '../base/index.ts';
import { type AlgorithmIdentifier, readBothAlgorithms } from './algorithm-identifier.ts';
import { contextConstructedTag, DerReader, type Range, Tag } from './der.ts';
import { readAuthorityKeyId } from './extension-values.ts';
import { type ExtensionAt, readExtension } from './extensions.ts';
import { namePaths, readName } from './name.ts';
import { Oid } from './oid.ts';
import { readTime } from './time.ts';
import type { Name } from './types.ts';

/** What one pass over a CRL finds. Of its entries no more than where they are. */
export interface RevocationListLayout {
  /** Ends where the CRL ends; what follows is no part of it. */
  readonly whole: Range;
  readonly tbs: Range;
  readonly algorithm: AlgorithmIdentifier;
  /** From the count of unused bits on. */
  readonly signature: Range;
  readonly issuer: Name;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant | undefined;
  /** Content of revokedCertificates; empty when there is none. */
  readonly entries: Range;
  readonly count: number;
  readonly extensions: readonly ExtensionAt[];
  readonly authorityKeyId: Uint8Array | undefined;
  readonly number: Uint8Array | undefined;
}

const ISSUER = namePaths('tbsCertList.issuer');

/**
 * Refuses what Go's parser refuses (crypto/x509 parser.go, ParseRevocationList), in its order. As there,
 * elements behind the last known one are passed over everywhere, bytes behind the CRL too; an extension
 * may come twice, and the last one counts.
 */
export function readRevocationListLayout(der: Uint8Array): RevocationListLayout {
  const file = new DerReader(der);
  const list = file.enter(Tag.sequence, 'certificateList');
  const tbsStart = list.at;
  const tbs = list.enter(Tag.sequence, 'tbsCertList');
  const tbsRange = { start: tbsStart, end: list.at };
  requireVersion2(tbs);
  const algorithm = readBothAlgorithms(tbs, list, 'tbsCertList');
  const signature = { start: list.bitString('signatureValue'), end: list.at };
  const issuer = readName(tbs, ISSUER);
  const thisUpdate = readTime(tbs, 'tbsCertList.thisUpdate');
  const hasNext = tbs.peek() === Tag.utcTime || tbs.peek() === Tag.generalizedTime;
  const nextUpdate = hasNext ? readTime(tbs, 'tbsCertList.nextUpdate') : undefined;
  const entries = entriesIn(tbs);
  const count = countEntries(tbs.inside(entries.start, entries.end));
  const extensions = readListExtensions(tbs);
  return {
    whole: { start: 0, end: file.at },
    tbs: tbsRange,
    algorithm,
    signature,
    issuer,
    thisUpdate,
    nextUpdate,
    entries,
    count,
    extensions,
    ...valuesOf(extensions, tbs),
  };
}

/** The field holds 1 for version 2 (RFC 5280, 5.1.2.1), and is absent in version 1. */
function requireVersion2(tbs: DerReader): void {
  const path = 'tbsCertList.version';
  if (tbs.peek() !== Tag.integer) tbs.fail('x509/version', 'unsupported crl version', path);
  const start = tbs.integer(path);
  const length = tbs.at - start;
  if (length > 8) tbs.fail('x509/der-value', 'the version is too large', path, start);
  const value = signedInteger(tbs.bytes, start, tbs.at);
  if (value !== 1n) tbs.fail('x509/version', `unsupported crl version: ${value}`, path, start);
}

function signedInteger(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n;
  for (let at = start; at < end; at++) value = value * 256n + BigInt(bytes[at]!);
  return BigInt.asIntN((end - start) * 8, value);
}

function entriesIn(tbs: DerReader): Range {
  if (tbs.peek() !== Tag.sequence) return { start: tbs.at, end: tbs.at };
  return { start: tbs.open(Tag.sequence, 'tbsCertList.revokedCertificates'), end: tbs.at };
}

function countEntries(entries: DerReader): number {
  let count = 0;
  for (; !entries.done; count++) readEntry(entries);
  return count;
}

/** An entry where it stands. */
export interface EntryAt {
  readonly serial: Range;
  readonly revokedAt: Instant;
  readonly reasonCode: number | undefined;
  readonly extensions: readonly ExtensionAt[];
}

const NO_EXTENSIONS: readonly ExtensionAt[] = [];

/** The next entry of revokedCertificates. */
export function readEntry(entries: DerReader): EntryAt {
  const entry = entries.enter(Tag.sequence, 'tbsCertList.revokedCertificates');
  const serial = { start: entry.integer('tbsCertList.serialNumber'), end: entry.at };
  const revokedAt = readTime(entry, 'tbsCertList.revocationDate');
  if (entry.peek() !== Tag.sequence) {
    return { serial, revokedAt, reasonCode: undefined, extensions: NO_EXTENSIONS };
  }
  const list = entry.enter(Tag.sequence, 'extensions');
  const extensions: ExtensionAt[] = [];
  let reasonCode: number | undefined;
  while (!list.done) {
    const extension = readExtension(list);
    if (extension.oid === Oid.reasonCode)
      reasonCode = readReason(list.inside(extension.start, extension.end));
    extensions.push(extension);
  }
  return { serial, revokedAt, reasonCode, extensions };
}

/** CRLReason (RFC 5280, 5.3.1): any number of 64 bits in Go. */
function readReason(value: DerReader): number {
  const path = 'extensions.reasonCode';
  const start = value.integer(path, Tag.enumerated);
  if (value.at - start > 8) value.fail('x509/extension-value', 'the reason is too large', path, start);
  return Number(signedInteger(value.bytes, start, value.at));
}

function readListExtensions(tbs: DerReader): ExtensionAt[] {
  const tag = contextConstructedTag(0);
  const found: ExtensionAt[] = [];
  if (tbs.peek() !== tag) return found;
  const list = tbs.enter(tag, 'extensions').enter(Tag.sequence, 'extensions');
  while (!list.done) found.push(checkedExtension(list));
  return found;
}

/** Each is judged before the next one is read, as in Go. */
function checkedExtension(list: DerReader): ExtensionAt {
  const extension = readExtension(list);
  const value = list.inside(extension.start, extension.end);
  if (extension.oid === Oid.authorityKeyIdentifier) {
    const path = 'extensions.authorityKeyIdentifier';
    if (extension.critical) value.fail('x509/extension-critical', 'the extension must not be critical', path);
    readAuthorityKeyId(value, path);
  } else if (extension.oid === Oid.crlNumber) {
    value.integer('extensions.cRLNumber');
  }
  return extension;
}

function valuesOf(
  extensions: readonly ExtensionAt[],
  reader: DerReader,
): Pick<RevocationListLayout, 'authorityKeyId' | 'number'> {
  const last = (oid: string) => {
    const extension = extensions.findLast((one) => one.oid === oid);
    return extension && reader.inside(extension.start, extension.end);
  };
  const keyId = last(Oid.authorityKeyIdentifier);
  return {
    authorityKeyId: keyId && readAuthorityKeyId(keyId, 'extensions.authorityKeyIdentifier'),
    number: last(Oid.crlNumber)?.content(Tag.integer, 'extensions.cRLNumber'),
  };
}
