// Reads every line of every log: what it says of TLS is a fault, unless it is known, word for word, to belong
// to a sound start.
import type { Component } from './component.ts';

export interface LogFault {
  id: string;
  line: string;
}

interface KnownLine {
  /** Of which programs. */
  of: RegExp;
  line: RegExp;
  /** Only as long as a line like this is still to come. */
  before: RegExp;
  because: string;
}

/** Go's crypto/tls and crypto/x509, and what Kubernetes and etcd print of them. */
const SUSPECT =
  /x509: |tls: |TLS handshake error|remote error|authentication handshake failed|rejected connection|\bUnauthorized\b|Unable to authenticate|unable to load (client )?CA|certificate.{0,40}(invalid|expired|not yet valid|rejected|failed)/i;

const KNOWN: readonly KnownLine[] = [
  {
    of: /^aggregated-apiserver@/,
    line: /Unable to authenticate the request.*x509: certificate signed by unknown authority"$/,
    before: /"Caches are synced"/,
    because: 'it serves before it has read the authority of the front proxy from its ConfigMap',
  },
];

export function faultsIn(components: readonly Pick<Component, 'id' | 'log'>[]): LogFault[] {
  return components.flatMap((component) => {
    const { id } = component;
    const lines = component.log().split('\n');
    const isKnown = (line: string, at: number) =>
      KNOWN.some(
        (known) =>
          known.of.test(id) &&
          known.line.test(line) &&
          lines.slice(at + 1).some((later) => known.before.test(later)),
      );
    return lines.flatMap((line, at) => (SUSPECT.test(line) && !isKnown(line, at) ? [{ id, line }] : []));
  });
}
