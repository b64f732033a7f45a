import { beforeAll, describe, expect, it } from 'vitest';
import { recordedConsole } from '../../../test/support/recorded-console.ts';
import { clusterOf } from '../../../test/support/small-cluster.ts';
import { MINUTE } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { type Held, type Holding, holdingsOf } from '../../trust/index.ts';
import { memoryJson, memoryLine, printMemory } from './memory-view.ts';

let cluster: Cluster;
let holdings: readonly Holding[];
beforeAll(() => {
  const workers = Array.from({ length: 40 }, (_, i) => ({ name: `w-${i}`, addresses: [`10.1.0.${i + 1}`] }));
  cluster = clusterOf({
    nodes: [{ name: 'master', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] }, ...workers],
  });
  holdings = holdingsOf(cluster);
});

const held = (change: Partial<Held>, from = holdingOf('kube-apiserver', 'etcd-anchors')): Held => ({
  ...from,
  state: 'fresh',
  by: 'start',
  text: 'started after it was last changed',
  remedy: undefined,
  onDisk: true,
  comparedWith: 'on disk',
  ...change,
});
function holdingOf(component: string, role: string): Holding {
  const found = holdings.find((one) => one.component === component && one.role === role);
  if (!found) throw new Error(`no ${component} ${role}`);
  return found;
}
const OLD: Partial<Held> = {
  state: 'stale',
  text: 'started at A, before it was changed at B',
  remedy: { kind: 'restart' },
};
function shown(memory: readonly Held[], verbose = false): string {
  const { console, text } = recordedConsole({ verbose });
  printMemory(console, memory, { cluster, state: '/state' });
  console.print(memoryLine(console, memory));
  return text();
}

describe('what programs hold in memory, for people', () => {
  it('is one line when all is in order', () => {
    const all = holdings.map((one) => held({}, one));
    expect(shown(all)).toBe(`In memory: ${all.length} of ${all.length} files as they stand, 0 old.`);
  });

  it('names the program, the file, what was seen, and the command', () => {
    expect(shown([held(OLD)])).toBe(
      [
        '✗ old in memory kube-apiserver@master: etc/kubernetes/pki/etcd-ca.crt, whom it takes for etcd: it started at A, before it was changed at B',
        "  ssh root@10.0.0.10 'systemctl restart kube-apiserver'",
        'In memory: 0 of 1 file as they stand, 1 old.',
      ].join('\n'),
    );
  });

  it('says where it was the copy in the state that the program was held against, and never where its disk was', () => {
    const copy = { onDisk: false, comparedWith: 'in the state' } as const;
    const name = /etc\/kubernetes\/pki\/etcd-ca\.crt in the state, whom it takes for etcd: it /;
    expect(shown([held({ ...OLD, ...copy })])).toMatch(name);
    expect(shown([held(copy)], true)).toMatch(name);
    // Its disk was seen, and one of its files was not on it.
    expect(shown([held({ ...OLD, onDisk: false })])).not.toContain('in the state');
  });

  it('brings a file to its node first where only the state has it', () => {
    const lines = shown([held({ ...OLD, onDisk: false })]).split('\n');
    expect(lines[1]).toMatch(
      /^ {2}\(cd \/state\/nodes\/master && rsync .*etcd-ca\.crt root@10\.0\.0\.10:\/\)$/,
    );
    expect(lines[2]).toContain('systemctl restart kube-apiserver');
  });

  it('says when nothing need be done, and when nothing may be', () => {
    const waits = held({ ...OLD, remedy: { kind: 'wait', within: MINUTE } });
    expect(shown([waits])).toContain('it reads it again by itself within 60 seconds of the change');
    const broken = shown([held({ ...OLD, remedy: { kind: 'mend' } })]);
    expect(broken).toContain('mend the file first');
    expect(broken).not.toContain('restart kube-apiserver');
  });

  it('folds what is unknown by its reason', () => {
    const kubelets = holdings.filter(
      ({ component, role }) => component === 'kubelet' && role === 'kubeconfig',
    );
    const unknown = kubelets.map((one) => held({ state: 'unknown', by: undefined, text: 'no disk' }, one));
    const one = held({ state: 'unknown', by: undefined, text: 'Forbidden' });
    const text = shown([...unknown, one]);
    expect(text).toContain('? unknown 41 files of kubelet on 41 nodes: no disk\n');
    expect(text).toContain('? unknown kube-apiserver@master: etc/kubernetes/pki/etcd-ca.crt, whom');
    expect(text).toContain('In memory: 0 of 42 files as they stand, 0 old, 42 unknown.');
  });

  it('shows some of many, and each with -v', () => {
    const old = holdings.filter(({ role }) => role === 'kubeconfig').map((one) => held(OLD, one));
    expect(shown(old).match(/old in memory/g)).toHaveLength(20);
    expect(shown(old)).toContain(`and ${old.length - 20} more old files (-v shows each)`);
    expect(shown(old, true).match(/old in memory/g)).toHaveLength(old.length);
    expect(shown([held({})], true)).toContain('✓ fresh kube-apiserver@master');
  });

  it('escapes what comes from elsewhere', () => {
    const evil = 'says \u001b[2J\u202e';
    const text = shown([held({ ...OLD, text: evil }), held({ state: 'unknown', by: undefined, text: evil })]);
    // oxlint-disable-next-line no-control-regex -- none of them may get through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

it('as JSON has what is printed, with commands only where they help', () => {
  const rows = [held(OLD), held({ ...OLD, remedy: { kind: 'wait', within: MINUTE } }), held({})];
  expect(memoryJson(rows, { cluster, state: '/state' })).toEqual([
    expect.objectContaining({
      process: 'kube-apiserver@master',
      state: 'stale',
      remedy: {
        kind: 'restart',
        within: null,
        commands: ["ssh root@10.0.0.10 'systemctl restart kube-apiserver'"],
      },
    }),
    expect.objectContaining({ remedy: { kind: 'wait', within: 60, commands: [] } }),
    expect.objectContaining({ state: 'fresh', by: 'start', remedy: null }),
  ]);
});
