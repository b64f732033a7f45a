import { KubetlsError } from '../base/index.ts';
import { Tag } from './der.ts';
import type { DerWriter } from './der-writer.ts';
import { hexOf } from './strings.ts';

/** Octets of an encoded serial number at most (RFC 5280, 4.1.2.2). */
const MAX_OCTETS = 20;

/** An INTEGER from unsigned octets: leading zeros go, a sign octet comes where it is needed. */
export function writeSerial(writer: DerWriter, octets: Uint8Array): void {
  let start = 0;
  while (octets[start] === 0) start++;
  const digits = octets.length - start;
  const sign = octets[start]! >= 0x80 ? 1 : 0;
  if (digits === 0 || sign + digits > MAX_OCTETS) {
    throw new KubetlsError({
      code: 'x509/serial',
      message: `a serial number is positive and has at most ${MAX_OCTETS} octets`,
    });
  }
  const end = writer.length;
  writer.octets(start === 0 ? octets : octets.subarray(start));
  if (sign === 1) writer.octet(0);
  writer.header(Tag.integer, end);
}

/** Decimal, as Kubernetes and Go print it. `serial` is the content of the INTEGER; in a CRL it may be negative. */
export function serialDecimal(serial: Uint8Array): string {
  const value = BigInt(`0x${hexOf(serial, 0, serial.length)}`);
  return (serial[0]! < 0x80 ? value : BigInt.asIntN(serial.length * 8, value)).toString();
}

/** `0a:1b:…`, as openssl prints it: without the sign octet. */
export function serialHex(serial: Uint8Array): string {
  const start = serial.length > 1 && serial[0] === 0 ? 1 : 0;
  return (hexOf(serial, start, serial.length).match(/../g) ?? []).join(':');
}
