/** Which protocol a server picks of those that Kubernetes' clients offer (RFC 7301). */
import { connect } from 'node:tls';
import type { ProbeOptions, ProbeTarget } from './types.ts';

/** As client-go: HTTP/2, else HTTP/1.1. `undefined` when it picks none, or there is no handshake. */
const OFFERED = ['h2', 'http/1.1'];

export function probeAlpn(
  { host, port, serverName }: Pick<ProbeTarget, 'host' | 'port' | 'serverName'>,
  { timeout }: Pick<ProbeOptions, 'timeout'>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ...(serverName !== undefined && { servername: serverName }),
      ALPNProtocols: OFFERED,
      ciphers: 'DEFAULT@SECLEVEL=0',
      // What it presents is judged elsewhere, or not at all: here it is looked at.
      rejectUnauthorized: false,
    });
    const end = (protocol: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(protocol);
    };
    const timer = setTimeout(() => end(undefined), timeout);
    socket.once('secureConnect', () => end(socket.alpnProtocol || undefined));
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}
