import { expect, it } from 'vitest';
import { parseUri } from '../x509/index.ts';
import { uriText } from './uri-text.ts';

/** URI, and what Go 1.26's url.Parse makes of it: Host, String(). Printed by a Go program. */
const GO: readonly (readonly [string, string, string])[] = [
  ['spiffe://cluster.local/ns/default/sa/x', 'cluster.local', 'spiffe://cluster.local/ns/default/sa/x'],
  [
    'HTTPS://User:p%40w%2F@Host.Test:443/a b?q=1 2#f g',
    'Host.Test:443',
    'https://User:p%40w%2F@Host.Test:443/a%20b?q=1 2#f%20g',
  ],
  ['urn:uuid:1', '', 'urn:uuid:1'],
  ['%2A', '', '*'],
  ['/%2A', '', '/%2A'],
  ['https://[::1]:8443/', '[::1]:8443', 'https://[::1]:8443/'],
  ['https://[fe80::1%25en0]/x', '[fe80::1%en0]', 'https://[fe80::1%25en0]/x'],
  ['http://a/%7e%41/[x]', 'a', 'http://a/%7e%41/[x]'],
  ['http://a/a%20b!', 'a', 'http://a/a%20b!'],
  ['http://a?', 'a', 'http://a?'],
  ['http://a?b?', 'a', 'http://a?b?'],
  ['http://a/p?x=%zz', 'a', 'http://a/p?x=%zz'],
  ['x:///p', '', 'x:///p'],
  ['x:/p', '', 'x:/p'],
  ['x:', '', 'x:'],
  ['//h/p', 'h', '//h/p'],
  ['/p', '', '/p'],
  ['p/q', '', 'p/q'],
  ['*', '', '*'],
  ['http://a/#', 'a', 'http://a/'],
  ['http://u@h', 'h', 'http://u@h'],
  ['http://u:@h/', 'h', 'http://u:@h/'],
  ['http://;=+$,&@h/', 'h', 'http://;=+$,&@h/'],
  ["http://a/'()*", 'a', "http://a/'()*"],
  ['http://h:', 'h:', 'http://h:'],
  ['mailto:a@b?x', '', 'mailto:a@b?x'],
  ['http://a/"<>', 'a', 'http://a/%22%3C%3E'],
  ['http://a/%E2%82%ac', 'a', 'http://a/%E2%82%ac'],
  ['http://a/\\^`{|}', 'a', 'http://a/%5C%5E%60%7B%7C%7D'],
  ['x://a:b:80/', 'a:b:80', 'x://a:b:80/'],
  ['', '', ''],
  ['http:///p', '', 'http:///p'],
  ['x://', '', 'x:'],
  ['x://@/', '', 'x://@/'],
];

it.each(GO)('%j', (uri, host, text) => {
  const parsed = parseUri(uri);
  if (typeof parsed === 'string') throw new Error(parsed);
  expect({ host: parsed.host, text: uriText(parsed) }).toEqual({ host, text });
});
