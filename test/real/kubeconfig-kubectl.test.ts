/**
 * `kubetls kubeconfig` against the real `kubectl config`: the same files, the same words, and then the same
 * output, the same sentence on stderr, the same kind of exit, and the same bytes in every file.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { run } from '../../src/cli/run.ts';
import { type Kubeconfig, parseKubeconfig, writeKubeconfig } from '../../src/kubeconfig/index.ts';
import { knownKubeconfig, tameKubeconfig } from '../judges/kubeconfigs.ts';
import { runProgram } from './run-program.ts';

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly kubectl: readonly string[];
  readonly ours: readonly string[];
  /** Names of files, as KUBECONFIG lists them; absent: the one in the home directory. */
  readonly list?: readonly string[];
}

interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
  /** By name; locks and directories too, without content. */
  readonly files: Readonly<Record<string, string>>;
}

interface Difference {
  readonly why: string;
  readonly applies: (one: Case, theirs: Ending) => boolean;
  /** What kubectl's ending is with ours. */
  readonly wanted: (theirs: Ending) => Ending;
  /** What of ours is compared. */
  readonly found?: (ours: Ending) => Ending;
}

const hasControls = ({ contexts, currentContext }: Kubeconfig): boolean =>
  [currentContext, ...contexts.map(({ context }) => context.namespace ?? '')].some((shown) =>
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(shown),
  );

const differences: readonly Difference[] = [
  {
    why: 'with -o json a refusal of ours is JSON too',
    applies: ({ kubectl }, { failed }) => failed && kubectl.includes('json'),
    wanted: (theirs) => ({ ...theirs, stdout: 'kubetls/error/v1' }),
    found: (ours) => ({ ...ours, stdout: /kubetls\/error\/v1/.exec(ours.stdout)?.[0] ?? ours.stdout }),
  },
  {
    why: 'a name with control characters would move the cursor, so ours are escaped and the columns are others',
    applies: ({ kubectl: [word], files }, { stdout }) =>
      (word === 'get-contexts' || word === 'current-context') &&
      stdout !== '' &&
      Object.values(files).some((text) => hasControls(parseKubeconfig(text))),
    wanted: (theirs) => ({ ...theirs, stdout: '' }),
    found: (ours) => ({ ...ours, stdout: ours.stdout.replaceAll(/^[\P{C}\n]*$/gmu, '').trim() }),
  },
  {
    why: "what only Go's YAML writes so: breaks of Unicode as they are, keys of several lines, its order of other digits",
    applies: ({ kubectl: [word] }, { stdout }) =>
      word === 'view' && /[\u2028\u2029]|^ *(?:- )*\? |(?![0-9])\p{Nd}/mu.test(stdout),
    wanted: (theirs) => ({ ...theirs, stdout: rewritten(theirs.stdout) }),
    found: (ours) => ({ ...ours, stdout: rewritten(ours.stdout) }),
  },
];

function rewritten(text: string): string {
  return Buffer.from(writeKubeconfig(parseKubeconfig(text)).reveal()).toString();
}

const real = await realTools();

