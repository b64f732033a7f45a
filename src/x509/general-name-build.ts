import { KubetlsError } from '../base/index.ts';
import { ipText, parseIp, unmapIp } from './ip.ts';
import { parseMailbox } from './mailbox.ts';
import type { GeneralName } from './types.ts';
import { parseUri } from './uri.ts';

/**
 * Names for certificates that we issue: in one form each, and only what every verifier takes alike. What
 * Go 1.24.8 and 1.25.2 refuse (a trailing dot: golang/go#75828) is never written.
 */
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;
const MAX_LABEL = 63;
const MAX_DNS_NAME = 253;
const MAX_TEXT = 2_048;

/**
 * A dNSName in lower case: labels of letters, digits, `-` and `_`; a wildcard only as whole left-most label.
 *
 * @throws KubetlsError `x509/general-name`
 */
export function dnsName(text: string): GeneralName {
  if (isPlain(text)) return { kind: 'dns', value: text };
  const value = text.toLowerCase();
  const reason = dnsProblem(value);
  if (reason) refuse(text, `is no DNS name: ${reason}`, HINTS[reason]);
  return { kind: 'dns', value };
}

const HINTS: Readonly<Record<string, string>> = {
  'it is an IP address': 'an IP address stands in a certificate as iPAddress, never as dNSName',
  'it ends with a dot': 'write it without the dot: verifiers drop it from the host that they look for',
};

const NUMERIC = /^[\d.]+$/;

function dnsProblem(value: string): string | undefined {
  if (isPlain(value)) return undefined;
  if (value === '') return 'it is empty';
  if (value.length > MAX_DNS_NAME) return `it has more than ${MAX_DNS_NAME} characters`;
  if (parseIp(value) || NUMERIC.test(value)) return 'it is an IP address';
  if (value.startsWith('.')) return 'it starts with a dot';
  if (value.endsWith('.')) return 'it ends with a dot';
  const labels = value.split('.');
  if (labels[0] === '*') labels.shift();
  if (labels.length === 0) return 'a wildcard stands before a domain';
  for (const label of labels) {
    if (label === '') return 'a label is empty';
    if (label.length > MAX_LABEL) return `a label has more than ${MAX_LABEL} characters`;
    if (label.includes('*')) return 'a wildcard is the whole left-most label or nothing';
    if (!LABEL.test(label))
      return `the label ${JSON.stringify(label)} has a character that is not allowed there`;
  }
  return undefined;
}

/** Nearly every name, in lower case already: in one go, three times as fast as by a regular expression. */
function isPlain(value: string): boolean {
  if (value.length > MAX_DNS_NAME) return false;
  let start = value.startsWith('*.') ? 2 : 0;
  let isNumeric = start === 0;
  for (let at = start; at <= value.length; at++) {
    const code = at < value.length ? value.charCodeAt(at) : DOT;
    if (code === DOT) {
      if (at === start || at - start > MAX_LABEL || value.charCodeAt(at - 1) === HYPHEN) return false;
      start = at + 1;
    } else if ((code >= 0x61 && code <= 0x7a) || code === 0x5f) {
      isNumeric = false;
    } else if (code === HYPHEN) {
      if (at === start) return false;
      isNumeric = false;
    } else if (code < 0x30 || code > 0x39) {
      return false;
    }
  }
  return !isNumeric;
}

const DOT = 0x2e;
const HYPHEN = 0x2d;

/**
 * An iPAddress from text; an IPv4 address that is written as IPv6 becomes IPv4.
 *
 * @throws KubetlsError `x509/general-name`
 */
export function ipName(text: string): GeneralName {
  const parsed = parseIp(text);
  if (!parsed) refuse(text, 'is no IP address');
  // An IPv4 address has one form only.
  return parsed.length === 4 ? { kind: 'ip', value: text, bytes: parsed } : ipNameOf(parsed);
}

/** The same from 4 or 16 octets. */
export function ipNameOf(octets: Uint8Array): GeneralName {
  const bytes = unmapIp(octets);
  return { kind: 'ip', value: ipText(bytes), bytes };
}

/**
 * An absolute URI that Go parses.
 *
 * @throws KubetlsError `x509/general-name`
 */
export function uriName(text: string): GeneralName {
  checkText(text, 'URI');
  const uri = parseUri(text);
  if (typeof uri === 'string') refuse(text, `is no URI: ${uri}`);
  if (uri.scheme === '') refuse(text, 'is no URI: it has no scheme');
  return { kind: 'uri', value: text };
}

/**
 * A mailbox; its domain in lower case.
 *
 * @throws KubetlsError `x509/general-name`
 */
export function emailName(text: string): GeneralName {
  checkText(text, 'mailbox');
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1).toLowerCase();
  if (!parseMailbox(text) || dnsProblem(domain) !== undefined || domain.startsWith('*')) {
    refuse(text, 'is no mailbox');
  }
  return { kind: 'email', value: `${text.slice(0, at)}@${domain}` };
}

function checkText(text: string, what: string): void {
  if (text === '' || text.length > MAX_TEXT || !/^[!-~]*$/.test(text)) {
    refuse(text, `is no ${what}: it is empty, overlong, or not printable ASCII`);
  }
}

function refuse(text: string, why: string, hint?: string): never {
  const shown = JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
  throw new KubetlsError({ code: 'x509/general-name', message: `${shown} ${why}`, ...(hint && { hint }) });
}
