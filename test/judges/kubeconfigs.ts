// Kubeconfigs for property tests, and a form of them in which secrets and carried fields compare.
import * as fc from 'fast-check';
import { Secret } from '../../src/base/index.ts';
import { type Kubeconfig, Opaque } from '../../src/kubeconfig/index.ts';

type Json = ReturnType<Opaque['reveal']>;

/** Text that any reader of YAML might take for something else, beside what names look like. */
const AWKWARD = [
  'yes',
  'no',
  'y',
  'on',
  'null',
  '~',
  '',
  'true',
  '0o17',
  '017',
  '0x1f',
  '1_000',
  '1e3',
  '.5',
  '.inf',
  '1:30',
  '2001-01-01',
  '12',
  '-',
  '- a',
  '? a',
  ': a',
  'a: b',
  'a:b',
  'a #b',
  '#a',
  '&a',
  '*a',
  '!a',
  '|',
  '>',
  '%a',
  '@a',
  '`a',
  "'",
  '"',
  "it's",
  '[a]',
  '{a}',
  'a,b',
  ' a',
  'a ',
  'a\nb',
  'a\n',
  '\ta',
  'a\tb',
  '<<',
  '---',
  '...',
  '--- a',
  '\u007f',
  '\u2028',
  '\ufeff',
  'é',
  '鍵',
  '😀',
  '\\',
  '\u0000',
  '=',
  'a\r\nb',
  '+1',
  '-.inf',
  '.nan',
  '0b11',
  '0b12',
  '089',
  '1__0',
  '_1',
  '+',
  '.',
  '..',
  '0.',
  '__proto__',
  'constructor',
];
const word = fc.stringMatching(/^[a-z0-9]([a-z0-9@.:/_-]{0,14}[a-z0-9])?$/);
const wild = fc.oneof(word, fc.constantFrom(...AWKWARD), fc.string({ unit: 'grapheme', maxLength: 12 }));
const wildSome = wild.filter((text) => text !== '');
const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });

/** Writes of a float without fraction come back as integers, as they do in Go. */
const float = fc
  .double({ noDefaultInfinity: true, noNaN: true })
  .filter((number) => !Number.isInteger(number));
const leaf = (text: fc.Arbitrary<string>): fc.Arbitrary<Json> =>
  fc.oneof(
    text,
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    float,
    fc.constant(null),
  );

function json(text: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf(text),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    ),
  })).value;
}

interface Words {
  readonly text: fc.Arbitrary<string>;
  readonly some: fc.Arbitrary<string>;
  readonly unknown: boolean;
}

function struct<T extends object>(
  fields: { [K in keyof T]-?: fc.Arbitrary<T[K]> },
  required: (keyof T)[],
  words: Words,
) {
  const names = words.some.map((name) => `x-${name}`);
  const opaque = fc
    .array(fc.tuple(names, json(words.text)), { minLength: 1, maxLength: 3 })
    .map((entries) => new Opaque(new Map(entries)));
  const all = words.unknown ? { ...fields, unknown: opaque } : fields;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record of the fields of T is a T
  return fc.record(all, { requiredKeys: required }) as unknown as fc.Arbitrary<T>;
}

function named<T extends { name: string }>(item: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> {
  return fc
    .uniqueArray(item, { selector: ({ name }) => name, minLength, maxLength: 3 })
    .map((list) => list.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))));
}

/** A kubeconfig as `parseKubeconfig` gives it: sorted, and nothing there that is empty. */
function kubeconfig(words: Words): fc.Arbitrary<Kubeconfig> {
  const { text, some } = words;
  const secret = some.map((value) => new Secret(Buffer.from(value)));
  const secretOrEmpty = text.map((value) => new Secret(Buffer.from(value)));
  const yes = fc.constant(true as const);
  // client-go drops an extension's content when it is no object.
  const object = fc
    .array(fc.tuple(some, json(text)), { minLength: 1, maxLength: 3 })
    .map((entries) => new Opaque(new Map(entries)));
  const extensions = named(struct({ name: text, extension: object }, ['name', 'extension'], words), 1);
  const cluster = struct(
    {
      server: text,
      tlsServerName: some,
      insecureSkipTlsVerify: yes,
      certificateAuthority: some,
      certificateAuthorityData: bytes,
      proxyUrl: secret,
      disableCompression: yes,
      extensions,
    },
    ['server'],
    words,
  );
  const env = struct({ name: text, value: secretOrEmpty }, ['name', 'value'], words);
  const exec = struct(
    {
      command: text,
      args: fc.array(secretOrEmpty, { maxLength: 2 }),
      env: fc.array(env, { maxLength: 2 }),
      apiVersion: fc.constant('client.authentication.k8s.io/v1'),
      installHint: some,
      provideClusterInfo: fc.boolean(),
      interactiveMode: fc.constantFrom('Never', 'IfAvailable', 'Always'),
    },
    ['command', 'args', 'env', 'provideClusterInfo'],
    words,
  );
  const config = fc.array(fc.tuple(text, secretOrEmpty), { maxLength: 2 }).map((entries) => new Map(entries));
  const groups = fc.array(text, { minLength: 1, maxLength: 2 });
  const user = struct(
    {
      clientCertificate: some,
      clientCertificateData: bytes,
      clientKey: some,
      clientKeyData: bytes.map((value) => new Secret(value)),
      token: secret,
      tokenFile: some,
      as: some,
      asUid: some,
      asGroups: groups,
      asUserExtra: fc
        .array(fc.tuple(text, groups), { minLength: 1, maxLength: 2 })
        .map((entries) => new Map(entries)),
      username: some,
      password: secret,
      authProvider: struct({ name: text, config }, ['name', 'config'], words),
      exec,
      extensions,
    },
    [],
    words,
  );
  const context = struct(
    { cluster: text, user: text, namespace: some, extensions },
    ['cluster', 'user'],
    words,
  );
  const preferences = fc.constantFrom({ colors: true as const });
  return struct<Omit<Kubeconfig, 'unknown'>>(
    {
      clusters: named(struct({ name: text, cluster }, ['name', 'cluster'], words)),
      contexts: named(struct({ name: text, context }, ['name', 'context'], words)),
      users: named(struct({ name: text, user }, ['name', 'user'], words)),
      currentContext: text,
      preferences,
      extensions,
    },
    ['clusters', 'contexts', 'users', 'currentContext'],
    words,
  );
}

/** Every field, every awkward text, unknown fields everywhere. */
export const anyKubeconfig = kubeconfig({ text: wild, some: wildSome, unknown: true });
/** Go's writer fails on most control characters, and writes the key `<<` so that it reads something else. */
const readable = wild.filter(
  (text) => text !== '<<' && !/[\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/.test(text),
);
/** The same with only what client-go knows. */
export const knownKubeconfig = kubeconfig({
  text: readable,
  some: readable.filter((text) => text !== ''),
  unknown: false,
});
/** Texts of one short line, and of ASCII, since Go sorts the digits of other scripts in a way of its own. */
const line = readable.filter((text) => /^[\t\r -~]*$/.test(text));
export const tameKubeconfig = kubeconfig({
  text: line,
  some: line.filter((text) => text !== ''),
  unknown: false,
});

/** The value with its secrets and carried fields in the open: what `toEqual` can compare. */
export function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: Buffer.from(value.reveal()).toString('latin1') };
  if (value instanceof Opaque) return { opaque: plain(value.reveal()) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Map) return { map: Object.fromEntries(entriesOf(value)) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function entriesOf(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return Array.from(map, ([key, item]): [string, unknown] => [`key ${String(key)}`, plain(item)]);
}
