import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterSpec } from '../../cluster/index.ts';
import { KubetlsError } from '../../base/index.ts';
import { codeOf } from '../contract.ts';
import { directoryHost } from '../directory/index.ts';
import { memoryHost } from '../memory.ts';
import { temporaryTree } from '../tree.fixture.ts';
import type { Ran } from '../types.ts';
import { hostRestarter } from './index.ts';
import { putBackManifests, type StaticPodPlaces } from './static-pod.ts';

const SERVICES: ClusterSpec['services'] = {
  'kube-apiserver': { kind: 'static-pod' },
  etcd: { kind: 'systemd', unit: 'etcd@main' },
  kubelet: { kind: 'command', command: ['/bin/restart', "it's"] },
  'kube-scheduler': { kind: 'static-pod' },
  'kube-controller-manager': { kind: 'static-pod' },
  'kube-proxy': { kind: 'none' },
  'aggregated-apiserver': { kind: 'none' },
};

describe('units and commands', () => {
  const asked: (readonly string[])[] = [];
  const answering = (answer: Ran) =>
    hostRestarter(
      memoryHost(new Map(), {
        answer: (command) => {
          asked.push(command);
          return answer;
        },
      }),
      SERVICES,
    );

  it('are run as they are said, and described', async () => {
    const restarter = answering({ status: 0, stdout: '', stderr: '' });
    for (const component of ['etcd', 'kubelet', 'kube-proxy'] as const) await restarter.restart(component);
    expect(asked).toEqual([
      ['systemctl', 'restart', '--', 'etcd@main'],
      ['/bin/restart', "it's"],
    ]);
    const described = ['etcd', 'kubelet', 'kube-apiserver', 'kube-proxy'] as const;
    expect(described.map((component) => restarter.describe(component))).toEqual([
      'systemctl restart etcd@main',
      "/bin/restart it's",
      'static pod kube-apiserver',
      'kube-proxy is not restarted',
    ]);
  });

  it('that fail say why, and what to type', async () => {
    const restarter = answering({ status: 5, stdout: '', stderr: 'Failed: Unit \u001b[2Jx not found.\n' });
    const error: unknown = await restarter.restart('etcd').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubetlsError);
    expect(error).toMatchObject({
      code: 'hosts/command',
      message: 'restarting etcd ended with status 5: Failed: Unit \\x1b[2Jx not found.',
      hint: 'see why on the node: systemctl status etcd@main; journalctl -u etcd@main',
    });
  });

  it('do not run where no command does', async () => {
    for (const component of ['etcd', 'kubelet', 'kube-apiserver'] as const)
      expect(await codeOf(hostRestarter(memoryHost(), SERVICES).restart(component))).toBe(
        'hosts/no-commands',
      );
  });
});

/**
 * A kubelet as far as static pods go, on a tree of its own: it looks at the manifests, ends what has none after a
 * while, and starts what has one under a new number. What runs is an entry of its own /proc.
 */
function fakeKubelet(at: (path: string) => string, { stops = 200, starts = 100 } = {}) {
  fs.mkdirSync(at('manifests'));
  fs.mkdirSync(at('proc'));
  let next = 100;
  const running = new Map<string, number>();
  const pending = new Set<NodeJS.Timeout>();
  const later = (delay: number, work: () => void): void => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      work();
    }, delay);
    pending.add(timer);
  };
  const busy = new Set<string>();
  const started: string[] = [];
  const look = (): void => {
    const wanted = new Set(
      fs
        .readdirSync(at('manifests'))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => name.slice(0, -'.yaml'.length)),
    );
    for (const name of new Set([...wanted, ...running.keys()])) {
      if (busy.has(name) || wanted.has(name) === running.has(name)) continue;
      busy.add(name);
      later(running.has(name) ? stops : starts, () => {
        busy.delete(name);
        const pid = running.get(name);
        if (pid === undefined) {
          running.set(name, ++next);
          fs.mkdirSync(at(`proc/${next}`));
          fs.writeFileSync(at(`proc/${next}/comm`), `${name.slice(0, 15)}\n`);
          started.push(name);
        } else {
          running.delete(name);
          fs.rmSync(at(`proc/${pid}`), { recursive: true });
        }
      });
    }
  };
  const ticker = setInterval(look, 20);
  return {
    running,
    started,
    stop: (): void => {
      clearInterval(ticker);
      for (const timer of pending) clearTimeout(timer);
    },
  };
}

