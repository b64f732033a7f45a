/**
 * Invariant 4: no private key in anything that is printed, nor in a plan, the journal or the ledger. Every
 * command is run, with good files and with damaged ones, and all of its words are searched for every
 * private number that lies on the disk.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Scratch, scratch } from '../support/kubetls.ts';
import { clusterFile } from '../support/loopback-cluster.ts';
import { formsOf } from '../support/private-values.ts';

const ADMIN = 'kubetls-state/users/kube-admin';
const worlds = [
  { profile: 'flat', algorithm: 'ecdsa-p256', user: { key: 'admin.key', config: 'admin.kubeconfig' } },
  { profile: 'kubeadm', algorithm: 'rsa-2048', user: { key: 'kube-admin.key', config: 'kube-admin.conf' } },
] as const;

describe('private keys are nowhere but in their files', () => {
  it.each(worlds)(
    'profile $profile, $algorithm',
    async ({ profile, algorithm, user }) => {
      const here = await scratch();
      try {
        writeFileSync(join(here.directory, 'kubetls.yaml'), clusterFile(profile, algorithm));
        const said = soundRuns(here);
        // What a damaged file makes them say does not depend on the profile.
        if (profile === 'flat') said.push(...damagedRuns(here, user));
        const own = ['journal', 'ledger'].map((name) => `kubetls-state/${name}`);
        for (const name of [...own, 'saved.plan']) said.push({ by: name, text: read(here, name) });
        expect(said.length).toBeGreaterThan(15);

        const forms = keysBelow(here, 'kubetls-state').flatMap(formsOf);
        expect(forms.length).toBeGreaterThan(200);
        // The search finds what is there to be found.
        expect(leaks(read(here, `${ADMIN}/${user.key}`), forms)).not.toEqual([]);
        for (const { by, text } of said) expect(leaks(text, forms), by).toEqual([]);
      } finally {
        here.remove();
      }
    },
    240_000,
  );
});

interface Said {
  readonly by: string;
  readonly text: string;
}

function say(here: Scratch, ...words: readonly string[]): Said {
  const { stdout, stderr } = here.kubetls(...words);
  expect(stdout + stderr, words.join(' ')).not.toBe('');
  return { by: words.join(' '), text: stdout + stderr };
}

function soundRuns(here: Scratch): Said[] {
  const twice = (...words: string[]) => [say(here, ...words, '-v'), say(here, ...words, '-o', 'json')];
  const before = [...twice('plan'), say(here, 'plan', '--out', 'saved.plan')];
  const applied = say(here, 'apply', 'saved.plan', '-v');
  const files = filesBelow(here, 'kubetls-state').filter((name) =>
    /\.(crt|key|pub|conf|kubeconfig)$/.test(name),
  );
  return [
    ...before,
    applied,
    ...twice('up', '--once'),
    ...twice('prove', '--twin'),
    say(here, 'prove'),
    ...twice('inspect', ...files),
    ...twice('check', '--fail-on', 'never'),
    ...['sarif', 'junit', 'html'].map((form) => say(here, 'check', '-o', form)),
    ...twice('graph'),
    ...['svg', 'dot'].map((form) => say(here, 'graph', '-o', form)),
    ...twice('openssl', 'authority/cluster'),
    say(here, 'plan', '-v', '--at', '+2y'),
    say(here, 'apply', '-o', 'json'),
  ];
}

/** Keys where no key belongs, torn keys, and texts that quote what they could not read. */
function damagedRuns(here: Scratch, user: { readonly key: string; readonly config: string }): Said[] {
  const [key, config] = [read(here, `${ADMIN}/${user.key}`), read(here, `${ADMIN}/${user.config}`)];
  const oneLine = key.replaceAll('\n', '');
  const base64 = Buffer.from(key).toString('base64');
  const spec = (text: string) => `metadata: { name: demo }\nspec: ${text}\n`;
  const inspected = {
    'torn.key': key.slice(0, -40),
    'label.key': key.replace(/BEGIN [A-Z ]+/, 'BEGIN SECRET'),
    'one-line.key': oneLine,
    'certificate.crt': key.replaceAll(/(EC |RSA )?PRIVATE KEY/g, 'CERTIFICATE'),
    'broken.conf': `${config}  broken: [${oneLine}\n`,
    'field.conf': config.replace('client-', `unknown: "${oneLine}"\n    client-`),
    'kind.conf': config.replace('Config', oneLine),
    'server.conf': config.replace(/https:\S+/, base64),
  };
  const planned = {
    'key.yaml': key,
    'kind.yaml': `apiVersion: ${base64}\nkind: ${oneLine}\n`,
    'key-as-key.yaml': spec(`{ "${oneLine}": 1, "${base64}": 2 }`),
    'values.yaml': spec(
      `{ nodes: [{ name: "${oneLine}" }], endpoint: "${base64}", dnsDomain: "${oneLine}" }`,
    ),
  };
  const saved = { 'key.plan': key, 'at.plan': JSON.stringify({ schema: 'kubetls/plan/v1', at: oneLine }) };
  for (const [name, text] of Object.entries({ ...inspected, ...planned, ...saved })) {
    writeFileSync(join(here.directory, name), text);
  }
  const names = Object.keys(inspected);
  const said = [
    say(here, 'inspect', ...names),
    say(here, 'inspect', ...names, '-o', 'json'),
    ...Object.keys(planned).map((name) => say(here, 'plan', '-f', name)),
    ...Object.keys(saved).map((name) => say(here, 'apply', name)),
  ];
  // A state whose files hold the wrong things.
  writeFileSync(join(here.directory, ADMIN, user.key), inspected['torn.key']);
  writeFileSync(join(here.directory, ADMIN, user.config), inspected['broken.conf']);
  return [
    ...said,
    say(here, 'plan', '-v'),
    say(here, 'check', '-v'),
    say(here, 'check', 'tree=.', '-o', 'json'),
    say(here, 'graph', '-o', 'svg'),
    say(here, 'graph', '-o', 'json'),
    say(here, 'prove', '--twin', '-o', 'json'),
    say(here, 'apply', '-y'),
    say(here, 'apply', '-y', '--overwrite', 'all'),
  ];
}

const read = (here: Scratch, name: string) => readFileSync(join(here.directory, name), 'utf8');

function filesBelow(here: Scratch, name: string): string[] {
  return readdirSync(join(here.directory, name), { recursive: true, encoding: 'utf8' })
    .map((file) => join(name, file))
    .filter((file) => statSync(join(here.directory, file)).isFile());
}

/** Every private key on the disk, as PEM, those in kubeconfigs and backups too. */
function keysBelow(here: Scratch, name: string): string[] {
  const texts = filesBelow(here, name).map((file) => read(here, file));
  const embedded = texts.flatMap((text) =>
    [...text.matchAll(/client-key-data: (\S+)/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString(),
    ),
  );
  const whole = /-----BEGIN ((?:EC |RSA )?PRIVATE KEY)-----\n[\w+/=\n]+-----END \1-----\n/g;
  return [...new Set([...texts, ...embedded].flatMap((text) => text.match(whole) ?? []))];
}

function leaks(text: string, forms: readonly string[]): string[] {
  // A document's values may be quoted with their line breaks taken out, or escaped.
  const joined = text.replace(/\\n|\s/g, '');
  return ['PRIVATE KEY-----', ...forms].filter((form) => text.includes(form) || joined.includes(form));
}
