/** Every command: its words, its options, and where its code is. Nothing of a command is loaded before it is called. */
import type { CommandGroup, CommandSpec } from './command.ts';
import { kubeconfigCommands } from './commands-kubeconfig.ts';

const connect = {
  flags: '--connect <endpoint=host:port>',
  summary: 'dial this endpoint at another address, such as kube-apiserver@master=127.0.0.1:6443',
  kind: 'list',
} as const;

const overwrite = {
  flags: '--overwrite <path>',
  summary: 'allow a file that kubetls did not write to be replaced: a path of the plan, or all',
  kind: 'list',
} as const;

const acceptBreak = {
  flags: '--accept-break <edge>',
  summary: 'allow this edge to fail meanwhile, by its id',
  kind: 'list',
} as const;

export const commandTable: readonly (CommandSpec | CommandGroup)[] = [
  {
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
    load: () => import('./commands/up.ts'),
  },
  {
    name: 'init',
    summary: 'write a commented kubetls.yaml',
    arguments: [],
    options: {},
    examples: ['kubetls init', 'kubetls -f clusters/a.yaml init'],
    writes: true,
    load: () => import('./commands/init.ts'),
  },
  {
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
    load: () => import('./commands/adopt.ts'),
  },
  {
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
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'apply',
    summary: 'carry the difference out, or exactly a saved plan',
    arguments: [{ name: '[plan]', summary: 'a plan saved by plan --out' }],
    options: { overwrite, acceptBreak },
    examples: ['kubetls apply', 'kubetls apply monday.plan -y'],
    writes: true,
    load: () => import('./commands/apply.ts'),
  },
  {
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
    load: () => import('./commands/renew.ts'),
  },
  {
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
    load: () => import('./commands/rescue.ts'),
  },
  {
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
    load: () => import('./commands/prove.ts'),
  },
  {
    name: 'check',
    summary: 'what is wrong, where, and what to do: every certificate, key and kubeconfig, by named checks',
    arguments: [
      {
        name: '[tree...]',
        summary:
          'trees that somebody else made, each the root of a node: DIRECTORY or NAME=DIRECTORY; none: the state',
      },
    ],
    options: {
      failOn: {
        flags: '--fail-on <severity>',
        summary: 'exit 1 at findings as bad as this: error, warning, info or never (default: error)',
        kind: 'value',
      },
      exceptions: {
        flags: '--exceptions <file>',
        summary: 'findings that somebody lives with: id, place, reason, until (docs/checks.md)',
        kind: 'value',
      },
      only: { flags: '--only <id>', summary: 'this check alone, or several with commas', kind: 'list' },
      skip: { flags: '--skip <id>', summary: 'without this check, or several with commas', kind: 'list' },
      without: {
        flags: '--without <certificate>',
        summary:
          'which edges break when it is gone, or when that authority is believed no more: a path, sha256:…, a name, or cluster, etcd, front-proxy',
        kind: 'value',
      },
      compromised: {
        flags: '--compromised <key>',
        summary: 'who one could become with this key: a path, sha256:…, or as for --without',
        kind: 'value',
      },
      passwordFile: {
        flags: '--password-file <file>',
        summary: 'a file whose first line opens keystores and encrypted keys',
        kind: 'value',
      },
      live: {
        flags: '--live',
        summary: 'also ask the API: its Secrets, ConfigMaps, caBundles, requests and nodes',
        kind: 'flag',
      },
      kubeconfig: {
        flags: '--kubeconfig <file>',
        summary: 'with --live: whom to ask, and as whom (default: as kubectl)',
        kind: 'value',
      },
      list: {
        flags: '--list',
        summary: 'show every check; with -v why, what to do, and its source',
        kind: 'flag',
      },
    },
    examples: [
      'kubetls check',
      'kubetls check --at +90d --fail-on warning',
      'kubetls check cp1=/backup/cp1 cp2=/backup/cp2',
      'kubetls check --live',
      'kubetls check --exceptions exceptions.yaml -o json',
      'kubetls check -o html > report.html',
      'kubetls check --without etcd',
      'kubetls check --compromised kubetls-state/users/kube-admin/admin.key',
      'kubetls check --list -v',
    ],
    writes: false,
    forms: ['sarif', 'junit', 'html'],
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'explain',
    summary:
      'from a line of a log, or a whole log, to the cause in this cluster, its evidence, and what mends it',
    arguments: [
      { name: '[line...]', summary: 'what a program printed; none, or -: a log on standard input' },
    ],
    options: {},
    examples: [
      'kubetls explain "x509: certificate signed by unknown authority"',
      'journalctl -u kubelet | kubetls explain',
      'kubetls explain -o json < kube-apiserver.log',
    ],
    writes: false,
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'forecast',
    summary: 'what ends when, which edges break then, and whether etcd keeps its quorum',
    arguments: [],
    options: {
      until: {
        flags: '--until <time>',
        summary: 'look ahead to this instant (2027-01-31, RFC 3339, or +90d; default: two years)',
        kind: 'value',
      },
      ical: { flags: '--ical', summary: 'as iCalendar, with reminders', kind: 'flag' },
    },
    examples: ['kubetls forecast', 'kubetls forecast --until +90d', 'kubetls forecast --ical > kubetls.ics'],
    writes: false,
    load: () => import('./commands/forecast.ts'),
  },
  {
    name: 'graph',
    summary:
      'the trust graph: who signs, presents and trusts which certificate, who dials whom, and which edges hold',
    arguments: [],
    options: {
      out: {
        flags: '--out <file>',
        summary:
          'write it there, whole or not at all; without -o the ending says the form: .mmd, .dot, .gv, .svg or .json',
        kind: 'value',
      },
      fold: {
        flags: '--fold <n>',
        summary:
          'so many alike still have a box each, more of them one together, except those that are refused (default: 2; -v folds nothing)',
        kind: 'value',
      },
      only: {
        flags: '--only <state>',
        summary: 'only edges that are ok, refused or unknown, and what they rest on',
        kind: 'value',
      },
      edge: {
        flags: '--edge <id>',
        summary: 'only edges whose id contains this, and what they rest on',
        kind: 'list',
      },
      trusts: {
        flags: '--trusts',
        summary: 'also a line to each authority that somebody trusts; the boxes name them anyway',
        kind: 'flag',
      },
    },
    examples: [
      'kubetls graph --out trust.svg',
      'kubetls graph --only refused --out refused.svg',
      'kubetls graph --at +1y --out next-year.svg',
      "{ echo '```mermaid'; kubetls graph; echo '```'; } >> README.md",
      'kubetls graph -o dot | dot -Tpdf > trust.pdf',
      'kubetls graph -o json | jq \'.links[] | select(.state == "refused")\'',
    ],
    writes: false,
    forms: ['mermaid', 'dot', 'svg'],
    note: 'Text is Mermaid: a terminal shows it, a page of Markdown draws it, and diff compares two of it.',
    load: () => import('./commands/graph.ts'),
  },
  {
    name: 'inspect',
    summary: 'what a certificate, bundle, request, CRL, key, kubeconfig, keystore or dump says',
    arguments: [
      { name: '<file...>', summary: 'files, directories, servers as HOST:PORT; - for standard input' },
    ],
    options: {
      passwordFile: {
        flags: '--password-file <file>',
        summary: 'a file whose first line opens keystores and encrypted keys',
        kind: 'value',
      },
    },
    examples: [
      'kubetls inspect ca.crt',
      'kubetls inspect ca.crl ca.crt',
      'kubetls inspect ~/.kube/config -o json',
      'kubetls inspect --password-file password keystore.p12 truststore.jks',
      'kubectl get secrets,configmaps -A -o yaml | kubetls inspect -',
      'kubetls inspect /etc/kubernetes',
      'kubetls inspect localhost:6443',
      'kubetls inspect --at +90d *.crt',
      'openssl s_client -connect localhost:6443 -showcerts </dev/null | kubetls inspect -',
    ],
    writes: false,
    unused: ['file', 'state'],
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'verify',
    summary: "a certificate and its chain by the rules of Go's crypto/x509, and how near a refusal was",
    arguments: [
      {
        name: '[leaf]',
        summary: 'certificate, bundle or kubeconfig; - for standard input; none with --batch',
      },
    ],
    options: {
      intermediates: {
        flags: '--intermediates <file>',
        summary: 'certificates between leaf and root, beside those in the file of the leaf',
        kind: 'list',
      },
      roots: { flags: '--roots <file>', summary: 'who is trusted: a bundle, or a kubeconfig', kind: 'list' },
      name: {
        flags: '--name <name>',
        summary: 'the DNS name or IP address that the certificate must be good for',
        kind: 'value',
      },
      usage: {
        flags: '--usage <usage>',
        summary:
          'server, client or any (default: server with --name; else what the certificate is for, any when that is both or neither)',
        kind: 'value',
      },
      family: {
        flags: '--family <family>',
        summary:
          'whose verdict: go, openssl, curl, node, python, python-strict (3.13 and later), java, or all side by side (default: go)',
        kind: 'value',
      },
      kubernetes: {
        flags: '--kubernetes <version>',
        summary: 'the release of Kubernetes whose Go judges, 1.31 to 1.37 (default: the newest)',
        kind: 'value',
      },
      batch: {
        flags: '--batch',
        summary:
          'answer each JSON line on standard input (id, leaf, intermediates, roots, at, usage, name) with a JSON line',
        kind: 'flag',
      },
    },
    examples: [
      'kubetls verify apiserver.crt --roots ca.crt --name 10.96.0.1',
      'kubetls verify ~/.kube/config --roots ca.crt',
      'kubetls verify kubelet.crt --roots ca.crt --name worker-1 --at +90d',
      'kubetls verify apiserver.crt --roots ca.crt --name 10.96.0.1 --family all',
      'kubetls verify --batch < questions.jsonl > answers.jsonl',
    ],
    writes: false,
    unused: ['file', 'state'],
    load: () => import('./commands/verify.ts'),
  },
  kubeconfigCommands,
  {
    name: 'openssl',
    summary: 'the shell commands that make an equivalent of a certificate of the file',
    arguments: [
      { name: '[id...]', summary: 'ids as plan shows them, such as master/apiserver; none: a list' },
    ],
    options: {},
    examples: ['kubetls openssl', 'kubetls openssl master/apiserver | sh'],
    writes: false,
    unused: ['state', 'at'],
    load: () => import('./commands/openssl.ts'),
  },
];
