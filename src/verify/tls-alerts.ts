/**
 * What goes over the wire when one side refuses the other, and what a Go program prints of it. The alerts for
 * certificates are the same from Go 1.23 to 1.26.
 */

/** `alertText` of Go's crypto/tls/alert.go, by number (RFC 8446, 6). OpenSSL's names differ, the numbers do not. */
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

/** `remote error: tls: bad certificate`, as a Go program prints an alert that it receives. */
export function alertText(number: number): string {
  return `remote error: tls: ${GO_ALERTS[number] ?? `alert(${number})`}`;
}

/** Alerts that Go sends for certificates. */
export const ALERT = {
  handshakeFailure: 40,
  badCertificate: 42,
  unsupportedCertificate: 43,
  certificateExpired: 45,
  unknownCa: 48,
  decodeError: 50,
  internalError: 80,
  certificateRequired: 116,
} as const;

export type Alert = (typeof ALERT)[keyof typeof ALERT];

/** From what the refusing side prints to what it sends; names in certificates may say anything, so each begins a text. */
type Rows = readonly (readonly [printed: RegExp, sent: Alert])[];

const BY_BOTH: Rows = [
  [/^tls: failed to parse (client certificate|certificate from server): /, ALERT.decodeError],
  [
    /^tls: (client certificate contains|server's certificate contains) an unsupported (type of )?public key/,
    ALERT.unsupportedCertificate,
  ],
];

/** crypto/tls/handshake_server.go, processCertsFromClient. */
const BY_SERVER: Rows = [
  ...BY_BOTH,
  [/^tls: failed to verify certificate: x509: certificate signed by unknown authority/, ALERT.unknownCa],
  [/^tls: failed to verify certificate: x509: certificate has expired /, ALERT.certificateExpired],
];

/** What a Go server sends to a client that it refuses with this text in the handshake. */
export function alertOfServer(error: string, tls13: boolean): Alert {
  if (error === NO_CERTIFICATE) return tls13 ? ALERT.certificateRequired : ALERT.handshakeFailure;
  return alertIn(BY_SERVER, error);
}

/** handshake_client.go, verifyServerCertificate: whatever is wrong with a chain is a bad certificate. */
export function alertOfClient(error: string): Alert {
  return alertIn(BY_BOTH, error);
}

/** What a side sends that cannot sign with its own key; undefined: it can, and this text is of something else. */
export function alertOfSigner(error: string): Alert | undefined {
  return SIGNER.find(([printed]) => printed.test(error))?.[1];
}

/** Both handshakes of TLS 1.3 alike (selectSignatureScheme, then Sign). */
const SIGNER: Rows = [
  [/^tls: (certificate RSA key size too small|unsupported certificate curve) /, ALERT.handshakeFailure],
  [/^tls: failed to sign handshake: /, ALERT.internalError],
];

/** requiresClientCert: nothing was sent. */
export const NO_CERTIFICATE = "tls: client didn't provide a certificate";

function alertIn(rows: Rows, error: string): Alert {
  return rows.find(([printed]) => printed.test(error))?.[1] ?? ALERT.badCertificate;
}
