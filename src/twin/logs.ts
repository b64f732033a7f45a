import type { Instant } from '../base/index.ts';

/** klog's text format: level, date, time, thread, file and line (klog/v2 internal/buffer, FormatHeader). */
export function klog(level: 'E' | 'I' | 'W', at: Instant, source: string, text: string): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, -1).split('T');
  return `${level}${date.slice(5).replace('-', '')} ${time}000       1 ${source}] ${text}`;
}

/** klog.ErrorS: message and values are Go-quoted. */
export function klogError(at: Instant, source: string, message: string, error: string): string {
  return klog('E', at, source, `${JSON.stringify(message)} err=${JSON.stringify(error)}`);
}

/** etcd's zap line for a connection that it refuses (server/embed/config_logging.go, logTLSHandshakeFailureFunc). */
export function etcdRejected(at: Instant, port: 'client' | 'peer', remote: string, error: string): string {
  return JSON.stringify({
    level: 'warn',
    ts: new Date(at).toISOString().replace('Z', '000Z'),
    caller: 'embed/config_logging.go:195',
    msg: `rejected connection on ${port} endpoint`,
    'remote-addr': remote,
    'server-name': '',
    error,
  });
}
