import { KubetlsError } from '../base/index.ts';
import {
  type CertificateRequest,
  dnsName,
  emailName,
  type GeneralName,
  generalNameText,
  ipName,
  ipNameOf,
  uriName,
} from '../x509/index.ts';

/** Alternative names as people write them. */
export interface NameTexts {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly emails?: readonly string[];
}

/**
 * The names, each in its one form, in the order of Go's marshalSANs.
 *
 * @throws KubetlsError `x509/general-name`
 */
export function generalNames({ dnsNames, emails = [], ipAddresses, uris }: NameTexts): GeneralName[] {
  const names: GeneralName[] = [];
  for (const text of dnsNames) names.push(dnsName(text));
  for (const text of emails) names.push(emailName(text));
  for (const text of ipAddresses) names.push(ipName(text));
  for (const text of uris) names.push(uriName(text));
  return names;
}

/** So few names are compared with each other faster than they are hashed. */
const FEW = 16;

/** Each name once, where it first stood: names in their one form are equal when their texts are. */
export function distinct(names: readonly GeneralName[]): readonly GeneralName[] {
  if (names.length <= FEW && names.every((name, i) => isFirst(name, i, names))) return names;
  const seen = new Set<string>();
  return names.filter((name) => seen.size < seen.add(generalNameText(name)).size);
}

function isFirst(name: GeneralName, at: number, names: readonly GeneralName[]): boolean {
  if (name.kind === 'other') return false;
  for (let i = 0; i < at; i++) {
    const other = names[i]!;
    if (other.kind === name.kind && other.value === name.value) return false;
  }
  return true;
}

/**
 * What a request asks for, in the same forms and under the same rules, in its order.
 *
 * @throws KubetlsError `x509/general-name`, also for kinds of names that we do not issue
 */
export function namesAsked({ subjectAltNames = [] }: CertificateRequest): GeneralName[] {
  return subjectAltNames.map((name) => {
    // An IPv4 address has one form only.
    if (name.kind === 'ip') return name.bytes.length === 4 ? name : ipNameOf(name.bytes);
    if (name.kind !== 'other') return MAKERS[name.kind](name.value);
    const message = `the request asks for a name of a kind that is not issued: ${generalNameText(name)}`;
    throw new KubetlsError({ code: 'x509/general-name', message });
  });
}

const MAKERS = { dns: dnsName, email: emailName, uri: uriName } as const;
