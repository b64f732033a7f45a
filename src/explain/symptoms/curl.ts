/** curl with OpenSSL (lib/vtls), where it adds words of its own. */
import type { Symptom } from '../types.ts';

const BY = 'curl';

export const curl: readonly Symptom[] = [
  {
    id: 'name',
    by: BY,
    pattern:
      /(?:no alternative certificate subject name matches target (?:host name|ipv[46] address|hostname)|certificate subject name '[^']{0,255}' does not match target host ?name) '(?<name>[^'\s]{1,255})'/i,
    says: 'the certificate is good, but not for the name or address that was dialled',
    about: 'server',
    causes: ['name-missing', 'dialled-otherwise', 'wrong-server'],
  },
  {
    id: 'no-pem',
    by: BY,
    pattern:
      /curl: \(58\)|could not load PEM client certificate|unable to set private key file|curl: \(77\)|error (?:setting certificate (?:verify locations|file)|adding trust anchors from file)/i,
    says: 'curl cannot use the certificate, key or CA file that it was given',
    about: 'either',
    causes: ['file-missing', 'file-unreadable', 'key-mismatch', 'file-forbidden'],
  },
  {
    id: 'unverified',
    by: BY,
    pattern: /curl: \(60\)/,
    says: "curl refuses the server's certificate",
    about: 'server',
    causes: ['anchor-missing', 'no-anchors-given', 'name-missing', 'expired', 'other-generation'],
  },
  {
    id: 'hung-up',
    by: BY,
    pattern:
      /(?:OpenSSL )?SSL_(?:connect|read): (?:Connection reset by peer|SSL_ERROR_(?:SYSCALL|ZERO_RETURN))|unexpected eof while reading/i,
    says: 'the other side ended the connection without a word',
    about: 'either',
    causes: ['proxy-between', 'no-client-certificate', 'not-running', 'network'],
  },
];
