import type { Instant } from '../../base/index.ts';
import { type Certificate, DerReader, Tag } from '../../x509/index.ts';
import type { OpensslError } from './errors.ts';

const SECOND = 1_000;

/**
 * ossl_x509_check_cert_time, both ends of it. X509_cmp_time takes the last second of a validity as over,
 * where Go takes it as the last good one; it knows whole seconds only.
 */
export function validityErrors(certificate: Certificate, at: Instant): readonly OpensslError[] {
  const now = Math.floor(at / SECOND) * SECOND;
  const plain = datesArePlain(certificate);
  const errors: OpensslError[] = [];
  if (!plain.notBefore) errors.push('ERROR_IN_CERT_NOT_BEFORE_FIELD');
  else if (certificate.notBefore > now) errors.push('CERT_NOT_YET_VALID');
  if (!plain.notAfter) errors.push('ERROR_IN_CERT_NOT_AFTER_FIELD');
  else if (certificate.notAfter <= now) errors.push('CERT_HAS_EXPIRED');
  return errors;
}

const PATH = 'validity';
const VERSION = 0xa0;

/** X509_cmp_time takes YYMMDDHHMMSSZ and YYYYMMDDHHMMSSZ only: no offsets, and seconds are a must. */
function datesArePlain({ tbs }: Certificate): { readonly notBefore: boolean; readonly notAfter: boolean } {
  const fields = new DerReader(tbs).enter(Tag.sequence, PATH);
  fields.skipOptional(VERSION, PATH);
  fields.content(Tag.integer, PATH);
  fields.content(Tag.sequence, PATH);
  fields.content(Tag.sequence, PATH);
  const dates = fields.enter(Tag.sequence, PATH);
  return { notBefore: isPlain(dates), notAfter: isPlain(dates) };
}

function isPlain(dates: DerReader): boolean {
  const tag = dates.peek();
  const text = Buffer.from(dates.content(tag, PATH)).toString('latin1');
  return (tag === Tag.utcTime ? /^\d{12}Z$/ : /^\d{14}Z$/).test(text);
}
