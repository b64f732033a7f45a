import {
  authorityKeyIdExtension,
  basicConstraintsExtension,
  type Extension,
  extendedKeyUsageExtension,
  isEmptyName,
  keyUsageExtension,
  subjectAltNameExtension,
  subjectKeyIdExtension,
} from '../x509/index.ts';
import type { Draft } from './draft.ts';

/** The extensions of a draft, in the order of Go's buildCertExtensions (crypto/x509/x509.go). */
export function extensionsOf(draft: Draft): Extension[] {
  const { keyUsage, extendedKeyUsage, subjectKeyId, authorityKeyId, names } = draft;
  const extensions: Extension[] = [];
  if (keyUsage.length > 0) extensions.push(keyUsageExtension(keyUsage));
  if (extendedKeyUsage.length > 0) extensions.push(extendedKeyUsageExtension(extendedKeyUsage));
  extensions.push(basicConstraintsExtension(draft.basicConstraints));
  if (subjectKeyId) extensions.push(subjectKeyIdExtension(subjectKeyId));
  if (authorityKeyId) extensions.push(authorityKeyIdExtension(authorityKeyId));
  // Critical where it is the only identity: RFC 5280, 4.2.1.6.
  const critical = isEmptyName(draft.subject);
  if (names.length > 0) extensions.push(subjectAltNameExtension(names, critical));
  return extensions;
}
