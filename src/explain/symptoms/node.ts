/** Node's tls (lib/tls.js, checkServerIdentity); its codes from OpenSSL stand with OpenSSL's own. */
import type { Symptom } from '../types.ts';

const BY = 'Node';

export const node: readonly Symptom[] = [
  {
    id: 'name',
    by: BY,
    pattern:
      /(?:ERR_TLS_CERT_ALTNAME_INVALID|Hostname\/IP does not match certificate's altnames)[^\n]{0,120}?(?:Host: (?<name>[^\s]{1,255})\. is not|IP: [^\s]{1,60} is not|Cert does not contain a DNS name)/,
    says: 'the certificate is good, but not for the name or address that was dialled',
    about: 'server',
    causes: ['name-missing', 'dialled-otherwise', 'wrong-server'],
  },
  {
    id: 'name',
    by: BY,
    pattern: /ERR_TLS_CERT_ALTNAME_INVALID/,
    says: 'the certificate is good, but not for the name or address that was dialled',
    about: 'server',
    causes: ['name-missing', 'dialled-otherwise', 'wrong-server'],
  },
  {
    id: 'hung-up',
    by: BY,
    pattern: /Client network socket disconnected before secure TLS connection was established/,
    says: 'the other side ended the connection before the handshake was done',
    about: 'either',
    causes: ['proxy-between', 'not-running', 'network'],
  },
];
