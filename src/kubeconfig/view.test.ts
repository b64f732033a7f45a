import { describe, expect, it } from 'vitest';
import {
  flattenKubeconfig,
  knownFields,
  minifyKubeconfig,
  parseKubeconfig,
  redactKubeconfig,
  writeKubeconfig,
  writeKubeconfigJson,
} from './index.ts';

const text = `
clusters: [{name: c, cluster: {server: "https://<c>", certificate-authority-data: QUJD, x-a: 1}}]
users: [{name: u, user: {client-certificate-data: QUJD, client-key-data: QUJD, token: SECRET, password: SECRET}}, {name: v}]
contexts: [{name: a, context: {cluster: c, user: u}}, {name: b, context: {cluster: c, user: gone}}]
`;
const config = parseKubeconfig(text);

describe('what is shown', () => {
  it('has no secret, and no field that kubectl does not know', () => {
    const shown = Buffer.from(writeKubeconfig(knownFields(redactKubeconfig(config))).reveal()).toString();
    expect(shown).not.toContain('SECRET');
    expect(shown).not.toContain('QUJD');
    expect(shown).not.toContain('x-a');
    expect(shown.match(/DATA\+OMITTED/g)).toHaveLength(3);
    expect(shown.match(/: REDACTED/g)).toHaveLength(2);
  });

  it('as JSON has the order of the declarations and the escapes of Go', () => {
    const json = Buffer.from(writeKubeconfigJson(minifyKubeconfig(config, 'a')).reveal()).toString();
    expect(json).toContain('{\n    "kind": "Config",\n    "apiVersion": "v1",\n    "clusters": [\n');
    expect(json).toContain('"server": "https://\\u003cc\\u003e",');
    expect(JSON.parse(json)).toMatchObject({ 'current-context': 'a' });
  });

  it('is one context with what it names, or a sentence of kubectl', () => {
    const one = minifyKubeconfig(config, 'a');
    expect([one.clusters.length, one.users.length, one.contexts.length]).toEqual([1, 1, 1]);
    expect(() => minifyKubeconfig(config, 'b')).toThrow('cannot locate user gone');
    expect(() => minifyKubeconfig(config, 'z')).toThrow('cannot locate context z');
    expect(() => minifyKubeconfig(config)).toThrow('current-context must exist in order to minify');
  });

  it('is flat: a path from its own directory, never beside data', () => {
    const named = parseKubeconfig('users: [{name: u, user: {client-key: k, tokenFile: t}}]');
    const read = (path: string) => (path === '/d/k' ? Buffer.from('KEY') : undefined);
    const [user] = flattenKubeconfig(named, () => '/d', read).users;
    expect(Buffer.from(user?.user.clientKeyData?.reveal() ?? '').toString()).toBe('KEY');
    expect(user?.user).toMatchObject({ tokenFile: 't' });
    expect(() => flattenKubeconfig(named, () => '/e', read)).toThrow('open /e/k: no such file or directory');
  });
});