describe.skipIf('missing' in real)(
  `kubetls kubeconfig is kubectl config (needs kubectl${'missing' in real ? `: ${real.missing}` : ''})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubetls-config-'));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    beforeEach(() => {
      vi.unstubAllEnvs();
    });
    const at = (name: string) => join(directory, name);

    it('on random files: looking', { timeout: 300_000 }, async () => {
      for (const [i, one] of fc.sample(looks, { seed: 11, numRuns: 60 }).entries()) await agree(one, `#${i}`);
    });

    it('on random files: changing', { timeout: 300_000 }, async () => {
      for (const [i, one] of fc.sample(changes, { seed: 7, numRuns: 120 }).entries()) {
        await agree(one, `#${i}`);
      }
    });

    it.each(byHand)('%s', async (_why, one) => agree(one, ''));

    it('differs only where it is known to', () => {
      expect([...met].sort()).toEqual(differences.map(({ why }) => why).sort());
    });

    const met = new Set<string>();
    async function agree(one: Case, which: string): Promise<void> {
      const theirs = await ending(one, () => byKubectl(one));
      const ours = await ending(one, () => byKubetls(one));
      const what = `${which} ${one.kubectl.join(' ')} (${(one.list ?? []).join(':')})`;
      const known = differences.filter(({ applies }) => applies(one, theirs));
      for (const { why } of known) met.add(why);
      const wanted = known.reduce((ending, { wanted }) => wanted(ending), theirs);
      const found = known.reduce((ending, { found }) => found?.(ending) ?? ending, ours);
      expect({ what, ...found }).toEqual({ what, ...wanted });
    }

    async function ending(one: Case, act: () => Promise<Omit<Ending, 'files'>>): Promise<Ending> {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
      for (const [name, text] of Object.entries(one.files)) {
        mkdirSync(dirname(at(name)), { recursive: true });
        writeFileSync(at(name), text, { mode: name === 'two' ? 0o640 : 0o600 });
      }
      return { ...(await act()), files: standing() };
    }

    function standing(): Record<string, string> {
      const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
      return Object.fromEntries(
        names.map((name) => {
          const { mode } = statSync(at(name));
          const text = statSync(at(name)).isFile() ? readFileSync(at(name), 'utf8') : '';
          return [name, `${(mode & 0o777).toString(8)} ${text}`];
        }),
      );
    }

    const variables = ({ list }: Case): Record<string, string> => ({
      HOME: directory,
      KUBECONFIG: (list ?? []).map(at).join(':'),
    });

    const placed = (words: readonly string[]) => words.map((word) => word.replace('$DIR', directory));

    async function byKubectl(one: Case): Promise<Omit<Ending, 'files'>> {
      const program = 'missing' in real ? '' : real.kubectl;
      const ran = await runProgram(program, ['config', ...placed(one.kubectl)], { env: variables(one) });
      return { stdout: ran.stdout, stderr: ran.stderr.replaceAll(/^error: /gm, ''), failed: ran.code !== 0 };
    }

    async function byKubetls(one: Case): Promise<Omit<Ending, 'files'>> {
      for (const [name, value] of Object.entries(variables(one))) vi.stubEnv(name, value);
      const printed = { stdout: '', stderr: '' };
      const spies = (['stdout', 'stderr'] as const).map((name) =>
        vi.spyOn(process[name], 'write').mockImplementation((text: unknown, done?: unknown) => {
          printed[name] += String(text);
          if (typeof done === 'function') Reflect.apply(done, undefined, []);
          return true;
        }),
      );
      try {
        const code = await run(['--no-color', 'kubeconfig', ...placed(one.ours)], 'test');
        const stderr = printed.stderr.replaceAll(/^error: /gm, '').replaceAll(/^hint: .*\n/gm, '');
        return { stdout: printed.stdout, stderr, failed: code !== 0 };
      } finally {
        for (const spy of spies) spy.mockRestore();
        // A run is a process of its own, as a rule, and listens to the end.
        for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
      }
    }
  },
);

/** Few names, so that they meet; and such as a YAML reader takes for something else. */
const name = fc.constantFrom('a', 'b', 'yes', 'a b', 'é"x', 'admin@prod');

/** With names from the few. */
function renamed(config: Kubeconfig, names: readonly string[]): Kubeconfig {
  let next = 0;
  const one = () => names[next++ % names.length] ?? 'a';
  const unique = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    Array.from(new Map(list.map((entry) => [one(), entry])), ([key, entry]) => ({ ...entry, name: key }));
  return {
    ...config,
    clusters: unique(config.clusters),
    users: unique(config.users),
    contexts: unique(config.contexts).map((entry) => ({
      ...entry,
      context: { ...entry.context, cluster: one(), user: one() },
    })),
    currentContext: next % 3 === 0 ? config.currentContext : one(),
  };
}

const text = (configs: fc.Arbitrary<Kubeconfig>) =>
  fc
    .tuple(configs, fc.array(name, { minLength: 6, maxLength: 12 }))
    .map(([config, names]) => Buffer.from(writeKubeconfig(renamed(config, names)).reveal()).toString());

/** One to three files of a list, one of which may be missing or empty; or one by its flag; or the home's. */
function placedFiles(
  configs: fc.Arbitrary<Kubeconfig>,
): fc.Arbitrary<Pick<Case, 'files' | 'list'> & { flag: boolean }> {
  const several = fc
    .tuple(text(configs), text(configs), fc.constantFrom('', 'kind: Config\n', undefined))
    .chain(([one, two, three]) =>
      fc.shuffledSubarray(['one', 'two', 'three'], { minLength: 1 }).map((list) => ({
        files: { one, two, ...(three === undefined ? {} : { three }) },
        list,
        flag: false,
      })),
    );
  const single = text(configs).map((one) => ({ files: { one }, flag: true }));
  const home = text(configs).map((one) => ({ files: { '.kube/config': one }, flag: false }));
  return fc.oneof({ weight: 4, arbitrary: several }, single, home);
}

function cases(
  configs: fc.Arbitrary<Kubeconfig>,
  words: fc.Arbitrary<readonly [theirs: readonly string[], ours: readonly string[]]>,
): fc.Arbitrary<Case> {
  return fc.tuple(placedFiles(configs), words).map(([{ flag, ...place }, [theirs, ours]]) => {
    const more = flag ? ['--kubeconfig=$DIR/one'] : [];
    return { ...place, kubectl: [...theirs, ...more], ours: [...ours, ...more] };
  });
}

