import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { type Clock, expectedFailure, KubetlsError } from '../base/index.ts';
import type { ResolvedClient } from '../kubeconfig/index.ts';
import { contextFor, failureText, hostPort, type ProbeCredential } from '../probe/index.ts';
import { createPool, parseRefusal, type Pool, verifyChain } from '../verify/index.ts';
import { type Certificate, parseCertificate, readPoolPem } from '../x509/index.ts';
import { failed } from './errors.ts';
import type { KubeError } from './types.ts';

/** client-go's own limits: 30 s to connect, 10 s for the handshake (transport/cache.go). */
const TIMEOUT = 40_000;

/** Opens a connection; nothing is sent over it before the server's chain was verified, by Go's rules. */
export type Dial = () => Promise<TLSSocket>;

/** @throws KubeError `kube/tls` for a CA that cannot be read, or a pair that cannot be loaded */
export function dialer(client: ResolvedClient, clock: Clock): Dial {
  const { server, tlsServerName, insecure } = client;
  const { host, port } = server;
  const name = tlsServerName ?? host;
  const credential = credentialOf(client);
  const roots = insecure ? undefined : rootsOf(client);
  const context = loaded(credential);
  return () =>
    new Promise((resolve, reject) => {
      let connected = false;
      const socket = connect({
        host,
        port,
        secureContext: context,
        ALPNProtocols: ['http/1.1'],
        // The verdict is ours, below: it is Go's, and so are its words.
        rejectUnauthorized: false,
        ...(isIP(name) === 0 && { servername: name }),
      });
      const fail = (error: KubeError): void => {
        socket.destroy();
        reject(error);
      };
      socket.setTimeout(TIMEOUT, () =>
        fail(failed('kube/timeout', `dial tcp ${hostPort(host, port)}: i/o timeout`)),
      );
      socket.once('connect', () => (connected = true));
      socket.once('error', (error: Error) => fail(connectionFailure(error, server, connected)));
      socket.once('close', () => fail(failed('kube/unreachable', `${hostPort(host, port)}: EOF`)));
      socket.once('secureConnect', () => {
        const refusal = roots && refusalOf(socket, roots, name, clock);
        if (refusal !== undefined) return fail(refusal);
        socket.setTimeout(0);
        for (const event of ['error', 'close', 'timeout']) socket.removeAllListeners(event);
        resolve(socket);
      });
    });
}

function refusalOf(socket: TLSSocket, roots: Pool, name: string, clock: Clock): KubeError | undefined {
  const [leaf, ...intermediates] = presented(socket);
  if (!leaf) return failed('kube/tls', 'tls: no certificate was presented');
  const result = verifyChain({ leaf, intermediates, roots, at: clock.now(), usage: 'server', name });
  return result.ok
    ? undefined
    : failed('kube/tls', `tls: failed to verify certificate: ${result.error}`, EXPLAIN);
}

const EXPLAIN = 'what can be behind it: kubetls explain "x509: …"';

/** Node links each certificate that was sent to its issuer; a root that was sent points at itself. */
function presented(socket: TLSSocket): Certificate[] {
  const found: Certificate[] = [];
  let next: PeerCertificate | undefined = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (next?.raw && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    found.push(readable(next.raw));
    next = (next as { issuerCertificate?: PeerCertificate }).issuerCertificate;
  }
  return found;
}

function readable(der: Uint8Array): Certificate {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (!(error instanceof KubetlsError)) throw error;
    throw failed('kube/tls', `tls: failed to parse certificate from server: ${parseRefusal(error)}`);
  }
}

function rootsOf({ authority, cluster }: ResolvedClient): Pool {
  // Go would ask the operating system; no cluster's own API server is found in there.
  if (!authority) {
    throw failed('kube/tls', `cluster ${JSON.stringify(cluster)}: no certificate-authority is given`);
  }
  const certificates = readPoolPem(authority).flatMap(({ bytes }) => certificateOrNone(bytes) ?? []);
  if (certificates.length === 0) {
    // client-go transport/transport.go, rootCertPool.
    throw failed('kube/tls', 'unable to load root certificates: unable to parse bytes as PEM block');
  }
  return createPool(certificates);
}

/** AppendCertsFromPEM passes over what is none. */
function certificateOrNone(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    expectedFailure(error);
    return undefined;
  }
}

function credentialOf({ clientCertificate, clientKey }: ResolvedClient): ProbeCredential | undefined {
  return clientCertificate && clientKey && { certificate: clientCertificate, key: clientKey };
}

function loaded(credential: ProbeCredential | undefined): ReturnType<typeof contextFor> {
  try {
    return contextFor(credential, {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const mismatch = reason.includes('key values mismatch');
    throw failed('kube/tls', `tls: ${mismatch ? 'private key does not match public key' : reason}`);
  }
}

/** An alert is the server's answer to our certificate; under TLS 1.3 it comes when the first answer is read. */
export function connectionFailure(
  error: Error,
  { host, port }: ResolvedClient['server'],
  connected: boolean,
): KubeError {
  const text = failureText(error, host, port, connected);
  if (/^(remote error: )?tls: /.test(text)) return failed('kube/tls', text);
  return failed('kube/unreachable', connected ? `${hostPort(host, port)}: ${text}` : text);
}
