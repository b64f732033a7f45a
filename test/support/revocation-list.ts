/** A CRL of openssl's, number 42: serial 1 without a reason, ff:00:ff:00:ff:00:ff for keyCompromise; and its issuer. */
export const CRL = `-----BEGIN X509 CRL-----
MIIBCDCBuwIBATAFBgMrZXAwITEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UEAwwE
YS1jYRcNMjYwMTAxMDAwMDAwWhcNMzYwMTAxMDAwMDAwWjA9MBICAQEXDTI2MDEw
MTAwMDAwMFowJwIIAP8A/wD/AP8XDTI2MDEwMjAwMDAwMFowDDAKBgNVHRUEAwoB
AaAvMC0wHwYDVR0jBBgwFoAUOBinoEi9UVlWBGhE/4ZKekX+Ai8wCgYDVR0UBAMC
ASowBQYDK2VwA0EAbrNKmbWJV2K4PqJ/c4AaGNNQBLfVR0ZAXRtLWLEj0Dg/ftmz
Fgy1KnAhAR9+ZNvv/kL63rM+KWkaEIW1K/cJDA==
-----END X509 CRL-----
`;

export const CRL_ISSUER = `-----BEGIN CERTIFICATE-----
MIIBZzCCARmgAwIBAgIUHMCAVzhYs51urXVOgfhjb0p4OpgwBQYDK2VwMCExEDAO
BgNVBAoMB0V4YW1wbGUxDTALBgNVBAMMBGEtY2EwHhcNMjYxMTI4MDI1NzA2WhcN
NDYwMTI3MDI1NzA2WjAhMRAwDgYDVQQKDAdFeGFtcGxlMQ0wCwYDVQQDDARhLWNh
MCowBQYDK2VwAyEAgnrv+vPv078xPQooKDBPfUNCf8OAJv3ZIpk/9vDajNKjYzBh
MB0GA1UdDgQWBBQ4GKegSL1RWVYEaET/hkp6Rf4CLzAfBgNVHSMEGDAWgBQ4GKeg
SL1RWVYEaET/hkp6Rf4CLzAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIB
BjAFBgMrZXADQQB2WiXmuFr5eW+juxBCbixe22FFpIdegotWAmHUghZMgDOo+0E+
93BTKTe9xobO/MdPiKLorGegrq6RRDoveRAG
-----END CERTIFICATE-----
`;

/** DER of a CRL with this many entries like the first one, that nobody has signed. 24 to 36 octets an entry. */
export function unsignedList(
  count: number,
  serial: (i: number) => Uint8Array = () => Uint8Array.of(1),
): Buffer {
  const date = element(0x17, Buffer.from('260101000000Z'));
  const algorithm = element(0x30, Buffer.from('06032b6570', 'hex'));
  const entries = Array.from({ length: count }, (_, i) => element(0x30, element(0x02, serial(i)), date));
  const version = element(0x02, Uint8Array.of(1));
  const list = element(0x30, version, algorithm, element(0x30), date, date, element(0x30, ...entries));
  return element(0x30, list, algorithm, element(0x03, Uint8Array.of(0)));
}

function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Uint8Array.of(tag, content.length), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const digits = length.subarray(length.findIndex((octet) => octet !== 0));
  return Buffer.concat([Uint8Array.of(tag, 0x80 | digits.length), digits, content]);
}