const same = (words: readonly string[]) => [words, words] as const;
const flags = fc.subarray(['--raw', '--minify', '--context=a']);
const looks = cases(
  fc.oneof(knownKubeconfig, tameKubeconfig),
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(flags, fc.constantFrom('yaml', 'json'))
        .map(([more, form]) => same(['view', ...more, '-o', form])),
    },
    fc.array(name, { maxLength: 2 }).map((names) => same(['get-contexts', ...names])),
    fc.constantFrom(same(['get-contexts', '-o', 'name']), same(['get-contexts', '--no-headers'])),
    fc.constant(same(['current-context'])),
  ),
);

const fields = fc
  .record({ cluster: name, user: name, namespace: fc.constantFrom('default', '') }, { requiredKeys: [] })
  .map((given) => Object.entries(given).map(([key, value]) => `--${key}=${value}`));
const changes = cases(
  tameKubeconfig,
  fc.oneof(
    name.map((one) => same(['use-context', one])),
    fc.tuple(name, fields).map(([one, more]) => same(['set-context', one, ...more])),
    fields.map((more) => same(['set-context', '--current', ...more])),
    fc.tuple(name, name).map(
      ([a, b]) =>
        [
          ['rename-context', a, b],
          ['rename', a, b],
        ] as const,
    ),
    fc.tuple(fc.constantFrom('context', 'cluster', 'user'), name).map(
      ([kind, one]) =>
        [
          [`delete-${kind}`, one],
          ['delete', kind, one],
        ] as const,
    ),
  ),
);

const pair = 'users: [{name: u, user: {client-certificate: u.crt, client-key: sub/u.key, token: t}}]\n';
const byHand: readonly (readonly [why: string, one: Case])[] = (
  [
    ['no file at all', { files: {}, kubectl: ['view'] }],
    ['no file at all, and a context', { files: {}, kubectl: ['set-context', 'a'] }],
    ['no file at all, none current', { files: {}, kubectl: ['current-context'] }],
    ['none of a list is there', { files: {}, list: ['x/one', 'two'], kubectl: ['set-context', 'a'] }],
    ['an explicit file is not there', { files: {}, kubectl: ['view', '--kubeconfig=$DIR/no'] }],
    ['a directory', { files: { 'one/x': '' }, list: ['one'], kubectl: ['view'] }],
    ['a file that does not load', { files: { one: 'a: b: c' }, list: ['one'], kubectl: ['view'] }],
    [
      'a file of the wrong kind',
      { files: { one: 'clusters: 3' }, list: ['one'], kubectl: ['use-context', 'a'] },
    ],
    [
      'a lock',
      {
        files: { one: 'contexts: [{name: a}]', 'one.lock': '' },
        list: ['one'],
        kubectl: ['use-context', 'a'],
      },
    ],
    ['an empty name', { files: {}, kubectl: ['use-context', ''] }],
    ['an empty new name', { files: {}, kubectl: ['set-context', ''] }],
    ['a name and --current', { files: {}, kubectl: ['set-context', 'a', '--current'] }],
    ['--current without one', { files: {}, kubectl: ['set-context', '--current'] }],
    ['minify without a current context', { files: {}, kubectl: ['view', '--minify'] }],
    [
      'flatten',
      {
        files: { 'd/one': pair, 'd/u.crt': 'CERT', 'd/sub/u.key': 'KEY' },
        list: ['d/one'],
        kubectl: ['view', '--flatten'],
      },
    ],
    [
      'flatten, and a file is missing',
      { files: { one: pair, 'u.crt': 'C' }, list: ['one'], kubectl: ['view', '--flatten'] },
    ],
    [
      'flatten, and data is there too',
      {
        files: { one: 'users: [{name: u, user: {client-key: k, client-key-data: QQ==}}]' },
        list: ['one'],
        kubectl: ['view', '--flatten'],
      },
    ],
    [
      'long text and text of several lines',
      {
        files: {
          one: `users: [{name: u, user: {exec: {command: c, installHint: "${'some words  '.repeat(20)}", args: ["${"it's a : b ".repeat(15)}", "a\\nb\\n", " \\n", "x\\n\\n"]}}}]`,
        },
        list: ['one'],
        kubectl: ['view'],
      },
    ],
    [
      'fields that nobody knows, and extensions of every kind',
      {
        files: {
          one: 'x: 1\nextensions: [{name: e, extension: 12}, {name: f, extension: {b: "<&>", a: [1.5, 1e-7]}}]',
        },
        list: ['one'],
        kubectl: ['view', '-o', 'json'],
      },
    ],
  ] as const satisfies readonly (readonly [string, Omit<Case, 'ours'>])[]
).map(([why, one]) => [why, { ...one, ours: one.kubectl }]);
