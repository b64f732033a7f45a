/** etcd 3.7: client/pkg/transport/listener_tls.go, server/etcdserver/api/rafthttp. */
import type { Symptom } from '../types.ts';

export const etcd: readonly Symptom[] = [
  {
    id: 'peer-address',
    by: 'etcd',
    pattern: /tls: "(?<remote>[^"\s]{1,100})" does not match any of DNSNames \[/,
    says: 'a peer came from an address that is not among the names of its certificate',
    about: 'client',
    causes: ['peer-address', 'stale-process', 'address-translated'],
  },
  {
    id: 'revoked',
    by: 'etcd',
    pattern: /transport: certificate serial [0-9a-f]{1,80} revoked/,
    says: 'the certificate stands in the list of revoked ones; etcd compares serial numbers only',
    about: 'client',
    causes: ['revoked', 'serial-twice'],
  },
  {
    id: 'not-allowed',
    by: 'etcd',
    pattern:
      /(?:CommonName authentication failed|client certificate authentication failed|lacks (?:CN|Common Name))/i,
    says: "the client's certificate is good, and its name is not one of those that etcd allows",
    about: 'client',
    causes: ['not-allowed'],
  },
  {
    id: 'peer-lost',
    by: 'etcd',
    pattern:
      /(?:prober detected unhealthy status|lost TCP streaming connection with remote peer|failed to reach the peer URL)/,
    says: 'two members of etcd lost each other: the one that refuses says why in its own log',
    about: 'either',
    causes: [
      'anchor-missing',
      'expired',
      'peer-address',
      'name-missing',
      'wrong-usage',
      'other-generation',
      'not-running',
      'network',
    ],
  },
];
