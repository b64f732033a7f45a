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
  because: string;
}

/** Go's crypto/tls and crypto/x509, and what Kubernetes and etcd print of them. */
const SUSPECT =
  /x509: |tls: |TLS handshake error|remote error|authentication handshake failed|rejected connection|\bUnauthorized\b|Unable to authenticate|unable to load (client )?CA|certificate.{0,40}(invalid|expired|not yet valid|rejected|failed)/i;

const KNOWN: readonly KnownLine[] = [];

export function faultsIn(components: readonly Component[]): LogFault[] {
  return components.flatMap((component) =>
    component
      .log()
      .split('\n')
      .filter((line) => SUSPECT.test(line))
      .filter((line) => !KNOWN.some((known) => known.of.test(component.id) && known.line.test(line)))
      .map((line) => ({ id: component.id, line })),
  );
}
