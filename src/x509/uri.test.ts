import { describe, expect, it } from 'vitest';
import { parseUri } from './uri.ts';

describe('URIs by the rules of net/url', () => {
  it.each([
    ['spiffe://td.example/ns/a', 'spiffe', 'td.example'],
    ['HTTPS://User:p%40ss@Host.example:443/x?y#z', 'https', 'Host.example:443'],
    ['mailto:a@b', 'mailto', ''],
    ['/a:b', '', ''],
    ['a?b:c', '', ''],
    ['*', '', ''],
    ['', '', ''],
    ['//host/x', '', 'host'],
    ['///x', '', ''],
    ['file:///etc', 'file', ''],
    ['http://[::1]:80/', 'http', ''],
    ['http://x:/', 'http', 'x:'],
    ['http://A/%zz?%zz', '', ''],
  ])('%s', (text, scheme, host) => {
    const uri = parseUri(text);
    if (text.includes('%zz')) expect(uri).toContain('invalid URL escape "%zz"');
    else if (text.includes('[')) expect(uri).toMatchObject({ scheme, host: '[::1]:80' });
    else expect(uri).toMatchObject({ scheme, host });
  });

  // In Go's words, Go 1.26.
  it.each([
    [':x', 'missing protocol scheme'],
    ['1:b', 'first path segment in URL cannot contain colon'],
    ['a b:c/d', 'first path segment in URL cannot contain colon'],
    ['http://a\x7f/', 'net/url: invalid control character in URL'],
    ['http://a:b/', 'invalid port ":b" after host'],
    ['http://a:1:2/', 'invalid port ":1:2" after host'],
    ['http://a b/', 'invalid character " " in host name'],
    ['http://%41/', 'invalid URL escape "%41"'],
    ['http://[::1/', "missing ']' in host"],
    ['http://[1.2.3.4]/', 'invalid IP-literal'],
    ['http://x[::1]/', 'invalid IP-literal'],
    ['http://[x]/', 'invalid host: ParseAddr("x"): unable to parse IP'],
    ['http://[::1::]/', 'invalid host: ParseAddr("::1::"): multiple :: in address (at ":")'],
    ['http://[fe80::1%25]/', 'invalid host: ParseAddr("fe80::1%"): zone must be a non-empty string'],
    ['http://[1.2.3.4%25x]/', 'invalid host: ParseAddr("1.2.3.4%x"): unexpected character (at "%x")'],
    ['http://[%e4]/', 'invalid host: ParseAddr("\\xe4"): unable to parse IP'],
    ['http://u^@h/', 'net/url: invalid userinfo'],
    ['http://u%zz@h/', 'invalid URL escape "%zz"'],
    ['http://x..y/', 'invalid domain'],
    ['http://x./', 'invalid domain'],
    ['x#%', 'invalid URL escape "%"'],
  ])('refuses %s: %s', (text, reason) => {
    expect(parseUri(text)).toContain(reason);
  });
});
