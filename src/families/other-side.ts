/**
 * A program of this family at one end, one of Go at the other, and one of them refuses: what the one that is refused
 * prints. TLS 1.3, which all of them speak.
 */
import { equalBytes } from '../base/index.ts';
import { ALERT, alertOfServer, alertText } from '../verify/index.ts';
import { alertHeard } from './alerts.ts';
import type { Family, JudgeRequest, Refusal } from './types.ts';

type Shown = Pick<JudgeRequest, 'leaf' | 'intermediates' | 'roots'>;

/**
 * What a client prints when a Go server that verifies in the handshake, as etcd does, refuses its chain with
 * this text of crypto/x509.
 */
export function clientHears(family: Family, shown: Shown, error: string): string | undefined {
  const alert =
    family === 'java' && keepsBack(shown)
      ? ALERT.certificateRequired
      : alertOfServer(`tls: failed to verify certificate: ${error}`, true);
  return alertHeard(family, alert, 'content');
}

/**
 * sun.security.ssl.SunX509KeyManagerImpl shows no certificate of which the server advertises no issuer; a Go
 * server advertises its roots.
 */
function keepsBack({ leaf, intermediates, roots }: Shown): boolean {
  return ![leaf, ...intermediates].some(({ issuer }) =>
    roots.some(({ subject }) => equalBytes(subject.der, issuer.der)),
  );
}

/**
 * An OpenSSL client that is in the middle of a TLS 1.3 handshake sends its alert unprotected, which Go cannot
 * decrypt: the log has no word of certificates.
 */
const GARBLED = `local error: ${alertText(20).replace('remote error: ', '')}`;

/** What a Go server logs, after `http: TLS handshake error from …: `, when its certificate is refused. */
const SERVER_HEARS: Readonly<Record<Family, string>> = {
  go: alertText(ALERT.badCertificate),
  openssl: GARBLED,
  curl: GARBLED,
  /** It hangs up. */
  node: 'EOF',
  python: GARBLED,
  'python-strict': GARBLED,
  java: alertText(46),
};

/** Undefined: nothing, since curl looks at the name when the handshake is over. */
export function serverHears(family: Family, { code }: Pick<Refusal, 'code'>): string | undefined {
  return code === 'PEER_FAILED_VERIFICATION' ? undefined : SERVER_HEARS[family];
}
