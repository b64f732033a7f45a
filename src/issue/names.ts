import { dnsName, emailName, type GeneralName, generalNameText, ipName, uriName } from '../x509/index.ts';

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
  return [
    ...dnsNames.map(dnsName),
    ...emails.map(emailName),
    ...ipAddresses.map(ipName),
    ...uris.map(uriName),
  ];
}

/** Each name once, where it first stood: names in their one form are equal when their texts are. */
export function distinct(names: readonly GeneralName[]): GeneralName[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size < seen.add(generalNameText(name)).size);
}
