/**
 * What a program prints when the other side ends the handshake with an alert: of OpenSSL 3.0 and of Java 17, and
 * of what is built on them. Each text was heard from the program (test/real/families-alerts.test.ts).
 */
import { alertText } from '../verify/index.ts';
import type { Family } from './types.ts';

/** By number (RFC 8446, 6): its name, which Java prints; what OpenSSL calls it (ssl/ssl_err.c, 1000 and up). */
const ALERTS: Readonly<Record<number, readonly [name: string, openssl: string]>> = {
  10: ['unexpected_message', 'sslv3 alert unexpected message'],
  20: ['bad_record_mac', 'sslv3 alert bad record mac'],
  21: ['decryption_failed', 'tlsv1 alert decryption failed'],
  22: ['record_overflow', 'tlsv1 alert record overflow'],
  30: ['decompression_failure', 'sslv3 alert decompression failure'],
  40: ['handshake_failure', 'sslv3 alert handshake failure'],
  42: ['bad_certificate', 'sslv3 alert bad certificate'],
  43: ['unsupported_certificate', 'sslv3 alert unsupported certificate'],
  44: ['certificate_revoked', 'sslv3 alert certificate revoked'],
  45: ['certificate_expired', 'sslv3 alert certificate expired'],
  46: ['certificate_unknown', 'sslv3 alert certificate unknown'],
  47: ['illegal_parameter', 'sslv3 alert illegal parameter'],
  48: ['unknown_ca', 'tlsv1 alert unknown ca'],
  49: ['access_denied', 'tlsv1 alert access denied'],
  50: ['decode_error', 'tlsv1 alert decode error'],
  51: ['decrypt_error', 'tlsv1 alert decrypt error'],
  60: ['export_restriction', 'tlsv1 alert export restriction'],
  70: ['protocol_version', 'tlsv1 alert protocol version'],
  71: ['insufficient_security', 'tlsv1 alert insufficient security'],
  80: ['internal_error', 'tlsv1 alert internal error'],
  86: ['inappropriate_fallback', 'tlsv1 alert inappropriate fallback'],
  109: ['missing_extension', 'tlsv13 alert missing extension'],
  110: ['unsupported_extension', 'tlsv1 unsupported extension'],
  112: ['unrecognized_name', 'tlsv1 unrecognized name'],
  113: ['bad_certificate_status_response', 'tlsv1 bad certificate status response'],
  115: ['unknown_psk_identity', 'tlsv1 alert unknown psk identity'],
  116: ['certificate_required', 'tlsv13 alert certificate required'],
  120: ['no_application_protocol', 'tlsv1 alert no application protocol'],
};

/** The numbers of which the texts are known. */
export const KNOWN_ALERTS: readonly number[] = Object.keys(ALERTS).map(Number);

/**
 * `handshake`: before its own part of the handshake is done, as a server, and as a client before TLS 1.3. `content`:
 * as a client of TLS 1.3, which first hears what becomes of its certificate where it waits for an answer.
 */
export type AlertMoment = 'handshake' | 'content';

/**
 * What a program of this family prints, or logs, of an alert; undefined for one that is not known. `…` stands for
 * what differs from run to run or version to version.
 */
export function alertHeard(family: Family, alert: number, moment: AlertMoment): string | undefined {
  const [name, openssl] = ALERTS[alert] ?? [];
  return name === undefined || openssl === undefined
    ? undefined
    : WORDS[family]({ alert, name, openssl, moment });
}

interface Heard {
  readonly alert: number;
  readonly name: string;
  readonly openssl: string;
  readonly moment: AlertMoment;
}

const WORDS: Readonly<Record<Family, (heard: Heard) => string>> = {
  go: ({ alert }) => alertText(alert),
  /** `openssl s_client`, `openssl s_server` */
  openssl: opensslLine,
  curl: curlLine,
  /** `code: message` */
  node: (heard) => `ERR_SSL_${macro(heard.openssl)}: ${opensslLine(heard)}`,
  python: pythonLine,
  'python-strict': pythonLine,
  java: ({ name }) => `Received fatal alert: ${name}`,
};

function opensslLine({ alert, openssl }: Heard): string {
  return `…:error:${errorCode(alert)}:SSL routines:ssl3_read_bytes:${openssl}:…:SSL alert number ${alert}`;
}

/** lib/vtls/openssl.c, ossl_connect_step2, knows two of them. */
function curlLine({ alert, openssl, moment }: Heard): string {
  const error = `error:${errorCode(alert)}:SSL routines::${openssl}`;
  if (moment === 'content') return `curl: (56) OpenSSL SSL_read: OpenSSL/…: ${error}, errno 0`;
  if (openssl.endsWith('certificate expired')) return 'curl: (60) SSL certificate verification failed';
  const exit = openssl.endsWith('certificate required') ? 98 : 35;
  return `curl: (${exit}) OpenSSL/…: ${error}`;
}

/** Python 3.11 has no names for these (Modules/_ssl_data_300.h). */
const NAMELESS: ReadonlySet<string> = new Set(['unknown_psk_identity', 'no_application_protocol']);

/** Without the place in _ssl.c that Python prints behind it. */
function pythonLine({ name, openssl }: Heard): string {
  return `[SSL${NAMELESS.has(name) ? '' : `: ${macro(openssl)}`}] ${openssl}`;
}

/** SSL_AD_REASON_OFFSET, in the library with number 20. */
function errorCode(alert: number): string {
  return `0A${(1000 + alert).toString(16).toUpperCase().padStart(6, '0')}`;
}

function macro(openssl: string): string {
  return openssl.toUpperCase().replaceAll(' ', '_');
}
