/** The real kubectl as a judge: it reads what we write, writes what we read, and refuses in the same words. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { knownKubeconfig, plain, tameKubeconfig } from '../../test/judges/kubeconfigs.ts';
import { type Outcome, runProgram } from '../../test/real/run-program.ts';
import { Secret } from '../base/index.ts';
import {
  buildKubeconfig,
  mergeKubeconfigs,
  parseKubeconfig,
  resolveKubeconfig,
  writeKubeconfig,
} from './index.ts';
import type { Kubeconfig } from './index.ts';

const real = await realTools();

describe.skipIf('missing' in real)(
  `kubectl agrees (needs kubectl${'missing' in real ? `: ${real.missing}` : ''})`,
  () => {
    // Of what is skipped nobody cleans up.
    const directory =
      'missing' in real
        ? join(tmpdir(), 'kubetls-kubectl-none')
        : mkdtempSync(join(tmpdir(), 'kubetls-kubectl-'));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    const at = (name: string): string => join(directory, name);
    const file = at('config');

    function kubectl(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
      const program = 'missing' in real ? '' : real.kubectl;
      return runProgram(program, args, { env: { HOME: directory, ...env } });
    }

    function view(format: 'yaml' | 'json', ...more: string[]): Promise<Outcome> {
      return kubectl(['config', 'view', '--raw', '-o', format, `--kubeconfig=${file}`, ...more]);
    }

    const written = (config: Kubeconfig): string =>
      Buffer.from(writeKubeconfig(config).reveal()).toString('utf8');
    const build = (spec: Partial<Parameters<typeof buildKubeconfig>[0]> = {}): Kubeconfig =>
      buildKubeconfig({
        clusterName: 'kubernetes',
        server: 'https://10.0.0.10:6443',
        authority: { data: Buffer.from('CA') },
        userName: 'kubernetes-admin',
        credentials: {
          certificate: { data: Buffer.from('CERT') },
          key: { data: new Secret(Buffer.from('KEY')) },
        },
        ...spec,
      });

    it('on every value that it knows: what it read, written again, is what we wrote from', async () => {
      for (const config of fc.sample(knownKubeconfig, { seed: 1, numRuns: 15 })) {
        writeFileSync(file, writeKubeconfig(config).reveal());
        const { code, stdout, stderr } = await view('yaml');
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(plain(parseKubeconfig(stdout))).toEqual(plain(config));
        const json = await view('json');
        expect(plain(parseKubeconfig(json.stdout))).toEqual(plain(config));
      }
    });

    it('to the byte, where texts have one short line', async () => {
      for (const config of fc.sample(tameKubeconfig, { seed: 9, numRuns: 25 })) {
        writeFileSync(file, writeKubeconfig(config).reveal());
        expect((await view('yaml')).stdout).toBe(written(config));
      }
    });

    it('on a file that it rewrites itself', async () => {
      const config = mergeKubeconfigs([
        { config: build({ namespace: 'kube-system' }), directory: '/' },
        { config: build({ userName: 'second', tlsServerName: 'kubernetes.default' }), directory: '/' },
      ]);
      writeFileSync(file, writeKubeconfig(config).reveal());
      const context = 'second@kubernetes';
      expect((await kubectl(['config', 'use-context', context, `--kubeconfig=${file}`])).code).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(written({ ...config, currentContext: context }));
    });

    it('that unknown fields are no reason for a word', async () => {
      writeFileSync(
        file,
        'x-note: {a: 1}\nclusters: [{name: c, x-a: 1, cluster: {server: https://c, x-b: [yes]}}]\n',
      );
      const rewritten = written(parseKubeconfig(readFileSync(file)));
      expect(rewritten).toContain('x-note:');
      writeFileSync(file, rewritten);
      const { code, stdout, stderr } = await view('json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('https://c');
    });

    it('on several files: the first wins', async () => {
      const files = [
        'clusters: [{name: c, cluster: {server: https://one, certificate-authority: ca.crt}}]\npreferences: {colors: true}\n',
        'current-context: two\nclusters: [{name: c, cluster: {server: https://two, proxy-url: http://p}}, {name: d, cluster: {server: d}}]\n',
        'current-context: three\nusers: [{name: u, user: {tokenFile: sub/token, exec: {command: bin/x}}}]\n',
      ];
      const paths = files.map((text, i) => {
        const path = at(`merge-${i}`);
        writeFileSync(path, text);
        return path;
      });
      const { stdout, stderr } = await kubectl(['config', 'view', '--raw', '--flatten=false'], {
        KUBECONFIG: paths.join(':'),
      });
      const merged = mergeKubeconfigs(
        files.map((text) => ({ config: parseKubeconfig(text), directory: '.' })),
      );
      expect(stderr).toBe('');
      expect(written(merged)).toBe(stdout);
    });

    /** Texts that do not load; `...` where kubectl goes on with values that we do not repeat. */
    const unreadable: readonly [why: string, text: string, more?: string][] = [
      ['a number for a string', 'contexts: [{name: a, context: {namespace: 12}}]'],
      ['yes for a string', 'current-context: yes'],
      ['an octal number for a string', 'current-context: 0o17'],
      ['a mapping for a list', 'contexts: {}'],
      ['a text for an entry', 'contexts: [a]'],
      ['a text for a boolean', 'clusters: [{name: a, cluster: {insecure-skip-tls-verify: "true"}}]'],
      ['a number in a list of texts', 'users: [{name: a, user: {exec: {args: [1]}}}]'],
      ['a number in a map', 'users: [{name: a, user: {auth-provider: {config: {a: 1}}}}]'],
      ['a number in a map of lists', 'users: [{name: a, user: {as-user-extra: {a: [1]}}}]'],
      ['a text for a list in a map', 'users: [{name: a, user: {as-user-extra: {a: b}}}]'],
      ['a list for a struct behind a pointer', 'users: [{name: a, user: {exec: []}}]'],
      ['a number for preferences', 'preferences: {colors: 1}'],
      ['a number for data', 'users: [{name: a, user: {client-certificate-data: 1}}]'],
      ['two faults: the first by key', 'users: [{user: 3}]\ncontexts: [3]'],
      ['base64 without its padding', 'users: [{name: a, user: {client-key-data: QUI}}]'],
      ['base64 of one character', 'users: [{name: a, user: {client-key-data: QUJDR}}]'],
      ['base64 with half its padding', 'users: [{name: a, user: {client-key-data: "QQ="}}]'],
      ['base64 with something after it', 'users: [{name: a, user: {client-key-data: "QUI=QQ=="}}]'],
      ['base64 with a letter for padding', 'users: [{name: a, user: {client-key-data: "QQ=Q"}}]'],
      [
        'base64 with a stray character',
        'clusters: [{name: a, cluster: {certificate-authority-data: "QUJD%%%%"}}]',
      ],
      ['base64 with an umlaut', 'clusters: [{name: a, cluster: {certificate-authority-data: "äQUJD"}}]'],
      [
        'base64 of the other alphabet',
        'clusters: [{name: a, cluster: {certificate-authority-data: "QU\\nJD_-"}}]',
      ],
      ['a list', '[]'],
      ['a text', 'hello'],
      ['a number', '12'],
      ['a truth', 'true'],
      ['a kind that is a number', 'kind: 3'],
      ['another kind', 'kind: Pod', ' in scheme ...'],
      ['another version', 'apiVersion: v2', ' in scheme ...'],
      ['a cluster twice', 'clusters: [{name: a}, {name: b}, {name: a}]', ': ...'],
      ['a user twice', 'users: [{name: a}, {name: a, user: {token: secret}}]', ': ...'],
      ['a context twice', 'contexts: [{name: a}, {name: a}]', ': ...'],
      [
        'an extension twice',
        'contexts: [{name: a, context: {extensions: [{name: e, extension: {}}, {name: e, extension: {}}]}}]',
        ': ...',
      ],
      [
        'an extension twice at the top',
        'extensions: [{name: e, extension: {}}, {name: e, extension: {}}]',
        ': ...',
      ],
      ['a colon too many', 'a: b: c'],
      ['a tab', '\ta: b'],
    ];
    it.each(unreadable)('that it cannot be read: %s', async (_why, text, more = '') => {
      writeFileSync(file, text);
      const { code, stderr } = await view('yaml');
      expect(code).toBe(1);
      const prefix = `error: error loading config file "${file}": `;
      expect(stderr.startsWith(prefix)).toBe(true);
      const theirs = stderr.slice(prefix.length).trimEnd();
      const ours = messageOf(() => parseKubeconfig(text));
      const [head = '', open] = more.split('...');
      if (open === undefined) expect(theirs).toBe(ours);
      else expect(theirs.startsWith(ours + head)).toBe(true);
    });

    /** Texts that load, whatever one might think. */
    it.each([
      '',
      '# nothing\n',
      '---\n...\n',
      'current-context: a\ncurrent-context: b\n',
      'current-context: 2001-01-01\n',
      'current-context: 1:30\n',
      'current-context: !!str 12\n',
      'contexts: null\nusers: [null, {name: null, user: null}]\n'.replace('null, {', '{'),
      '{"kind": "Config", "contexts": [{"name": "a", "context": {"user": "\\u00e9"}}]}',
      'contexts: [{name: a, context: &c {cluster: x, user: z}}, {name: b, context: {<<: *c, user: w}}]\n',
      'users: [{name: a, user: {client-key-data: "QU\\nJD\\r\\n"}}]\n',
      'users:\n- name: a\n  user:\n    client-key-data: |\n      QUJD\n      REVG\n',
      'users: [{name: a, user: {token: "\\x01\\u2028\\U0001F511\\e\\t"}}]\n',
      'extensions: [{name: e, extension: {1: a, true: b, 1.5: c, n: 0x1f, o: 017, f: 1e3, u: 1_000, z: .5, w: 12345678901234567}}]\n',
    ])('that it can be read: %j', async (text) => {
      writeFileSync(file, text);
      const { code, stdout } = await view('yaml');
      expect(code).toBe(0);
      expect(written(parseKubeconfig(text))).toBe(stdout);
    });

    const cluster = 'clusters: [{name: c, cluster: {server: https://127.0.0.1:1, CLUSTER}}]\n';
    const context = 'contexts: [{name: a, context: {cluster: c, user: u}}]\ncurrent-context: a\n';
    const withUser = (user: string): string => `${cluster}${context}users: [{name: u, user: {${user}}}]\n`;
    const withCluster = (fields: string): string => cluster.replace(', CLUSTER', fields) + context;
    const unusable: readonly [why: string, text: string, context?: string][] = [
      ['no such context asked for', cluster + context, 'nope'],
      ['a certificate without its key', withUser('client-certificate-data: QUJD')],
      [
        'data and path',
        withUser(
          'client-certificate-data: QQ==, client-certificate: here, client-key-data: QQ==, client-key: here',
        ),
      ],
      ['files that are not there', withUser('client-certificate: a.crt, client-key: /nowhere/a.key')],
      ['a token and a password', withUser('token: a, password: b')],
      ['an exec of nothing', withUser('exec: {env: [{}]}, auth-provider: {}, as-uid: x')],
      [
        'an exec with a strange mode',
        withUser('exec: {command: x, apiVersion: v1, interactiveMode: Perhaps}'),
      ],
      [
        'an old exec without a mode',
        withUser('exec: {command: "", apiVersion: client.authentication.k8s.io/v1beta1}'),
      ],
      ['a token file that is not there', withUser('tokenFile: nowhere/token')],
      [
        'authority as data and path',
        withCluster(', certificate-authority: here, certificate-authority-data: QQ=='),
      ],
      ['an authority that is not there', withCluster(', certificate-authority: ../ca.crt')],
      [
        'both user and cluster',
        withCluster(', certificate-authority: ca.crt') +
          'users: [{name: u, user: {client-certificate: a.crt}}]\n',
      ],
      [
        'an authority with insecure',
        withCluster(', certificate-authority: here, insecure-skip-tls-verify: true') +
          'users: [{name: u, user: {token: t}}]',
      ],
    ];
    it.each(unusable)('that it cannot be used: %s', async (_why, template, wanted) => {
      const text = template.replace(', CLUSTER', '');
      writeFileSync(file, text);
      writeFileSync(at('here'), '');
      const asked = wanted === undefined ? [] : [`--context=${wanted}`];
      const { code, stderr } = await kubectl(['get', '--raw', '/', `--kubeconfig=${file}`, ...asked]);
      expect(code).toBe(1);
      const ours = messageOf(() =>
        resolveKubeconfig(parseKubeconfig(text), {
          ...(wanted === undefined ? {} : { context: wanted }),
          directory,
          read: (path) => (path === at('here') ? new Uint8Array() : undefined),
        }),
      );
      expect(asOneLine(stderr)).toBe(ours.replace(/^invalid configuration: /, ''));
    });
  },
);

/** kubectl's list of problems as client-go's aggregate has them. */
function asOneLine(stderr: string): string {
  const lines = stderr.trimEnd().split('\n');
  const items = lines.filter((line) => line.startsWith('* ')).map((line) => line.slice(2));
  if (items.length > 0) return `[${items.join(', ')}]`;
  return (lines[0] ?? '').replace(/^(?:error|Error in configuration): /, '');
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no error';
}
