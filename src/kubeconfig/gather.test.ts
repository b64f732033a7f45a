import { describe, expect, it } from 'vitest';
import { extractMaterial, fileName, gatherKubeconfigs, parseKubeconfig, relativePaths } from './index.ts';

const file = (name: string, text: string) => ({
  file: name,
  directory: `/${name}`,
  config: parseKubeconfig(text),
});
const mine = file(
  'one',
  'clusters: [{name: c, cluster: {server: https://one}}]\nusers: [{name: u, user: {token: t}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x',
);
const other = file(
  'two',
  'clusters: [{name: c, cluster: {server: https://two}}, {name: c-2}]\nusers: [{name: u, user: {token: t}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x',
);

describe('gatherKubeconfigs', () => {
  it('takes the same entry twice for one, and names what differs', () => {
    expect(gatherKubeconfigs([mine, mine], false).conflicts).toEqual([]);
    const { config, conflicts } = gatherKubeconfigs([mine, other], false);
    // The context is the same in both: it says c and u.
    expect(conflicts).toEqual([{ kind: 'cluster', name: 'c', first: 'one', second: 'two', renamed: 'c-3' }]);
    expect(config.clusters.map(({ name, cluster }) => [name, cluster.server])).toEqual([
      ['c', 'https://one'],
      ['c-2', ''],
    ]);
  });

  it('gives the second another name, and whoever names it follows', () => {
    const { config, conflicts } = gatherKubeconfigs([mine, other], true);
    expect(conflicts.map(({ kind, renamed }) => [kind, renamed])).toEqual([
      ['cluster', 'c-3'],
      ['context', 'x-2'],
    ]);
    expect(config.contexts.map(({ name, context }) => [name, context.cluster, context.user])).toEqual([
      ['x', 'c', 'u'],
      ['x-2', 'c-3', 'u'],
    ]);
    expect(config.currentContext).toBe('x');
  });

  it('resolves paths before it compares: one name, two places', () => {
    const text = 'clusters: [{name: c, cluster: {certificate-authority: ca.crt}}]';
    const { config, conflicts } = gatherKubeconfigs([file('one', text), file('two', text)], true);
    expect(conflicts).toHaveLength(1);
    expect(config.clusters.map(({ cluster }) => cluster.certificateAuthority)).toEqual([
      '/one/ca.crt',
      '/two/ca.crt',
    ]);
    const seen = relativePaths(config, '/one').clusters.map(({ cluster }) => cluster.certificateAuthority);
    expect(seen).toEqual(['ca.crt', '/two/ca.crt']);
  });
});

describe('extractMaterial', () => {
  it('refuses what would be ambiguous, or would meet in one file', () => {
    const both = parseKubeconfig('users: [{name: u, user: {client-key: k, client-key-data: QQ==}}]');
    expect(() => extractMaterial(both, '')).toThrow('u has both a path and data');
    const meet = parseKubeconfig(
      'users: [{name: a/b, user: {client-key-data: QQ==}}, {name: a:b, user: {client-key-data: QQ==}}]',
    );
    expect(() => extractMaterial(meet, '')).toThrow('two entries would both be written to a_b.key');
  });

  it.each([
    ['admin@prod', 'admin@prod'],
    ['arn:aws:eks:eu/x', 'arn_aws_eks_eu_x'],
    ['../../etc/passwd', '_._.._etc_passwd'],
    ['..', '_.'],
    ['-rf', '_rf'],
    ['', '_'],
    ['a\nb', 'a_b'],
    ['é', 'é'],
  ])('names a file that is one everywhere: %j', (name, wanted) => {
    expect(fileName(name)).toBe(wanted);
    expect(fileName(name)).not.toMatch(/[/\\:]/);
  });
});
