// What a kubetls.yaml may not say, each with its place.
import { describe, expect, it } from 'vitest';
import { parseSpec } from './parse.ts';
import { file, problemsOf } from './parse.fixture.ts';

describe('what is wrong is told all at once, each at its place', () => {
  it('shape, words, values, and what cannot be together', () => {
    const text = `apiVersion: kubetls/v2
metadata: { nmae: demo }
spec:
  profil: flat
  profile: kubadm
  kubernetes: 1.38
  keys: [rsa-2048]
  nodes:
    - { name: Master, roles: [master], addresses: [10.0.0.1, 10.0.0.300] }
    - { name: b, addresses: ["10.0.0.1"] }
    - name: b
      addresses: []
nodes: []
`;
    expect(problemsOf(text)).toEqual([
      '1:13 word: apiVersion cannot be "kubetls/v2" (did you mean "kubetls/v1"?)',
      '2:11 missing: name is missing',
      '2:13 unknown-key: unknown key "nmae" (did you mean "name"?)',
      '4:3 unknown-key: unknown key "profil" (did you mean "profile"?)',
      '5:12 word: profile cannot be "kubadm" (did you mean "kubeadm"?)',
      '6:15 value: Kubernetes 1.38 is not known (kubetls knows 1.31 to 1.37; a newer kubetls may know more)',
      '7:9 type: keys must be a map of keys, not a list',
      '9:5 no-control-plane: no node is a control plane (give one node the role control-plane)',
      '9:5 no-etcd: no node is an etcd member (give the role etcd to the control-plane nodes, or to nodes of its own)',
      '9:15 value: "Master" is no node name (RFC 1123 subdomain) (write "master")',
      '9:31 word: roles[0] cannot be "master" (one of: control-plane, etcd, worker)',
      '9:62 value: "10.0.0.300" is no IP address or DNS name',
      '10:30 duplicate: 10.0.0.1 is spec.nodes[0].addresses[0] already',
      '11:13 duplicate: b is spec.nodes[1].name already',
      '12:18 no-address: node b has no address',
      '13:1 unknown-key: unknown key "nodes" (it belongs to spec)',
    ]);
  });

  it('one problem is the error itself', () => {
    try {
      parseSpec(file('dnsDomain: Cluster.Local.'), 'dir/kubetls.yaml');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'cluster/spec-value',
        message: '"Cluster.Local." is no DNS domain (RFC 1123 subdomain)',
        hint: 'write "cluster.local"',
        where: { file: 'dir/kubetls.yaml', line: 4, column: 14, path: 'spec.dnsDomain' },
      });
    }
  });

  it('several are counted in the message, and the first one gives the place', () => {
    const text = file('profile: x', 'dnsDomain: _');
    expect(() => parseSpec(text, 'kubetls.yaml')).toThrow('kubetls.yaml has 2 problems');
  });
});

