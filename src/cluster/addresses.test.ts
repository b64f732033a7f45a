import { describe, expect, it } from 'vitest';
import { parseIp } from '../x509/index.ts';
import {
  canonicalIp,
  contains,
  firstAddress,
  hostPort,
  masked,
  parseSubnet,
  subnetText,
} from './addresses.ts';

describe('addresses', () => {
  it('are compared and printed in one form', () => {
    expect(canonicalIp('FD00:0:0:0::0001')).toBe('fd00::1');
    expect(canonicalIp('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(canonicalIp('010.0.0.1')).toBeUndefined();
  });

  it('IPv6 stands in brackets before a port', () => {
    expect(hostPort({ host: 'fd00::1', port: 6443 })).toBe('[fd00::1]:6443');
    expect(hostPort({ host: 'api.test', port: 443 })).toBe('api.test:443');
  });
});

describe('subnets', () => {
  const masks: readonly (readonly [string, string])[] = [
    ['10.111.255.255/12', '10.96.0.0/12'],
    ['10.0.0.255/31', '10.0.0.254/31'],
    ['10.0.0.255/32', '10.0.0.255/32'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['fd00:1:2:3:4:5:6:7/108', 'fd00:1:2:3:4:5::/108'],
  ];
  for (const [text, clean] of masks) {
    it(`${text} is in ${clean}`, () => {
      const subnet = parseSubnet(text);
      expect(subnet && subnetText(masked(subnet))).toBe(clean);
    });
  }

  for (const text of [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    'fd00::/129',
    '::ffff:10.0.0.0/104',
    '/8',
  ]) {
    it(`${text} is none`, () => expect(parseSubnet(text)).toBeUndefined());
  }

  it('the first address is the Service kubernetes', () => {
    expect(firstAddress('10.96.0.0/12')).toBe('10.96.0.1');
    expect(firstAddress('fd00:10::/112')).toBe('fd00:10::1');
    expect(firstAddress('10.0.255.0/24')).toBe('10.0.255.1');
  });

  it('contain their own addresses, of their own family', () => {
    const subnet = parseSubnet('10.96.0.0/12');
    const holds = (address: string) => {
      const bytes = parseIp(address);
      return subnet && bytes && contains(subnet, bytes);
    };
    expect(['10.96.0.0', '10.111.255.255', '::ffff:10.97.0.1'].map(holds)).toEqual([true, true, true]);
    expect(['10.112.0.0', '10.95.255.255', 'fd00::1'].map(holds)).toEqual([false, false, false]);
  });
});
