/** Go's crypto/tls and net/http: the handshake itself, and the files that it loads. */
import type { Symptom } from '../types.ts';

const BY = 'Go (crypto/tls)';

export const goTls: readonly Symptom[] = [
  {
    id: 'no-certificate',
    by: BY,
    pattern: /tls: client didn't provide a certificate/,
    says: 'the server wants a client certificate, and none was shown',
    about: 'client',
    causes: ['no-client-certificate', 'scanner', 'stale-process'],
  },
  {
    id: 'key-mismatch',
    by: BY,
    pattern: /tls: private key (?:type )?does not match public key(?: type)?/,
    says: 'a certificate and a private key were loaded that do not belong together',
    about: 'either',
    causes: ['key-mismatch', 'half-replaced'],
  },
  {
    id: 'no-pem',
    by: BY,
    pattern:
      /tls: (?:failed to find (?:any PEM|certificate PEM|PEM block|"CERTIFICATE")|found a certificate rather than a key|failed to parse private key|found unknown private key type)/,
    says: 'a file that should hold a certificate or a key holds something else',
    about: 'either',
    causes: ['file-unreadable', 'half-replaced'],
  },
  {
    id: 'file-missing',
    by: BY,
    pattern:
      /(?:open|stat) (?<file>[^\s":]{1,1000}\.(?:crt|key|pem|conf|kubeconfig|cert|cer)): no such file or directory/,
    says: 'a file of the PKI is not where the program was told to look',
    about: 'either',
    causes: ['file-missing'],
  },
  {
    id: 'file-forbidden',
    by: BY,
    pattern: /open (?<file>\/[^\s":]{1,1000}\.(?:crt|key|pem|conf|kubeconfig|cert|cer)): permission denied/,
    says: 'a file of the PKI may not be read by the user that the program runs as',
    about: 'either',
    causes: ['file-forbidden'],
  },
  {
    id: 'not-tls',
    by: BY,
    pattern:
      /(?:tls: first record does not look like a TLS handshake|client sent an HTTP request to an HTTPS server|server gave HTTP response to HTTPS client)/,
    says: 'one side speaks TLS and the other plain HTTP',
    about: 'either',
    causes: ['plain-http', 'proxy-between'],
  },
  {
    id: 'no-common-version',
    by: BY,
    pattern:
      /tls: (?:client offered only unsupported versions|server selected unsupported protocol version|protocol version not supported|no supported versions satisfy)/,
    says: 'the two sides have no version of TLS in common',
    about: 'either',
    causes: ['protocol-version', 'scanner'],
  },
  {
    id: 'no-common-cipher',
    by: BY,
    pattern:
      /tls: (?:no cipher suite supported by both|peer doesn't support any of the certificate's signature algorithms|no supported elliptic curves|no key exchanges supported by both|client certificate contains an unsupported|server's certificate contains an unsupported)/,
    says: 'the two sides have no algorithm in common: ciphers, or the kind of key in the certificate',
    about: 'either',
    causes: ['weak-key', 'no-common-cipher', 'scanner'],
  },
  {
    id: 'weak',
    by: BY,
    pattern:
      /tls: (?:certificate RSA key size too small|(?:client|server) sent certificate containing RSA key larger than|unsupported certificate curve)/,
    says: 'the key of a certificate is of a size or kind that Go does not take in a handshake',
    causes: ['weak-key'],
  },
  {
    id: 'garbled',
    by: BY,
    pattern:
      /(?:local error: )?tls: (?:bad record MAC|failed to sign handshake|invalid signature by the (?:client|server) certificate)/,
    says: 'the handshake went wrong; a client built on OpenSSL that refuses a certificate of a Go server looks like this in its log',
    about: 'server',
    causes: ['anchor-missing', 'name-missing', 'expired', 'other-generation', 'key-mismatch'],
  },
  {
    id: 'hung-up',
    by: BY,
    pattern:
      /http: TLS handshake error from [^\s]{1,100}: (?:EOF|read tcp [^\n]{1,200}: connection reset by peer|[^\n]{0,200}i\/o timeout)/,
    says: 'a client ended the connection without a word: a port check or a load balancer does so; so does a Node client that refuses the certificate',
    about: 'server',
    causes: ['scanner', 'anchor-missing', 'name-missing', 'expired'],
  },
  {
    id: 'timeout',
    by: BY,
    pattern: /net\/http: TLS handshake timeout/,
    says: 'the connection was made, and the handshake was not done in ten seconds',
    about: 'either',
    causes: ['overloaded', 'proxy-between', 'network'],
  },
];