describe('refused, with place and hint', () => {
  const refusals: readonly (readonly [string, string])[] = [
    ['kubernetes: 1.30', '4:15 value: Kubernetes 1.30 is not known (kubetls knows 1.31 to 1.37)'],
    ['kubernetes: v1.37.2', '4:15 value: "v1.37.2" is no Kubernetes version (write "1.37")'],
    ['endpoint: fd00::1', '4:13 value: "fd00::1" has no port (write "[fd00::1]:6443")'],
    ['endpoint: "api:0"', '4:13 value: 0 is no port (1 to 65535)'],
    [
      'endpoint: https://api:6443',
      '4:13 value: "https://api:6443" is no host and port (such as kube-apiserver:6443 or "[fd00::1]:6443")',
    ],
    ['serviceSubnet: 10.96.0.0', '4:18 subnet: "10.96.0.0" is no CIDR (such as 10.96.0.0/12)'],
    [
      'serviceSubnet: 10.96.0.1/12',
      '4:18 subnet: 10.96.0.1/12 is an address in a subnet (write 10.96.0.0/12)',
    ],
    [
      'serviceSubnet: 10.96.0.0/29',
      '4:18 subnet: 10.96.0.0/29 has only 8 addresses (kubeadm wants ten at least)',
    ],
    [
      'serviceSubnet: 10.0.0.0/8',
      '4:18 subnet: 10.0.0.0/8 is too large for kube-apiserver (/12 is the widest)',
    ],
    [
      'serviceSubnet: fd00::/64',
      '4:18 subnet: fd00::/64 is too large for kube-apiserver (/108 is the widest)',
    ],
    [
      'serviceSubnet: "10.0.0.0/16,10.1.0.0/16"',
      '4:18 subnet: "10.0.0.0/16,10.1.0.0/16" does not have one CIDR a family (one CIDR, or one of IPv4 and one of IPv6)',
    ],
    [
      'keys: { algorithm: rsa-1024 }',
      '4:22 word: algorithm cannot be "rsa-1024" (one of: rsa-2048, rsa-3072, rsa-4096, ecdsa-p256, ecdsa-p384, ecdsa-p521, ed25519)',
    ],
    ['lifetimes: { certificate: 9m }', '4:29 lifetime: 9m is shorter than 10m'],
    [
      'lifetimes: { certificate: 1 year }',
      '4:29 value: "1 year" is no duration (such as 10y, 90d, 36h, 10m or 1d12h; a year has 365 days)',
    ],
    ['lifetimes: { authority: 101y }', '4:27 lifetime: 101y is longer than 100y'],
    [
      'lifetimes: { certificate: 11y }',
      '4:29 lifetime: certificates would outlive their authority (a certificate ends with its issuer)',
    ],
    [
      'lifetimes: { authority: 30d }',
      '4:27 lifetime: certificates would outlive their authority (a certificate ends with its issuer)',
    ],
    [
      'lifetimes: { renewBefore: 365d }',
      "4:29 lifetime: renewBefore is not shorter than a certificate's life (1y) (it would be renewed without end)",
    ],
    [
      'lifetimes: { renewBefore: 0d }',
      '4:29 value: "0d" is no duration (such as 10y, 90d, 36h, 10m or 1d12h; a year has 365 days)',
    ],
    [
      'sans: { kube-apiserver: [a.test, b_c] }',
      '4:36 value: "b_c" is no IP address, DNS name or wildcard name',
    ],
    [
      'sans: { kube-apiserver: [a.*.test] }',
      '4:28 value: "a.*.test" is no IP address, DNS name or wildcard name',
    ],
    [
      'sans: { etcd: ["*.ETCD.test."] }',
      '4:18 value: "*.ETCD.test." is no IP address, DNS name or wildcard name (write "*.etcd.test")',
    ],
    [
      'sans: { apiserver: [a] }',
      '4:11 unknown-key: unknown key "apiserver" (did you mean "kube-apiserver"?)',
    ],
    [
      'users: [{ name: "system:admin" }]',
      `4:19 user: "system:admin" is a component's name (names that start with "system:" belong to components; pick another, and give it groups)`,
    ],
    ['users: [{ name: kubelet }]', `4:19 user: "kubelet" is a component's name (pick another)`],
    [
      'users: [{ name: ../etc }]',
      '4:19 user: "../etc" is no user name (letters, digits, "-", ".", "_", "@" and "+", 63 at most)',
    ],
    ['users: [{ name: ca }]', `4:19 user: "ca" is the name of the authority's file (pick another)`],
    ['users: [{ name: jane }, { name: Jane }]', '4:35 duplicate: jane is spec.users[0].name already'],
    [
      'users: [{ name: jane, groups: [""] }]',
      '4:34 value: "" is no group name (printable text without spaces at its ends)',
    ],
    ['users: jane', '4:10 type: users must be a list, not text'],
    ['users: [jane]', '4:11 type: users[0] must be a map of keys, not text'],
    ['profile: [flat]', '4:12 type: profile must be text, not a list'],
    ['dnsDomain: a.test\n  dnsDomain: b.test', '5:3 duplicate-key: "dnsDomain" stands here a second time'],
    [
      '__proto__: { profile: kubeadm }',
      '4:3 unknown-key: unknown key "__proto__" (known here: profile, kubernetes, endpoint, dnsDomain, serviceSubnet, keys, lifetimes, authorities, clients, kubelets, admins, groups, nodes, sans, users, services)',
    ],
    ['sans: { etcd: *nowhere }', '4:17 yaml: there is no &nowhere before this alias'],
    ['kubernetes: !!float 1.31', '4:15 yaml: Unresolved tag: tag:yaml.org,2002:float'],
    [
      'dnsDomain: [a',
      '4:16 yaml: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ];
  for (const [line, problem] of refusals) {
    it(line.replace(/\s+/g, ' '), () => expect(problemsOf(file(line))).toEqual([problem]));
  }

  const nodes: readonly (readonly [string, string])[] = [
    ['{ name: w }', '4:7 missing: addresses is missing'],
    ['{ name: w, addresses: [] }', '4:29 no-address: node w has no address'],
    ['{ name: w, addresses: [0.0.0.0] }', '4:30 value: 0.0.0.0 is no address of a host'],
    ['{ name: w, addresses: [fe80::1%eth0] }', '4:30 value: "fe80::1%eth0" is no IP address or DNS name'],
    [
      '{ name: e, roles: [etcd], addresses: [e.test] }',
      '4:44 no-address: node e has no IP address, which the role etcd needs (add the IP address that it listens on)',
    ],
    [
      '{ name: w, roles: [worker, worker], addresses: [10.0.0.9] }',
      '4:34 duplicate: worker is spec.nodes[1].roles[0] already',
    ],
    [
      '{ name: w, addresses: [10.0.0.9, "::ffff:10.0.0.9"] }',
      '4:40 duplicate: ::ffff:10.0.0.9 is spec.nodes[1].addresses[0] already',
    ],
    ['{ name: w, addresses: [m] }', '4:30 duplicate: m is spec.nodes[0].name already'],
    [
      '{ name: w/../m, addresses: [10.0.0.9] }',
      '4:15 value: "w/../m" is no node name (RFC 1123 subdomain) (lower-case letters, digits and "-", in labels joined by ".")',
    ],
    [
      '{ name: w, role: worker, addresses: [10.0.0.9] }',
      '4:18 unknown-key: unknown key "role" (did you mean "roles"?)',
    ],
  ];
  for (const [node, problem] of nodes) {
    it(`a node ${node}`, () => {
      const text = `metadata: { name: demo }\nspec: { nodes: [\n      { name: m, roles: [control-plane, etcd], addresses: [10.0.0.10] },\n      ${node}] }`;
      expect(problemsOf(text)).toEqual([problem]);
    });
  }

  const notKubeadm: readonly (readonly [string, string])[] = [
    [
      'keys: { algorithm: ed25519 }',
      '5:22 algorithm: kubeadm cannot load ed25519 keys ("the private key file ... is neither in RSA nor ECDSA format") (one of: rsa-2048, rsa-3072, rsa-4096, ecdsa-p256, ecdsa-p384)',
    ],
    [
      'keys: { algorithm: ecdsa-p521 }',
      '5:22 algorithm: kubeadm does not know ecdsa-p521 (one of: rsa-2048, rsa-3072, rsa-4096, ecdsa-p256, ecdsa-p384)',
    ],
    [
      'keys: { algorithm: ecdsa-p384 }\n  kubernetes: 1.33',
      '5:22 algorithm: kubeadm knows ecdsa-p384 since 1.34 (one of: rsa-2048, rsa-3072, rsa-4096, ecdsa-p256)',
    ],
    [
      'authorities: { etcd: shared }',
      '5:24 not-kubeadm: kubeadm always gives etcd an authority of its own (leave it "separate", or use the profile flat)',
    ],
    [
      'clients: { apiserver-kubelet: reuse-server }',
      '5:33 not-kubeadm: kubeadm always makes a client pair for apiserver-kubelet (leave it "own", or use the profile flat)',
    ],
    [
      'users: [{ name: kubernetes-admin }]',
      "5:19 user: kubernetes-admin is the name of kubeadm's own administrator (pick another)",
    ],
  ];
  for (const [line, problem] of notKubeadm) {
    it(`kubeadm and ${line.replace(/\s+/g, ' ')}`, () =>
      expect(problemsOf(file('profile: kubeadm', line))).toEqual([problem]));
  }
});
