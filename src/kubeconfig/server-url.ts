import { failure } from './errors.ts';

export interface Server {
  readonly scheme: 'https' | 'http';
  /** Name or address, an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** Put before the path of every request; empty as a rule. */
  readonly path: string;
}

const URL_SHAPE = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]+)([^?#]*)/;
const AUTHORITY = /^(?:.*@)?(?:\[([^\]]+)\]|([^[\]:]+))(?::(\d{0,5}))?$/;
const DEFAULT_PORT = { https: 443, http: 80 } as const;

/**
 * What client-go dials (rest/url_utils.go, DefaultServerURL): without a scheme, or with `host:port` that
 * looks like one, it is plain HTTP; no CA and no certificate in the kubeconfig changes that.
 */
export function parseServer(server: string): Server {
  const stated = URL_SHAPE.exec(server);
  const [, rawScheme = '', authority = '', path = ''] = stated ?? URL_SHAPE.exec(`http://${server}`) ?? [];
  if (authority === '' || (stated === null && path !== '' && path !== '/')) {
    throw failure('kubeconfig/server', `host must be a URL or a host:port pair: ${shown(server)}`);
  }
  const scheme = rawScheme.toLowerCase();
  if (scheme !== 'https' && scheme !== 'http') {
    throw failure('kubeconfig/server', `unsupported protocol scheme ${JSON.stringify(scheme)}`);
  }
  const [, bracketed, plain, digits] = AUTHORITY.exec(authority) ?? [];
  const host = bracketed?.replace('%25', '%') ?? plain;
  const port = digits ? Number(digits) : DEFAULT_PORT[scheme];
  if (host === undefined || /[\s<>"]/.test(host) || port > 65_535) {
    throw failure('kubeconfig/server', `the server is no URL: ${shown(server)}`);
  }
  return { scheme, host, port, path: path === '/' ? '' : path };
}

/** Without a password. */
function shown(server: string): string {
  return JSON.stringify(server.replace(/\/\/[^/?#]*@/, '//'));
}
