import { describe, expect, it } from 'vitest';
import { parseSpec } from './parse.ts';
import { SpecError } from './problems.ts';

const file = (services: string, profile = 'flat', host = '') => `metadata: { name: demo }
spec:
  profile: ${profile}
  nodes: [{ name: m, roles: [control-plane, etcd], addresses: [10.0.0.10]${host} }]
  services: ${services}
`;

const problems = (text: string): string[] => {
  try {
    parseSpec(text, 'f');
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(
      ({ message, where, hint }) => `${where?.line}:${where?.column} ${where?.path}: ${message} | ${hint}`,
    );
  }
  return [];
};

describe('nodes[].become', () => {
  it('is for who comes by ssh', () => {
    const { nodes } = parseSpec(file('{}', 'flat', ', host: "ssh://core@m", become: sudo'), 'f');
    expect(nodes[0]).toMatchObject({ host: 'ssh://core@m', become: 'sudo' });
    expect(parseSpec(file('{}'), 'f').nodes[0]).not.toHaveProperty('become');
  });

  it.each([
    [', host: /, become: sudo', /spec.nodes\[0\].become: become: sudo needs a host that is reached by ssh/],
    [', become: sudo', /needs a host that is reached by ssh \| host: ssh:\/\/user@host/],
    [', host: "ssh://core@m", become: doas', /become cannot be "doas"|must be "sudo"/],
    [', host: "ssh://core@m", becomes: sudo', /unknown key "becomes" \| did you mean "become"\?/],
  ])('not %s', (text, message) => {
    expect(problems(file('{}', 'flat', text)).join('\n')).toMatch(message);
  });
});

describe('spec.services', () => {
  it('has the profile’s where the file says nothing', () => {
    const { services } = parseSpec(file('{}', 'kubeadm'), 'f');
    const kinds = Object.entries(services).map(([component, { kind }]) => `${component} ${kind}`);
    expect(kinds).toEqual([
      'kube-apiserver static-pod',
      'etcd static-pod',
      'kubelet systemd',
      'kube-scheduler static-pod',
      'kube-controller-manager static-pod',
      'kube-proxy none',
      'aggregated-apiserver none',
    ]);
  });

  it('takes words, units and commands', () => {
    const text = `{ etcd: { systemd: etcd@main.service }, kubelet: { command: [/bin/x, -r, it's] }, kube-proxy: systemd, kube-scheduler: none }`;
    expect(parseSpec(file(text, 'kubeadm'), 'f').services).toMatchObject({
      etcd: { kind: 'systemd', unit: 'etcd@main.service' },
      kubelet: { kind: 'command', command: ['/bin/x', '-r', "it's"] },
      'kube-proxy': { kind: 'systemd', unit: 'kube-proxy' },
      'kube-scheduler': { kind: 'none' },
      'kube-apiserver': { kind: 'static-pod' },
    });
  });

  it.each([
    ['{ kubelt: systemd }', /^5:15 spec.services.kubelt: unknown key "kubelt" \| did you mean "kubelet"\?$/],
    ['{ kubelet: sytemd }', /^5:24 .*kubelet cannot be "sytemd" \| did you mean "systemd"\?$/],
    ['{ kubelet: static-pod }', /^5:24 .*kubelet is no static pod \|/],
    ['{ kube-proxy: static-pod }', /kube-proxy is no static pod/],
    ['{ kubelet: [systemd] }', /^5:24 .*must be a map of keys, not a list/],
    ['{ kubelet: { unit: x } }', /^5:26 .*unknown key "unit"/],
    ['{ kubelet: {} }', /^5:24 .*kubelet says nothing/],
    ['{ kubelet: { systemd: a, command: [b] } }', /^5:24 .*kubelet says both/],
    ['{ kubelet: { command: [] } }', /^5:35 .*the command is empty/],
    ['{ kubelet: { command: reboot } }', /command must be a list, not text/],
    ['{ kubelet: { command: [{ a: b }] } }', /must be text/],
    ['{ kubelet: { systemd: "-H x" } }', /"-H x" is no systemd unit/],
    ['{ kubelet: { systemd: "a b" } }', /"a b" is no systemd unit/],
    ['{ kubelet: { systemd: "$(id)" } }', /is no systemd unit/],
    ['{ kubelet: { command: ["a\\nb"] } }', /is no word of a command/],
    [`{ kubelet: { command: [${'a,'.repeat(101)}] } }`, /command has 101 entries, 100 at most/],
    ['[systemd]', /must be a map of keys, not a list/],
    ['systemd', /must be a map of keys, not text/],
  ])('refuses %s', (services, problem) => {
    const found = problems(file(services));
    expect(found.length).toBeGreaterThan(0);
    expect(
      found.some((text) => problem.test(text)),
      found.join('\n'),
    ).toBe(true);
  });

  it('says all that is wrong at once, in its place', () => {
    const text = `\n    kubelet: static-pod\n    etcd: { systemd: -x }\n    kube-proxy: never`;
    expect(problems(file(text)).map((problem) => problem.split(' ')[0])).toEqual(['6:14', '7:22', '8:17']);
  });
});

describe('nodes[].host', () => {
  it('is kept as it is said', () => {
    const spec = parseSpec(file('{}', 'flat', ', host: "ssh://root@10.0.0.10:2222"'), 'f');
    expect(spec.nodes[0]?.host).toBe('ssh://root@10.0.0.10:2222');
    expect(parseSpec(file('{}'), 'f').nodes[0]).not.toHaveProperty('host');
  });

  it('is refused with its place', () => {
    expect(problems(file('{}', 'flat', ', host: "ssh://-oProxyCommand=x"'))).toEqual([
      '4:82 spec.nodes[0].host: "-oProxyCommand=x" is no host of ssh | an absolute directory, or ssh://user@host:port',
    ]);
    expect(problems(file('{}', 'flat', ', hosts: /'))[0]).toContain('did you mean "host"?');
  });
});
