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
  /** Only within a second of the last line like this. */
  soonAfter?: RegExp;
  because: string;
}

/** Go's crypto/tls and crypto/x509, and what Kubernetes and etcd print of them. */
const SUSPECT =
  /x509: |tls: |TLS handshake error|remote error|authentication handshake failed|rejected connection|\bUnauthorized\b|Unable to authenticate|unable to load (client )?CA|certificate.{0,40}(invalid|expired|not yet valid|rejected|failed)/i;

const KNOWN: readonly KnownLine[] = [
  {
    of: /^kubelet@/,
    line: /cannot create certificate signing request: Post .*: connect: connection refused"/,
    because: 'it runs the kube-apiserver that it asks, and has only begun to',
  },
  {
    of: /^(kube|aggregated)-apiserver@/,
    line: /authentication handshake failed: context canceled"$/,
    because: 'it makes a client of etcd for each resource (1.35), and gives some up amid their handshake',
  },
  {
    of: /^etcd@/,
    line: /"rejected connection on client endpoint".*read: connection reset by peer"}$/,
    because: 'and that is what etcd sees of it',
  },
  {
    of: /^aggregated-apiserver@/,
    line: /Unable to authenticate the request.*x509: certificate signed by unknown authority"$/,
    soonAfter: /Serving securely/,
    because: 'it serves before it has taken the authority of the front proxy from its ConfigMap',
  },
];

export function faultsIn(components: readonly Pick<Component, 'id' | 'log'>[]): LogFault[] {
  return components.flatMap((component) => {
    const { id } = component;
    const lines = component.log().split('\n');
    const isKnown = (line: string, at: number) =>
      KNOWN.some((known) => known.of.test(id) && known.line.test(line) && isSoon(known.soonAfter, lines, at));
    return lines.flatMap((line, at) => (SUSPECT.test(line) && !isKnown(line, at) ? [{ id, line }] : []));
  });
}

/** Characters of each log up to now. */
export const readSoFar = (
  components: readonly Pick<Component, 'id' | 'log'>[],
): ReadonlyMap<string, number> => new Map(components.map((one) => [one.id, one.log().length]));

/** In what each has printed beyond the characters that were read. */
export function faultsSince(
  components: readonly Pick<Component, 'id' | 'log'>[],
  read: ReadonlyMap<string, number>,
): LogFault[] {
  return faultsIn(components.map(({ id, log }) => ({ id, log: () => log().slice(read.get(id)) })));
}

function isSoon(after: RegExp | undefined, lines: readonly string[], at: number): boolean {
  if (after === undefined) return true;
  const start = lines.slice(0, at).findLast((line) => after.test(line));
  return start !== undefined && timeOf(lines[at] ?? '') - timeOf(start) <= 1;
}

/** Seconds of the day, of a line of klog: `I1128 12:38:04.061180 …`. */
function timeOf(line: string): number {
  const [, hours, minutes, seconds] = /^[IWEF]\d{4} (\d\d):(\d\d):([\d.]+) /.exec(line) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}
