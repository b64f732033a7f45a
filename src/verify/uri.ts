/**
 * URIs as Go's net/url reads and prints them. Only for URIs that url.Parse accepts: a certificate with
 * any other does not parse. Texts are octets, one character each.
 */
export interface Uri {
  /** URL.Host: with its port and brackets, without user; empty when there is none. */
  readonly host: string;
  /** URL.String: scheme in lower case, escapes as Go writes them. */
  readonly text: string;
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+\-.]*):/;

export function parseUri(raw: string): Uri {
  const [main, fragment] = cut(raw, '#');
  const tail = fragment === '' ? '' : `#${reEscape(fragment, 'fragment')}`;
  const scheme = SCHEME.exec(main);
  const afterScheme = main.slice(scheme?.[0].length ?? 0);
  const [rest, query] = cut(afterScheme, '?');
  const search = (query === '' && afterScheme.endsWith('?')) || query !== '' ? `?${query}` : '';
  const prefix = scheme?.[0].toLowerCase() ?? '';
  if (scheme && !rest.startsWith('/')) return { host: '', text: `${prefix}${rest}${search}${tail}` };
  const hasAuthority = rest.startsWith('//') && (scheme !== null || !rest.startsWith('///'));
  const slash = hasAuthority ? rest.indexOf('/', 2) : 0;
  const authority = hasAuthority ? rest.slice(2, slash < 0 ? undefined : slash) : '';
  const path = reEscape(slash < 0 ? '' : rest.slice(slash), 'path');
  const at = authority.lastIndexOf('@');
  const host = unescape(authority.slice(at + 1));
  const user = at < 0 ? '' : `${userText(authority.slice(0, at))}@`;
  const slashes = hasAuthority && (host !== '' || path !== '' || at >= 0) ? '//' : '';
  return { host, text: `${prefix}${slashes}${user}${escape(host, 'host')}${path}${search}${tail}` };
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function userText(userinfo: string): string {
  const [name, password] = cut(userinfo, ':');
  const encoded = escape(unescape(name), 'user');
  return userinfo.includes(':') ? `${encoded}:${escape(unescape(password), 'user')}` : encoded;
}

/** net/url/encoding_table.go: what is written as it is, besides letters, digits and `-._~`. */
const PLAIN = {
  host: /[\w\-.~!"$&'()*+,:;<=>[\]]/,
  user: /[\w\-.~$&+,;=]/,
  path: /[\w\-.~$&+,/:;=@]/,
  fragment: /[\w\-.~!$&()*+,/:;=?@]/,
};

/** EscapedPath and EscapedFragment: as written when that is a valid encoding, else encoded anew. */
function reEscape(written: string, mode: 'path' | 'fragment'): string {
  const valid = Array.from(written).every((octet) => /[!'()*[\]%]/.test(octet) || PLAIN[mode].test(octet));
  return valid ? written : escape(unescape(written), mode);
}

function escape(text: string, mode: keyof typeof PLAIN): string {
  return text.replace(/[^]/g, (octet) => (PLAIN[mode].test(octet) ? octet : percent(octet)));
}

function percent(octet: string): string {
  return `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function unescape(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
