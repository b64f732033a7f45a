/** The rows of what makes a cluster's files what `kubetls.yaml` says. */
import type { CommandSpec } from '../command.ts';
import { acceptBreak, overwrite } from './options.ts';

export const up: CommandSpec = {
  name: 'up',
  summary: 'the main job: file, plan, apply, a twin of the cluster on loopback, every edge proven',
  arguments: [],
  options: {
    once: { flags: '--once', summary: 'end with the verdict as exit code', kind: 'flag' },
    port: {
      flags: '--port <port>',
      summary: "port of the first kube-apiserver's twin (default: 6443 when free)",
      kind: 'value',
    },
    overwrite,
    acceptBreak,
  },
  examples: ['kubetls up', 'kubetls up --once -o json', 'kubetls up -f clusters/a.yaml --port 7443'],
  writes: true,
  load: () => import('../commands/up.ts'),
};

export const init: CommandSpec = {
  name: 'init',
  summary: 'write a commented kubetls.yaml',
  arguments: [],
  options: {},
  examples: ['kubetls init', 'kubetls -f clusters/a.yaml init'],
  writes: true,
  load: () => import('../commands/init.ts'),
};

export const adopt: CommandSpec = {
  name: 'adopt',
  summary: 'read what exists, write the kubetls.yaml that describes it, and take its files over',
  arguments: [
    {
      name: '<root...>',
      summary: 'a node, a copy of one, its PKI alone, or a directory of such: DIR, or NODE=DIR',
    },
  ],
  options: {
    address: {
      flags: '--address <node=address>',
      summary: 'where a node is reached, when nothing in its tree says so',
      kind: 'list',
    },
  },
  examples: [
    'kubetls adopt /',
    'kubetls adopt cp1=/backup/cp1 cp2=/backup/cp2 w1=/backup/w1',
    'kubetls adopt master=./pki --address master=10.0.0.10',
  ],
  writes: true,
  load: () => import('../commands/adopt.ts'),
};

export const plan: CommandSpec = {
  name: 'plan',
  summary: 'show the difference between kubetls.yaml and what exists',
  arguments: [],
  options: {
    out: {
      flags: '--out <file>',
      summary: 'save the plan: apply FILE carries out exactly that',
      kind: 'value',
    },
    detailedExitcode: {
      flags: '--detailed-exitcode',
      summary: 'exit 1 when there are changes',
      kind: 'flag',
    },
  },
  examples: ['kubetls plan', 'kubetls plan --out monday.plan', 'kubetls plan -o json --detailed-exitcode'],
  writes: false,
  load: () => import('../commands/plan.ts'),
};

export const apply: CommandSpec = {
  name: 'apply',
  summary: 'carry the difference out, or exactly a saved plan',
  arguments: [{ name: '[plan]', summary: 'a plan saved by plan --out' }],
  options: { overwrite, acceptBreak },
  examples: ['kubetls apply', 'kubetls apply monday.plan -y'],
  writes: true,
  load: () => import('../commands/apply.ts'),
};
