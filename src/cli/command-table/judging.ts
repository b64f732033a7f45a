/** The rows of what says how it stands, and why. */
import { PASSWORD_FILE, TREES } from './shared.ts';
import type { CommandSpec } from '../command.ts';

export const check: CommandSpec = {
  name: 'check',
  summary: 'what is wrong, where, and what to do: every certificate, key and kubeconfig, by named checks',
  arguments: [TREES],
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
    passwordFile: PASSWORD_FILE,
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
  load: () => import('../commands/check.ts'),
};

export const explain: CommandSpec = {
  name: 'explain',
  summary:
    'from a line of a log, or a whole log, to the cause in this cluster, its evidence, and what mends it',
  arguments: [{ name: '[line...]', summary: 'what a program printed; none, or -: a log on standard input' }],
  options: {
    tree: {
      flags: '--tree <tree>',
      summary:
        'look for the cause in trees that somebody else made, each the root of a node: DIRECTORY or NAME=DIRECTORY; several times for several',
      kind: 'list',
    },
  },
  examples: [
    'kubetls explain "x509: certificate signed by unknown authority"',
    'journalctl -u kubelet | kubetls explain',
    'journalctl -u kubelet | kubetls explain --tree /',
    'kubetls explain -o json < kube-apiserver.log',
  ],
  writes: false,
  load: () => import('../commands/explain.ts'),
};

export const forecast: CommandSpec = {
  name: 'forecast',
  summary: 'what ends when, which edges break then, and whether etcd keeps its quorum',
  arguments: [TREES],
  options: {
    until: {
      flags: '--until <time>',
      summary: 'look ahead to this instant (2027-01-31, RFC 3339, or +90d; default: two years)',
      kind: 'value',
    },
    ical: { flags: '--ical', summary: 'as iCalendar, with reminders', kind: 'flag' },
    passwordFile: PASSWORD_FILE,
  },
  examples: [
    'kubetls forecast',
    'kubetls forecast --until +90d',
    'kubetls forecast cp1=/backup/cp1 cp2=/backup/cp2',
    'kubetls forecast --ical > kubetls.ics',
  ],
  writes: false,
  load: () => import('../commands/forecast.ts'),
};

export const graph: CommandSpec = {
  name: 'graph',
  summary:
    'the trust graph: who signs, presents and trusts which certificate, who dials whom, and which edges hold',
  arguments: [TREES],
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
    passwordFile: PASSWORD_FILE,
    trusts: {
      flags: '--trusts',
      summary: 'also a line to each authority that somebody trusts; the boxes name them anyway',
      kind: 'flag',
    },
  },
  examples: [
    'kubetls graph --out trust.svg',
    'kubetls graph cp1=/backup/cp1 cp2=/backup/cp2 --out trust.svg',
    'kubetls graph --only refused --out refused.svg',
    'kubetls graph --at +1y --out next-year.svg',
    "{ echo '```mermaid'; kubetls graph; echo '```'; } >> README.md",
    'kubetls graph -o dot | dot -Tpdf > trust.pdf',
    'kubetls graph -o json | jq \'.links[] | select(.state == "refused")\'',
  ],
  writes: false,
  forms: ['mermaid', 'dot', 'svg'],
  note: 'Text is Mermaid: a terminal shows it, a page of Markdown draws it, and diff compares two of it.',
  load: () => import('../commands/graph.ts'),
};
