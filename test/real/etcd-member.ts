import { type ChildProgram, startProgram } from './child-program.ts';
import { freePorts } from './free-ports.ts';

/** PEM files; the flag that each is given to. */
export interface EtcdTls {
  /** --cert-file, --key-file: what clients see. */
  cert: string;
  key: string;
  /** --trusted-ca-file: whom a client's certificate must chain to. */
  trustedCa: string;
  /** --peer-cert-file, --peer-key-file: presented to peers both as server and as client. */
  peerCert: string;
  peerKey: string;
  /** --peer-trusted-ca-file */
  peerTrustedCa: string;
}

export interface EtcdMemberSettings {
  name: string;
  tls: EtcdTls;
  /**
   * A loopback address, 127.0.0.1 when absent. With another one the peer certificate still needs 127.0.0.1
   * among its SANs: a peer is checked against the address it dials from, and the kernel takes that one.
   */
  host?: string;
  flags?: readonly string[];
}

export interface EtcdAddresses {
  client: string;
  peer: string;
  /** Plain HTTP: /health and /readyz can be asked whatever the certificates are. */
  metrics: string;
}

export async function addressesFor({ host = '127.0.0.1' }: EtcdMemberSettings): Promise<EtcdAddresses> {
  const [client = 0, peer = 0, metrics = 0] = await freePorts(host, 3);
  const at = host.includes(':') ? `[${host}]` : host;
  return {
    client: `https://${at}:${client}`,
    peer: `https://${at}:${peer}`,
    metrics: `http://${at}:${metrics}`,
  };
}

export function startMember(...settings: Parameters<typeof memberCommand>): Promise<ChildProgram> {
  return startProgram(memberCommand(...settings));
}

export function memberCommand(
  etcd: string,
  { name, tls, flags = [] }: EtcdMemberSettings,
  at: EtcdAddresses,
  dataDir: string,
  initialCluster: string,
): [string, ...string[]] {
  return [
    etcd,
    `--name=${name}`,
    `--data-dir=${dataDir}`,
    `--listen-client-urls=${at.client}`,
    `--advertise-client-urls=${at.client}`,
    `--listen-peer-urls=${at.peer}`,
    `--initial-advertise-peer-urls=${at.peer}`,
    `--listen-metrics-urls=${at.metrics}`,
    `--initial-cluster=${initialCluster}`,
    `--cert-file=${tls.cert}`,
    `--key-file=${tls.key}`,
    `--trusted-ca-file=${tls.trustedCa}`,
    '--client-cert-auth=true',
    `--peer-cert-file=${tls.peerCert}`,
    `--peer-key-file=${tls.peerKey}`,
    `--peer-trusted-ca-file=${tls.peerTrustedCa}`,
    '--peer-client-cert-auth=true',
    '--log-outputs=stderr',
    // The data is thrown away and the peers are microseconds apart.
    '--unsafe-no-fsync',
    '--heartbeat-interval=50',
    '--election-timeout=500',
    ...flags,
  ];
}

export interface EtcdLogLine {
  level: string;
  msg: string;
  error?: string;
  'remote-addr'?: string;
}

/** The lines of etcd's JSON log that tell of a refused or failed handshake. */
export function tlsErrors(log: string): EtcdLogLine[] {
  return log
    .split('\n')
    .map(parsedLine)
    .filter((line) => line !== undefined)
    .filter(({ error }) => error !== undefined && /tls:|x509:|certificate/.test(error));
}

/** Undefined for what is no JSON: a panic's text, or a line that is still on its way. */
function parsedLine(line: string): EtcdLogLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isLogLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLogLine(value: unknown): value is EtcdLogLine {
  return typeof value === 'object' && value !== null && 'level' in value && 'msg' in value;
}
