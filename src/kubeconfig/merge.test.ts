import { describe, expect, it } from 'vitest';
import { plain } from '../../test/judges/kubeconfigs.ts';
import { mergeKubeconfigs, parseKubeconfig } from './index.ts';

function merged(...files: readonly (readonly [directory: string, text: string])[]) {
  return mergeKubeconfigs(files.map(([directory, text]) => ({ config: parseKubeconfig(text), directory })));
}

describe('mergeKubeconfigs', () => {
  it('takes an entry whole from the first file that has it', () => {
    const config = merged(
      ['/a', 'users: [{name: u, user: {username: a}}]\nclusters: [{name: c, cluster: {server: a}}]'],
      [
        '/b',
        'users: [{name: u, user: {password: b}}, {name: v}]\nclusters: [{name: c, cluster: {server: b, proxy-url: b}}]',
      ],
    );
    expect(config.users).toEqual([
      { name: 'u', user: { username: 'a' } },
      { name: 'v', user: {} },
    ]);
    expect(config.clusters).toEqual([{ name: 'c', cluster: { server: 'a' } }]);
  });

  it('takes the first current context that is set, even one that only another file defines', () => {
    const config = merged(
      ['/a', 'contexts: [{name: one}]'],
      ['/b', 'current-context: one'],
      ['/c', 'current-context: two\ncontexts: [{name: two}]'],
    );
    expect(config.currentContext).toBe('one');
    expect(config.contexts.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('resolves paths against the directory of the file that has them', () => {
    const text = `clusters: [{name: NAME, cluster: {certificate-authority: ../pki/ca.crt}}]
users: [{name: NAME, user: {client-certificate: /etc/a.crt, client-key: a.key, tokenFile: t/token, exec: {command: ./get}}}]`;
    const config = merged(
      ['/home/one', text.replaceAll('NAME', 'one')],
      ['/home/two', text.replaceAll('NAME', 'two')],
    );
    expect(config.clusters.map(({ cluster }) => cluster.certificateAuthority)).toEqual([
      '/home/pki/ca.crt',
      '/home/pki/ca.crt',
    ]);
    expect(
      config.users.map(({ user }) => [
        user.clientCertificate,
        user.clientKey,
        user.tokenFile,
        user.exec?.command,
      ]),
    ).toEqual([
      ['/etc/a.crt', '/home/one/a.key', '/home/one/t/token', '/home/one/get'],
      ['/etc/a.crt', '/home/two/a.key', '/home/two/t/token', '/home/two/get'],
    ]);
  });

  it('leaves a command alone that is looked up in PATH, and paths of another system', () => {
    const config = merged([
      '/a',
      String.raw`users: [{name: u, user: {client-key: 'C:\a.key', exec: {command: aws}}}]`,
    ]);
    expect(config.users[0]?.user.exec?.command).toBe('aws');
    expect(config.users[0]?.user.clientKey).toBe('C:\\a.key');
  });

  it('joins preferences, extensions and unknown fields, the first file before the others', () => {
    const config = merged(
      ['/a', 'x: 1\nextensions: [{name: e, extension: {a: 1}}]\npreferences: {z: 1}'],
      [
        '/b',
        'x: 2\n"y": 2\nextensions: [{name: e, extension: {a: 2}}, {name: f, extension: {a: 2}}]\npreferences: {colors: true, z: 2}',
      ],
    );
    expect(plain(config)).toEqual(
      plain(
        parseKubeconfig(`{x: 1, "y": 2, extensions: [{name: e, extension: {a: 1}}, {name: f, extension: {a: 2}}],
preferences: {colors: true, z: 1}}`),
      ),
    );
  });

  it('of nothing is nothing', () => {
    expect(merged()).toEqual({ clusters: [], contexts: [], users: [], currentContext: '' });
  });
});
