import { describe, expect, it } from 'vitest';
import { defaultSpecText } from './default-text.ts';
import { parseSpec } from './parse.ts';

const KEYS =
  /^ {2}# (profile|kubernetes|endpoint|dnsDomain|serviceSubnet|keys|lifetimes|authorities|clients|kubelets|sans|users|services): /gm;

describe('the file that init writes', () => {
  const required = `metadata: { name: demo }
spec:
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, addresses: [10.0.0.21] }
    - { name: worker-2, addresses: [10.0.0.22] }
    - { name: worker-3, addresses: [10.0.0.23] }
`;

  it('says no more than what is required', () => {
    expect(parseSpec(defaultSpecText(), 'f')).toEqual(parseSpec(required, 'f'));
  });

  it('shows the keys of the spec with their defaults: uncommented, it says the same', () => {
    const text = defaultSpecText();
    expect(text.match(KEYS)).toHaveLength(13);
    const uncommented = text.replace(KEYS, '  $1: ');
    expect(uncommented).not.toMatch(/^ *#.*:/m);
    expect(parseSpec(uncommented, 'f')).toEqual(parseSpec(required, 'f'));
  });

  it('takes a name', () => {
    expect(parseSpec(defaultSpecText('shop-2'), 'f').name).toBe('shop-2');
  });

  it('fits a terminal, one line a key', () => {
    for (const line of defaultSpecText().split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });
});
