import { delimiter } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeCluster, parseSpec } from '../../cluster/index.ts';
import { fakeSsh } from '../../hosts/ssh/fake-ssh.fixture.ts';
import { closeMachines, openMachines } from './machines.ts';

const { PATH } = process.env;
let fake: ReturnType<typeof fakeSsh>;
beforeEach(() => {
  fake = fakeSsh();
  const said = `for remote in "$@"; do :; done; printf '%s\\n' "$remote" >>'${fake.directory}/said'; exit 255`;
  process.env.PATH = [fake.tools({ ssh: said }), PATH].join(delimiter);
});
afterEach(() => {
  process.env.PATH = PATH;
  fake.remove();
});

it('comes as who the file says, and becomes root where it says so', async () => {
  const text = `metadata: { name: demo }
spec:
  nodes:
    - { name: m, roles: [control-plane, etcd], addresses: [10.0.0.10], host: "ssh://root@m" }
    - { name: w, addresses: [10.0.0.11], host: "ssh://core@w", become: sudo }
    - { name: x, addresses: [10.0.0.12] }
`;
  const machines = openMachines(describeCluster(parseSpec(text, 'f')));
  expect([...machines.keys()]).toEqual(['m', 'w']);
  for (const { host } of machines.values()) await expect(host.read(['etc/hostname'])).rejects.toThrow();
  await closeMachines(machines);
  const asked = fake
    .read('said')
    .split('\n')
    .filter((line) => line.startsWith('exec '));
  expect(asked).toEqual([`exec sh -c 'eval "$(cat)"'`, `exec sudo -n sh -c 'eval "$(cat)"'`]);
});