describe('static pods', () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const clean of cleanups.splice(0).reverse()) clean();
  });

  function node(speed?: { readonly stops?: number; readonly starts?: number }, backoff = 0) {
    const tree = temporaryTree();
    const { at } = tree;
    const kubelet = fakeKubelet(at, speed);
    const staticPods: StaticPodPlaces = {
      manifests: at('manifests'),
      parked: at('parked'),
      processes: at('proc'),
      quiet: 1,
      backoff,
    };
    const restarter = hostRestarter(directoryHost('/'), SERVICES, { patience: 3_000, staticPods });
    cleanups.push(tree.clear, kubelet.stop);
    return { ...tree, kubelet, staticPods, restarter };
  }

  async function until(what: () => boolean): Promise<void> {
    for (let i = 0; i < 400 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(what()).toBe(true);
  }

  it('are gone and started anew when it returns, with the same manifest, and the others untouched', async () => {
    const { seed, look, list, kubelet, restarter } = node();
    seed('manifests/kube-controller-manager.yaml', 'kind: Pod', 0o600);
    seed('manifests/etcd.yaml', 'kind: Pod');
    await until(() => kubelet.running.size === 2);
    const before = new Map(kubelet.running);
    await restarter.restart('kube-controller-manager');
    expect(kubelet.running.get('kube-controller-manager')).not.toBe(before.get('kube-controller-manager'));
    expect(kubelet.running.get('etcd')).toBe(before.get('etcd'));
    expect(look('manifests/kube-controller-manager.yaml')).toBe('600 kind: Pod');
    expect(list().filter((path) => path.startsWith('parked'))).toEqual([]);
  });

  it('that did not run are given a while to be forgotten, then started', async () => {
    const { seed, kubelet, restarter, staticPods } = node({ starts: 1_500 });
    seed('manifests/kube-apiserver.yaml', 'x');
    await restarter.restart('kube-apiserver');
    expect(kubelet.running.has('kube-apiserver')).toBe(true);
    expect(staticPods.quiet).toBe(1);
  });

  it('that have ended again and again are waited for as long as the kubelet lets them wait', async () => {
    const { seed, kubelet, restarter } = node({ starts: 4_500 }, 10);
    seed('manifests/kube-apiserver.yaml', 'x');
    await until(() => kubelet.running.size === 1);
    const before = kubelet.running.get('kube-apiserver');
    await restarter.restart('kube-apiserver');
    expect(kubelet.running.get('kube-apiserver')).not.toBe(before);
  });

  it('without a manifest are refused', async () => {
    const { restarter, list } = node();
    await expect(restarter.restart('kube-apiserver')).rejects.toThrow(/there is no .*kube-apiserver.yaml/);
    expect(list()).toEqual([]);
  });

  it.each([
    ['do not stop', { stops: 60_000 }, /kube-apiserver did not stop within 3 s/],
    ['do not start again', { starts: 0, stops: 0 }, /kube-apiserver did not start within 3 s/],
  ])('that %s: said, and the manifest stands again', async (_, speed, message) => {
    const { seed, look, kubelet, restarter } = node(speed);
    seed('manifests/kube-apiserver.yaml', 'x');
    await until(() => kubelet.running.size === 1);
    const restarted = restarter.restart('kube-apiserver');
    if (speed.stops === 0) {
      // From its end on the kubelet is dead.
      void until(() => kubelet.running.size === 0).then(kubelet.stop, () => undefined);
    }
    await expect(restarted).rejects.toThrow(message);
    expect(look('manifests/kube-apiserver.yaml')).toBe('644 x');
  });

  it('interrupted by a signal put the manifest back themselves', async () => {
    const { seed, look, at, kubelet, staticPods } = node({ stops: 60_000 });
    seed('manifests/kube-apiserver.yaml', 'x');
    await until(() => kubelet.running.size === 1);
    let child: ChildProcess | undefined;
    const host = memoryHost(new Map(), {
      answer: ([program = '', ...words]) =>
        new Promise((resolve) => {
          child = spawn(program, words, { stdio: 'ignore' });
          child.once('close', (code) => resolve({ status: code ?? 0, stdout: '', stderr: '' }));
        }),
    });
    const restarted = codeOf(hostRestarter(host, SERVICES, { staticPods }).restart('kube-apiserver'));
    await until(() => fs.existsSync(at('parked/kube-apiserver.yaml')));
    expect(look('manifests/kube-apiserver.yaml')).toBeUndefined();
    child?.kill('SIGTERM');
    expect(await restarted).toBe('hosts/command');
    expect(look('manifests/kube-apiserver.yaml')).toBe('644 x');
  });

  it('killed outright are put back by the next run, by itself or by the next restart', async () => {
    for (const way of ['put back', 'restart'] as const) {
      const { seed, look, list, kubelet, restarter, staticPods } = node();
      seed('parked/kube-apiserver.yaml', 'x', 0o600);
      if (way === 'restart') {
        await restarter.restart('kube-apiserver');
        expect(kubelet.running.has('kube-apiserver')).toBe(true);
      } else {
        const host = directoryHost('/');
        expect(await putBackManifests(host, staticPods)).toEqual(['kube-apiserver']);
        expect(await putBackManifests(host, staticPods)).toEqual([]);
      }
      expect(look('manifests/kube-apiserver.yaml')).toBe('600 x');
      expect(list().filter((path) => path.startsWith('parked'))).toEqual([]);
    }
  });

  it('a manifest that somebody has written anew meanwhile is never replaced by the old one', async () => {
    const { seed, look, restarter, staticPods } = node();
    seed('parked/kube-apiserver.yaml', 'old');
    seed('manifests/kube-apiserver.yaml', 'theirs');
    expect(await putBackManifests(directoryHost('/'), staticPods)).toEqual([]);
    await restarter.restart('kube-apiserver');
    expect(look('manifests/kube-apiserver.yaml')).toBe('644 theirs');
    expect(look('parked/kube-apiserver.yaml.replaced')).toBe('644 old');
  });

  it('are seen by crictl where there is one', async () => {
    const { seed, at, kubelet, restarter } = node();
    // It knows containers by the same numbers, and other processes are nobody.
    seed(
      'bin/crictl',
      `#!/bin/sh\necho "$@" >>${at('asked')}\nfor f in ${at('proc')}/*/comm; do f=\${f%/comm}; echo "c\${f##*/}"; done 2>/dev/null | grep -v '\\*'\nexit 0`,
      0o755,
    );
    const path = process.env['PATH'];
    process.env['PATH'] = `${at('bin')}:${path}`;
    cleanups.push(() => {
      process.env['PATH'] = path;
    });
    seed('manifests/kube-apiserver.yaml', 'x');
    await until(() => kubelet.running.size === 1);
    await restarter.restart('kube-apiserver');
    expect(kubelet.started).toEqual(['kube-apiserver', 'kube-apiserver']);
    expect(fs.readFileSync(at('asked'), 'utf8')).toContain('ps --quiet --name ^kube-apiserver$\n');
  });
});
