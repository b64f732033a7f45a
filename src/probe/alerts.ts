/**
 * TLS alerts in Go's words: `alertText` of Go's crypto/tls/alert.go, by number (RFC 8446, 6).
 * OpenSSL's own names differ (`tlsv1 alert unknown ca`), but its errors carry the number.
 */
const GO_ALERTS: Readonly<Record<number, string>> = {
  0: 'close notify',
  10: 'unexpected message',
  20: 'bad record MAC',
  21: 'decryption failed',
  22: 'record overflow',
  30: 'decompression failure',
  40: 'handshake failure',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'revoked certificate',
  45: 'expired certificate',
  46: 'unknown certificate',
  47: 'illegal parameter',
  48: 'unknown certificate authority',
  49: 'access denied',
  50: 'error decoding message',
  51: 'error decrypting message',
  60: 'export restriction',
  70: 'protocol version not supported',
  71: 'insufficient security level',
  80: 'internal error',
  86: 'inappropriate fallback',
  90: 'user canceled',
  100: 'no renegotiation',
  109: 'missing extension',
  110: 'unsupported extension',
  111: 'certificate unobtainable',
  112: 'unrecognized name',
  113: 'bad certificate status response',
  114: 'bad certificate hash value',
  115: 'unknown PSK identity',
  116: 'certificate required',
  120: 'no application protocol',
  121: 'encrypted client hello required',
};

/** `remote error: tls: bad certificate`, as a Go client prints an alert that it receives. */
export function alertText(number: number): string {
  return `remote error: tls: ${GO_ALERTS[number] ?? `alert(${number})`}`;
}

/** OpenSSL ends the line of a received alert with its number (ssl/record/rec_layer_s3.c). */
const RECEIVED = /SSL alert number (\d{1,3})\b/;

/** Number of the alert that this error of Node's reports; undefined when it reports something else. */
export function alertNumber(error: Error): number | undefined {
  const found = RECEIVED.exec(error.message);
  return found === null ? undefined : Number(found[1]);
}
