import { X509Certificate } from 'node:crypto';
import { asBuffer, KubetlsError } from '../../base/index.ts';
import {
  type Certificate,
  contextTag,
  DerReader,
  type GeneralName,
  Oid,
  parseName,
  Tag,
} from '../../x509/index.ts';
import { unmodelled } from '../unmodelled.ts';

/** Extensions that change the verdict of OpenSSL, and that we do not read. */
const UNREAD: Readonly<Record<string, string>> = {
  '2.16.840.1.113730.1.1': 'nsCertType',
  '1.3.6.1.5.5.7.1.14': 'proxyCertInfo (RFC 3820)',
  '1.3.6.1.5.5.7.1.7': 'sbgp-ipAddrBlock (RFC 3779)',
  '1.3.6.1.5.5.7.1.8': 'sbgp-autonomousSysNum (RFC 3779)',
};

/**
 * Our parser refuses what Go's does; OpenSSL's refuses other things, some of them only when an extension is
 * asked for, and then (EXFLAG_INVALID) the whole certificate. Where the two part the answer is unknown.
 */
export function refuseUnreadable(certificate: Certificate): void {
  if (!isReadByOpenssl(certificate)) unmodelled('a certificate that OpenSSL does not read');
  for (const { oid } of certificate.extensions) {
    if (UNREAD[oid] !== undefined) unmodelled(`the extension ${UNREAD[oid]}`);
  }
  if (certificate.extensions.length === 0 && hasExtensions(certificate)) {
    unmodelled('extensions that Go passes over, as in a certificate of version 1');
  }
  if (certificate.subjectAltNames?.some((name) => !isPlainName(name))) {
    unmodelled('a subject alternative name of a rare form');
  }
  for (const { oid, value } of certificate.extensions) {
    const form = FORMS[oid];
    if (form && !reads(() => form.read(new DerReader(value)))) unmodelled(`${form.name} of a rare form`);
  }
}

/** The forms that everybody writes, of extensions that Go reads more laxly, or not at all. */
const FORMS: Readonly<Record<string, { readonly name: string; readonly read: (value: DerReader) => void }>> =
  {
    [Oid.crlDistributionPoints]: { name: 'CRL distribution points', read: readPoints },
    [Oid.basicConstraints]: { name: 'basic constraints', read: readBasicConstraints },
    [Oid.nameConstraints]: { name: 'name constraints', read: readNameConstraints },
  };

/** By d2i_X509 itself: node:crypto is OpenSSL. */
function isReadByOpenssl({ der }: Certificate): boolean {
  try {
    return new X509Certificate(asBuffer(der)).raw.length === der.length;
  } catch {
    return false;
  }
}

const PATH = 'tbsCertificate';
const EXTENSIONS = 0xa3;

function hasExtensions({ tbs }: Certificate): boolean {
  const fields = new DerReader(tbs).enter(Tag.sequence, PATH);
  while (!fields.done) {
    if (fields.peek() === EXTENSIONS) return true;
    fields.skip(PATH);
  }
  return false;
}

const OTHER_NAME = 0xa0;
const DIRECTORY_NAME = 0xa4;
const REGISTERED_ID = contextTag(8);

function isPlainName(name: GeneralName): boolean {
  if (name.kind !== 'other' || name.tag === REGISTERED_ID) return true;
  const reader = new DerReader(name.der);
  if (name.tag === DIRECTORY_NAME) return reads(() => parseName(reader.content(DIRECTORY_NAME, PATH)));
  return (
    name.tag === OTHER_NAME &&
    reads(() => {
      const parts = reader.enter(OTHER_NAME, PATH);
      parts.content(Tag.oid, PATH);
      const value = parts.enter(OTHER_NAME, PATH);
      value.skip(PATH);
      value.finish(PATH);
      parts.finish(PATH);
    })
  );
}

const FULL_NAME = 0xa0;
const POINT = 0xa0;

/** Nothing but full names, and in them nothing but URIs. */
function readPoints(value: DerReader): void {
  const points = value.enter(Tag.sequence, PATH);
  while (!points.done) {
    const point = points.enter(Tag.sequence, PATH);
    const names = point.enter(POINT, PATH).enter(FULL_NAME, PATH);
    point.finish(PATH);
    do names.content(contextTag(6), PATH);
    while (!names.done);
  }
}

function readBasicConstraints(value: DerReader): void {
  const parts = value.enter(Tag.sequence, PATH);
  parts.skipOptional(Tag.boolean, PATH);
  parts.skipOptional(Tag.integer, PATH);
  parts.finish(PATH);
}

const CONSTRAINED: ReadonlySet<number> = new Set([0x81, 0x82, 0x86, 0x87, DIRECTORY_NAME]);

/** Without minimum and maximum, and of the kinds that are compared here. */
function readNameConstraints(value: DerReader): void {
  const all = value.enter(Tag.sequence, PATH);
  while (!all.done) {
    const subtrees = all.enter(all.peek(), PATH);
    while (!subtrees.done) {
      const subtree = subtrees.enter(Tag.sequence, PATH);
      if (!CONSTRAINED.has(subtree.peek())) subtree.fail('x509/der-tag', 'a rare kind', PATH);
      subtree.skip(PATH);
      subtree.finish(PATH);
    }
  }
}

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof KubetlsError) return false;
    throw error;
  }
}
