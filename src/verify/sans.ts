import { type Certificate, Memo, Oid } from '../x509/index.ts';

/** SANs by kind, each in the order of the certificate; IP addresses of 4 or 16 octets. */
export interface SubjectAltNames {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  readonly ips: readonly Uint8Array[];
}

/** The extension is there, whatever it holds. */
export function hasSubjectAltNames(certificate: Certificate): boolean {
  return subjectAltNameExtension(certificate) !== undefined;
}

/** Content of the extension as it stands. */
export function subjectAltNameExtension(certificate: Certificate): Uint8Array | undefined {
  return certificate.extensions.find(({ oid }) => oid === Oid.subjectAltName)?.value;
}

const sorted = new Memo<SubjectAltNames>();

export function subjectAltNames(certificate: Certificate): SubjectAltNames {
  let names = sorted.get(certificate);
  if (!names) sorted.set(certificate, (names = sortNames(certificate)));
  return names;
}

function sortNames(certificate: Certificate): SubjectAltNames {
  const texts = { dns: [] as string[], email: [] as string[], uri: [] as string[] };
  const ips: Uint8Array[] = [];
  for (const name of certificate.subjectAltNames ?? []) {
    if (name.kind === 'ip') ips.push(name.bytes);
    else if (name.kind !== 'other') texts[name.kind].push(name.value);
  }
  return { dns: texts.dns, emails: texts.email, uris: texts.uri, ips };
}
