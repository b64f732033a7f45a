import { isDomainName } from './domain.ts';

/** 1: may stand in the local part unquoted (RFC 5322, 3.2.3, and the dot). */
const ATOM = new Uint8Array(0x1_0000);
for (const char of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
  ATOM[char.charCodeAt(0)] = 1;
for (const char of "!#$%&'*+-/=?^_`{|}~.") ATOM[char.charCodeAt(0)] = 1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/**
 * crypto/x509 verify.go, parseRFC2821Mailbox: the two parts, unquoted; undefined when it is no mailbox.
 * A loop, since a regular expression with alternatives runs out of stack on a text of megabytes.
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const quoted = text.charCodeAt(0) === QUOTE;
  let local = '';
  let from = quoted ? 1 : 0;
  let at = from;
  for (; at < text.length; at++) {
    const escaped = text.charCodeAt(at) === BACKSLASH;
    if (escaped) {
      local += text.slice(from, at);
      from = ++at;
    }
    if (at === text.length) return undefined;
    const code = text.charCodeAt(at);
    if (quoted && !escaped && code === QUOTE) break;
    if (quoted ? isQuoted(code, escaped) : escaped || ATOM[code] === 1) continue;
    if (quoted) return undefined;
    break;
  }
  local += text.slice(from, at);
  if (quoted) at++;
  else if (`.${local}.`.includes('..')) return undefined;
  if (text[at] !== '@') return undefined;
  const domain = text.slice(at + 1);
  return isDomainName(domain, false) ? { local, domain } : undefined;
}

/** What may stand between quotes; a tab only behind a backslash. */
function isQuoted(code: number, escaped: boolean): boolean {
  if (code === 0 || code === 0x0a || code === 0x0d || code > 0x7f) return false;
  return escaped || code !== 0x09;
}
