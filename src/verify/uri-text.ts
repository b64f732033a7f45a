import type { Uri } from '../x509/index.ts';

/** URL.String of net/url, Go 1.26: scheme in lower case, escapes as Go writes them. */
export function uriText({ scheme, hasAuthority, userinfo, host, path, query, fragment }: Uri): string {
  const isOpaque = scheme !== '' && !hasAuthority && !path.startsWith('/');
  const user = userinfo === undefined ? '' : `${userText(userinfo)}@`;
  const slashes = hasAuthority && (host !== '' || path !== '' || user !== '') ? '//' : '';
  return [
    scheme === '' ? '' : `${scheme}:`,
    `${slashes}${user}${escape(host, 'host')}`,
    isOpaque ? path : pathText(path),
    query === undefined ? '' : `?${query}`,
    fragment === '' ? '' : `#${reEscape(fragment, 'fragment')}`,
  ].join('');
}

function userText(userinfo: string): string {
  const colon = userinfo.indexOf(':');
  const encode = (text: string) => escape(unescape(text), 'user');
  if (colon < 0) return encode(userinfo);
  return `${encode(userinfo.slice(0, colon))}:${encode(userinfo.slice(colon + 1))}`;
}

/** net/url/encoding_table.go: what is written as it is, besides letters, digits and `-._~`. */
const PLAIN = {
  host: /[\w\-.~!"$&'()*+,:;<=>[\]]/,
  user: /[\w\-.~$&+,;=]/,
  path: /[\w\-.~$&+,/:;=@]/,
  fragment: /[\w\-.~!$&()*+,/:;=?@]/,
};

/** URL.EscapedPath: an asterisk by itself is never escaped (go.dev/issue/11202). */
function pathText(written: string): string {
  return written === '%2A' ? '*' : reEscape(written, 'path');
}

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
