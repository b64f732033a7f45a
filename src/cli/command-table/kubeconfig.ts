/** The rows of `kubetls kubeconfig`. */
import type { CommandGroup } from '../command.ts';

const kubeconfig = {
  flags: '--kubeconfig <file>',
  summary:
    'this file and no other (default: $KUBECONFIG, a list of which the first wins, else ~/.kube/config)',
  kind: 'value',
} as const;

const context = (what: string) => ({ flags: '--context <name>', summary: what, kind: 'value' }) as const;

/** A kubeconfig stands for itself: no cluster file, no state. */
const unused = ['file', 'state'] as const;
const timeless = [...unused, 'at'] as const;

export const kubeconfigCommands: CommandGroup = {
  name: 'kubeconfig',
  summary: 'look at kubeconfigs, change them, and say what is wrong with them',
  description: [
    'Files are found, merged and changed by the rules of kubectl config, in its words.',
    'A change is written whole or not at all, to the file that the entry came from; fields that kubectl does',
    'not know are kept.',
  ].join(' '),
  examples: ['kubetls kubeconfig view', 'kubetls kubeconfig use-context prod'],
  commands: [
    {
      name: 'view',
      summary: 'print what kubectl config view prints, to the byte',
      arguments: [],
      options: {
        raw: { flags: '--raw', summary: 'with certificates, keys and tokens', kind: 'flag' },
        flatten: { flags: '--flatten', summary: 'with the files that it names, as data', kind: 'flag' },
        minify: { flags: '--minify', summary: 'one context with its cluster and user', kind: 'flag' },
        context: context('the context that --minify keeps (default: the current one)'),
        kubeconfig,
      },
      examples: [
        'kubetls kubeconfig view',
        'kubetls kubeconfig view --minify --flatten --context prod > prod.kubeconfig',
      ],
      writes: false,
      forms: ['yaml'],
      unused: timeless,
      load: () => import('../commands/kubeconfig/view.ts'),
    },
    {
      name: 'get-contexts',
      summary: 'list the contexts',
      arguments: [{ name: '[name...]', summary: 'only these' }],
      options: {
        noHeaders: { flags: '--no-headers', summary: 'without the first line', kind: 'flag' },
        kubeconfig,
      },
      examples: ['kubetls kubeconfig get-contexts', 'kubetls kubeconfig get-contexts -o name'],
      writes: false,
      forms: ['name'],
      unused: timeless,
      load: () => import('../commands/kubeconfig/get-contexts.ts'),
    },
    {
      name: 'current-context',
      summary: 'print the name of the current context',
      arguments: [],
      options: { kubeconfig },
      examples: ['kubetls kubeconfig current-context'],
      writes: false,
      unused: timeless,
      load: () => import('../commands/kubeconfig/current-context.ts'),
    },
    {
      name: 'use-context',
      summary: 'make a context the current one',
      arguments: [{ name: '<name>', summary: 'the context' }],
      options: { kubeconfig },
      examples: ['kubetls kubeconfig use-context prod'],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/use-context.ts'),
    },
    {
      name: 'set-context',
      summary: 'make a context, or change the fields of one that are given',
      arguments: [{ name: '[name]', summary: 'the context' }],
      options: {
        current: { flags: '--current', summary: 'the current context', kind: 'flag' },
        cluster: { flags: '--cluster <name>', summary: 'the cluster that it dials', kind: 'value' },
        user: { flags: '--user <name>', summary: 'the user that it dials as', kind: 'value' },
        namespace: { flags: '-n, --namespace <name>', summary: 'the namespace of requests', kind: 'value' },
        kubeconfig,
      },
      examples: [
        'kubetls kubeconfig set-context --current --namespace kube-system',
        'kubetls kubeconfig set-context prod --cluster prod --user admin',
      ],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/set-context.ts'),
    },
    {
      name: 'rename',
      summary: 'give a context another name',
      arguments: [
        { name: '<name>', summary: 'the context' },
        { name: '<new-name>', summary: 'its new name' },
      ],
      options: { kubeconfig },
      examples: ['kubetls kubeconfig rename kubernetes-admin@kubernetes prod'],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/rename.ts'),
    },
    {
      name: 'delete',
      summary: 'take a context, a cluster or a user away',
      arguments: [
        { name: '<kind>', summary: 'context, cluster or user' },
        { name: '<name>', summary: 'its name' },
      ],
      options: { kubeconfig },
      examples: ['kubetls kubeconfig delete context prod', 'kubetls kubeconfig delete user prod-admin'],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/delete.ts'),
    },
    {
      name: 'merge',
      summary: 'make one file of several; two entries that differ under one name are a conflict',
      arguments: [{ name: '<file...>', summary: 'the first one counts first' }],
      options: {
        out: {
          flags: '--out <file>',
          summary: 'write to this file (default: standard output)',
          kind: 'value',
        },
        firstWins: {
          flags: '--first-wins',
          summary: 'of two that differ leave the second out, as kubectl does',
          kind: 'flag',
        },
        rename: {
          flags: '--rename',
          summary: 'of two that differ give the second another name',
          kind: 'flag',
        },
      },
      examples: [
        'kubetls kubeconfig merge ~/.kube/config new.kubeconfig --out ~/.kube/config',
        'kubetls kubeconfig merge a.kubeconfig b.kubeconfig --rename > both.kubeconfig',
      ],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/merge.ts'),
    },
    {
      name: 'split',
      summary: 'write each context to a file of its own that needs no other',
      arguments: [{ name: '[directory]', summary: 'where (default: here)' }],
      options: { kubeconfig },
      examples: ['kubetls kubeconfig split parts'],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/split.ts'),
    },
    {
      name: 'embed',
      summary: 'put certificates, keys and authorities that stand in files into the kubeconfig',
      arguments: [],
      options: { kubeconfig },
      examples: ['kubetls kubeconfig embed --kubeconfig admin.kubeconfig'],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/embed.ts'),
    },
    {
      name: 'extract',
      summary: 'put embedded certificates, keys and authorities into files beside the kubeconfig',
      arguments: [],
      options: {
        dir: { flags: '--dir <directory>', summary: 'put them there', kind: 'value' },
        kubeconfig,
      },
      examples: ['kubetls kubeconfig extract --kubeconfig admin.kubeconfig --dir pki'],
      writes: true,
      unused,
      load: () => import('../commands/kubeconfig/extract.ts'),
    },
    {
      name: 'doctor',
      summary: 'say what is wrong, where, and what to do: dates, keys, names, modes, groups',
      arguments: [],
      options: {
        askServer: {
          flags: '--ask-server',
          summary: 'dial each server, and see what it presents and whether it takes the certificate',
          kind: 'flag',
        },
        kubeconfig,
      },
      examples: [
        'kubetls kubeconfig doctor',
        'kubetls kubeconfig doctor --ask-server',
        'kubetls kubeconfig doctor --at +30d -o json',
      ],
      writes: false,
      unused,
      load: () => import('../commands/kubeconfig/doctor.ts'),
    },
  ],
};
