import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { host, parseHostAddress } from './formats-host.ts';

const ssh = (host: string, user?: string, port?: number) => ({ kind: 'ssh', user, host, port });

describe('how a node is reached', () => {
  it.each([
    ['/', { kind: 'directory', path: '/' }],
    ['/mnt/node 1/', { kind: 'directory', path: '/mnt/node 1' }],
    ['ssh://10.0.0.10', ssh('10.0.0.10')],
    ['ssh://root@master', ssh('master', 'root')],
    ['ssh://core@node-1.example.test:2222', ssh('node-1.example.test', 'core', 2222)],
    ['ssh://root@[fd00::1]:22', ssh('fd00::1', 'root', 22)],
    ['ssh://Alias_1', ssh('Alias_1')],
  ])('%s', (text, address) => {
    expect(parseHostAddress(text)).toEqual(address);
    expect(host(text)).toBeUndefined();
  });

  it.each([
    ['', 'is no host'],
    ['master', 'is no host'],
    ['mnt/node', 'is no host'],
    ['../mnt', 'is no host'],
    ['/mnt/../etc', 'climbs'],
    ['/mnt/\u001b[2J', 'is no directory'],
    ['http://master', 'is no host'],
    ['ssh:master', 'is no host'],
    ['ssh://', 'is no host of ssh'],
    ['ssh://master/etc', 'is no host'],
    ['ssh://root:secret@master', 'a password does not belong into the file'],
    ['ssh://-oProxyCommand=touch', 'is no host of ssh'],
    ['ssh://root@-oProxyCommand=touch', 'is no host of ssh'],
    ['ssh://-oProxyCommand=x@master', 'is no user of ssh'],
    ['ssh://-l@master', 'is no user of ssh'],
    ['ssh://@master', 'is no user of ssh'],
    ['ssh://root@a b', 'is no host of ssh'],
    ['ssh://root@$(id)', 'is no host of ssh'],
    ['ssh://a`id`@master', 'is no user of ssh'],
    ['ssh://root@master;id', 'is no host of ssh'],
    ['ssh://root@[-oProxyCommand=x]', 'is no host of ssh'],
    ['ssh://root@[fe80::1%eth0]', 'is no host of ssh'],
    ['ssh://root@master:0', 'is no port'],
    ['ssh://root@master:65536', 'is no port'],
    ['ssh://root@master:', 'is no port'],
    ['ssh://root@master:22 -o x', 'is no port'],
    ['ssh://root@fd00::1', 'is no'],
  ])('not %j', (text, message) => {
    expect(parseHostAddress(text)).toBeUndefined();
    expect(host(text)?.message).toContain(message);
    expect(host(text)?.message).not.toContain('secret');
  });

  it('no part is ever an option, or anything that a shell reads', () => {
    const part = fc.string({ unit: fc.constantFrom(...'-o=aZ9.@:/[]$`;\'" \n%\\') });
    fc.assert(
      fc.property(part, (text) => {
        const found = parseHostAddress(`ssh://${text}`);
        if (found?.kind !== 'ssh') return;
        expect(found.host).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/);
        if (found.user !== undefined) expect(found.user).toMatch(/^\w[\w.-]*$/);
      }),
      { numRuns: 5_000 },
    );
  });
});
