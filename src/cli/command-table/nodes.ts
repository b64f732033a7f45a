/** The rows of what works on a cluster that runs, or ran. */
import type { CommandSpec } from '../command.ts';
import { acceptBreak, connect, overwrite } from './options.ts';

export const renew: CommandSpec = {
  name: 'renew',
  summary:
    'leaf certificates anew, for the keys that they have: in the state, and node by node in the cluster',
  arguments: [
    {
      name: '[name...]',
      summary: 'ids as plan shows them, the ends of some (apiserver), or files; none: all that are meant',
    },
  ],
  options: {
    due: {
      flags: '--due',
      summary: 'only those inside their renewal window (default without names)',
      kind: 'flag',
    },
    all: { flags: '--all', summary: 'also those that are not due', kind: 'flag' },
    node: { flags: '--node <node>', summary: 'only those of this node', kind: 'list' },
    plan: { flags: '--plan', summary: 'show what would be done, and do nothing', kind: 'flag' },
    connect,
    restarted: {
      flags: '--restarted <component@node>',
      summary: 'go on: what is not restarted from here was restarted there by hand',
      kind: 'list',
    },
    acceptUnseen: {
      flags: '--accept-unseen',
      summary: 'restart also what cannot be seen again from here',
      kind: 'flag',
    },
    overwrite,
    acceptBreak,
  },
  examples: [
    'kubetls renew --plan',
    'kubetls renew',
    'kubetls renew apiserver --node cp1',
    'kubetls renew --all -y',
  ],
  writes: true,
  note: 'Exit 0 also where kubetls.yaml names no host for any node: then only the state is renewed, and what is to be brought where is printed.',
  load: () => import('../commands/renew.ts'),
};

export const rescue: CommandSpec = {
  name: 'rescue',
  summary:
    'a cluster whose certificates have ended, from its files alone: authorities and leaves anew for the keys that they have, to every node, then restarts in the order in which they need each other',
  arguments: [],
  options: {
    plan: {
      flags: '--plan',
      summary: 'show what is dead and what would be done, and do nothing',
      kind: 'flag',
    },
    connect,
    restarted: {
      flags: '--restarted <component@node>',
      summary: 'go on: what is not restarted from here was restarted there by hand',
      kind: 'list',
    },
    overwrite,
    acceptBreak,
  },
  examples: [
    'kubetls rescue --plan',
    'kubetls rescue',
    'kubetls rescue -y --restarted etcd@cp1 --restarted etcd@cp2',
  ],
  writes: true,
  note: 'Exit 0 also where no certificate has ended: nothing is done then. A page on it: docs/rescue.md.',
  load: () => import('../commands/rescue.ts'),
};

export const prove: CommandSpec = {
  name: 'prove',
  summary: 'a fresh handshake on every edge, predicted against observed, and what must be refused',
  arguments: [],
  options: {
    twin: {
      flags: '--twin',
      summary: 'against a twin on loopback that is started for it; with --at, its clocks show that instant',
      kind: 'flag',
    },
    connect,
    edge: { flags: '--edge <id>', summary: 'only edges whose id contains this', kind: 'list' },
    timeout: { flags: '--timeout <seconds>', summary: 'for one handshake (default: 5)', kind: 'value' },
    concurrency: {
      flags: '--concurrency <n>',
      summary: 'handshakes at a time (default: 32)',
      kind: 'value',
    },
    noDisks: {
      flags: '--no-disks',
      summary: "leave the nodes' disks alone: what only they show of programs' memory is unknown then",
      kind: 'flag',
    },
  },
  examples: [
    'kubetls prove',
    'kubetls prove --twin',
    'kubetls prove --twin --at +1y',
    'kubetls prove --connect kube-apiserver@master=127.0.0.1:6443',
  ],
  writes: false,
  load: () => import('../commands/prove.ts'),
};
