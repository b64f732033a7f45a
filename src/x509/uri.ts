import { isDomainName } from './domain.ts';
import { addressProblem } from './ip-problem.ts';
import { quote } from './quote.ts';
import { type Reading, STRICTEST } from './reading.ts';

/**
 * URIs as Go's certificate parser takes them (net/url Parse of Go 1.26, whose refusals are here to the
 * letter), in parts. Texts are ASCII; an unescaped host may hold any octet, one character each.
 */
export interface Uri {
  /** Lower case; empty when there is none. */
  readonly scheme: string;
  /** Whether `//` stands before host and path. */
  readonly hasAuthority: boolean;
  /** As written; undefined when there is no `@`. */
  readonly userinfo: string | undefined;
  /** With port and brackets, as written, unescaped; empty when there is none. */
  readonly host: string;
  /** As written; of `mailto:a@b` all that follows the scheme. */
  readonly path: string;
  /** As written; undefined when there is no `?`. */
  readonly query: string | undefined;
  /** As written; empty when there is none. */
  readonly fragment: string;
}

/** The parts, or the reason in Go's words why it is no URI. */
export function parseUri(text: string, reading: Reading = STRICTEST): Uri | string {
  const [reference, fragment = ''] = splitOnce(text, '#');
  const uri = parseReference(reference, reading);
  if (typeof uri === 'string') return `parse ${quote(reference)}: ${uri}`;
  const reason = badEscape(fragment);
  if (reason !== undefined) return `parse ${quote(text)}: ${reason}`;
  return isDomainName(uri.host, false) ? { ...uri, fragment } : 'invalid domain';
}

function parseReference(text: string, reading: Reading): UriReference | string {
  if (/[^ -~]/.test(text)) return 'net/url: invalid control character in URL';
  if (text === '*') return { ...RELATIVE, path: '*', query: undefined };
  if (text.startsWith(':')) return 'missing protocol scheme';
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1]?.toLowerCase() ?? '';
  const [hierarchy, query] = splitOnce(scheme === '' ? text : text.slice(scheme.length + 1), '?');

  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { ...RELATIVE, scheme, path: hierarchy, query };
    if (hierarchy.split('/', 1)[0]?.includes(':')) return 'first path segment in URL cannot contain colon';
  }
  const hasAuthority = hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'));
  const slash = hasAuthority ? hierarchy.indexOf('/', 2) : 0;
  const path = slash < 0 ? '' : hierarchy.slice(slash);
  const authority = hasAuthority
    ? parseAuthority(scheme, hierarchy.slice(2, slash < 0 ? undefined : slash), reading)
    : NO_AUTHORITY;
  if ('reason' in authority) return authority.reason;
  return badEscape(path) ?? { scheme, hasAuthority, ...authority, path, query };
}

type UriReference = Omit<Uri, 'fragment'>;
type Authority = Pick<Uri, 'userinfo' | 'host'>;

const NO_AUTHORITY: Authority = { userinfo: undefined, host: '' };
const RELATIVE = { scheme: '', hasAuthority: false, ...NO_AUTHORITY } as const;

interface Refusal {
  readonly reason: string;
}

function parseAuthority(scheme: string, text: string, reading: Reading): Authority | Refusal {
  const at = text.lastIndexOf('@');
  const host = parseHost(scheme, text.slice(at + 1), reading);
  if (typeof host !== 'string') return host;
  if (at < 0) return { userinfo: undefined, host };
  const userinfo = text.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) return { reason: 'net/url: invalid userinfo' };
  const [user, password = ''] = splitOnce(userinfo, ':');
  const reason = badEscape(user) ?? badEscape(password);
  return reason === undefined ? { userinfo, host } : { reason };
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseHost(scheme: string, host: string, { refusesColonsInHosts }: Reading): string | Refusal {
  const bracket = host.lastIndexOf('[');
  if (bracket > 0) return { reason: 'invalid IP-literal' };
  if (bracket === 0) return parseIpLiteral(host);
  const colon = host.indexOf(':');
  if (colon >= 0) {
    // Databases write several hosts with ports; http and https have one (go.dev/issue/75223).
    const strict = refusesColonsInHosts && (scheme === 'http' || scheme === 'https');
    const port = host.slice(strict ? colon : host.lastIndexOf(':'));
    if (!isPort(port)) return { reason: `invalid port ${quote(port)} after host` };
  }
  return unescapeHost(host, false);
}

function parseIpLiteral(host: string): string | Refusal {
  const close = host.lastIndexOf(']');
  if (close < 0) return { reason: "missing ']' in host" };
  const port = host.slice(close + 1);
  if (!isPort(port)) return { reason: `invalid port ${quote(port)} after host` };
  const literal = host.slice(1, close);
  // RFC 6874: %25 introduces the zone.
  const zone = literal.indexOf('%25');
  const address = unescapeHost(zone < 0 ? literal : literal.slice(0, zone), false);
  if (typeof address !== 'string') return address;
  const zoneText = zone < 0 ? '' : unescapeHost(literal.slice(zone), true);
  if (typeof zoneText !== 'string') return zoneText;
  const whole = address + zoneText;
  const problem = addressProblem(whole);
  if (problem !== undefined) return { reason: `invalid host: ${problem}` };
  return whole.includes(':') ? `[${whole}]${port}` : { reason: 'invalid IP-literal' };
}

function isPort(text: string): boolean {
  return /^(:[0-9]*)?$/.test(text);
}

/** In Go's words, if a percent sign is not followed by two hexadecimal digits. */
function badEscape(text: string): string | undefined {
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(text);
  return bad ? `invalid URL escape ${quote(text.slice(bad.index, bad.index + 3))}` : undefined;
}

/** Characters that a host may hold unescaped (net/url shouldEscape, encodeHost). */
const HOST_CHAR = /[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~\x80-\xff]/;

/** A host with nothing to unescape, as most are. */
const PLAIN_HOST = /^[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~]*$/;

/** Escapes stand for octets from 80 on only; in a zone also for a blank and what a host may hold. */
function unescapeHost(text: string, zone: boolean): string | Refusal {
  if (PLAIN_HOST.test(text)) return text;
  let out = '';
  for (let at = 0; at < text.length; ) {
    const char = text[at]!;
    if (char !== '%') {
      if (!HOST_CHAR.test(char)) return { reason: `invalid character ${quote(char)} in host name` };
      out += char;
      at++;
      continue;
    }
    const triple = text.slice(at, at + 3);
    if (!/^%[0-9A-Fa-f]{2}$/.test(triple)) return { reason: `invalid URL escape ${quote(triple)}` };
    const octet = Number.parseInt(triple.slice(1), 16);
    const meant = String.fromCharCode(octet);
    const allowed = triple === '%25' || (zone ? octet === 0x20 || HOST_CHAR.test(meant) : octet >= 0x80);
    if (!allowed) return { reason: `invalid URL escape ${quote(triple)}` };
    out += meant;
    at += 3;
  }
  return out;
}
