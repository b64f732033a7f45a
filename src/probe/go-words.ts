import { isIPv6 } from 'node:net';
import { alertText } from '../verify/index.ts';
import { alertNumber } from './alerts.ts';

/** Go's texts of the operating system's refusals (syscall errors table for Linux). */
const ERRNO: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  ECONNABORTED: 'software caused connection abort',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
  EPIPE: 'broken pipe',
  EMFILE: 'too many open files',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  EINVAL: 'invalid argument',
};

function codeOf(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** `10.0.0.1:6443`, `[::1]:6443`: Go's net.JoinHostPort. */
export function hostPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A dial that failed, as Go's net.OpError prints it. */
export function dialText(error: Error | undefined, host: string, port: number): string {
  const code = codeOf(error);
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${host}: no such host`;
  if (code === 'EAI_AGAIN') return `dial tcp: lookup ${host}: server misbehaving`;
  return `dial tcp ${hostPort(host, port)}: connect: ${ERRNO[code ?? ''] ?? error?.message ?? 'EOF'}`;
}

/** A connection that ended: by the other side's FIN (no error), or by a failure of read or write. */
export function closeText(error: Error | undefined): string {
  if (error === undefined) return 'EOF';
  const code = codeOf(error);
  return `${code === 'EPIPE' ? 'write' : 'read'}: ${ERRNO[code ?? ''] ?? error.message}`;
}

/** Did the connection end below TLS, so that the error says nothing of what was spoken over it? */
export function isConnectionLoss(error: Error): boolean {
  const code = codeOf(error);
  return code !== undefined && code in ERRNO;
}

/** Any failure of a connection: an alert that was received, a dial, a loss, or what OpenSSL says. */
export function failureText(error: Error, host: string, port: number, connected: boolean): string {
  const alert = alertNumber(error);
  if (alert !== undefined) return alertText(alert);
  if (!connected) return dialText(error, host, port);
  return isConnectionLoss(error) ? closeText(error) : tlsText(error);
}

/** What OpenSSL says of what is no TLS, as crypto/tls says it (conn.go, readRecordOrCCS); of all else its own words. */
export function tlsText(error: Error): string {
  return /wrong version number/.test(error.message)
    ? 'tls: first record does not look like a TLS handshake'
    : `tls: ${error.message.trim()}`;
}
