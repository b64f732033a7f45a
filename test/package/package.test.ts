/**
 * The package as others get it: packed, looked at, installed into an empty project without a network, run
 * and imported by plain node.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureInstalled, root } from '../../scripts/setup.mjs';

const MEGABYTE = 1_000_000;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const directory = mkdtempSync(join(tmpdir(), 'kubetls-package-'));
const project = join(directory, 'project');
const installed = join(project, 'node_modules', 'kubetls');
let tarball = '';

beforeAll(() => {
  ensureInstalled();
  // Runs prepack, which builds the bin and the library.
  run(npm, ['pack', '--silent', '--pack-destination', directory], root);
  tarball = join(directory, readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? 'none');
  install();
}, 300_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What npm install would do, without a network: the packed files, and the dependencies that are here. */
function install(): void {
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], directory);
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }\n');
  for (const name of Object.keys(manifest().dependencies)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
}

interface Manifest {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;
}

function run(command: string, words: readonly string[], cwd: string): string {
  const { NO_COLOR: _, ...env } = process.env;
  const ran = spawnSync(command, words, { cwd, encoding: 'utf8', env: { ...env, FORCE_COLOR: '0' } });
  expect(ran.status, `${command} ${words.join(' ')}\n${ran.error ?? ''}${ran.stdout}${ran.stderr}`).toBe(0);
  return ran.stdout;
}

const tool = (name: string) => join(root, 'node_modules', '.bin', name);
const packedFiles = () =>
  readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(installed, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'));

describe('the package', () => {
  it('stays below a megabyte and a half', () => {
    expect(statSync(tarball).size).toBeLessThan(1.5 * MEGABYTE);
  });

  it('holds the bin, the library with its types, and the licence; no source, test or contract suite', () => {
    const files = packedFiles();
    expect(files.filter((name) => !name.startsWith('dist/')).sort()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(files).toContain('dist/kubetls.cjs');
    const library = files.filter((name) => name.startsWith('dist/') && name !== 'dist/kubetls.cjs');
    expect(library.filter((name) => !/^dist\/lib\/[\w/-]+(\.d\.ts|\.js)$/.test(name))).toEqual([]);
    expect(library.filter((name) => /test|contract|\/cli\//.test(name))).toEqual([]);
    expect(library).toContain('dist/lib/index.d.ts');
  });

  it('runs nothing when it is installed', () => {
    const { scripts } = manifest();
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(scripts).not.toHaveProperty(hook);
  });

  it('names no path of the machine that built it', () => {
    const texts = packedFiles().map((name) => readFileSync(join(installed, name), 'utf8'));
    const literal = (path: string) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const whole = [root, homedir()]
      .filter((path) => path.length > 1)
      .map((path) => `${literal(path)}(?![\\w-])`);
    // The directory for temporary files is a fact of the system; what a build left in it is not.
    for (const pattern of [...whole, `${literal(tmpdir())}/[\\w-]`]) {
      const word = new RegExp(pattern);
      expect(texts.filter((text) => word.test(text)).length, pattern).toBe(0);
    }
  });

  it('pleases publint', () => {
    expect(run(tool('publint'), ['run', tarball, '--strict'], directory)).toContain('All good!');
  });

  it('pleases arethetypeswrong', () => {
    expect(run(tool('attw'), [tarball, '--profile', 'esm-only', '--no-emoji'], directory)).not.toContain(
      '❌',
    );
  }, 60_000);
});

describe('installed', () => {
  it('the bin says its version', () => {
    const bin = join(installed, 'dist', 'kubetls.cjs');
    expect(run(process.execPath, [bin, '--version'], project).trim()).toBe(manifest().version);
  });

  it('the bin needs nothing beside it', () => {
    const alone = join(directory, 'alone');
    mkdirSync(alone);
    copyFileSync(join(installed, 'dist', 'kubetls.cjs'), join(alone, 'kubetls.cjs'));
    expect(run(process.execPath, ['kubetls.cjs', 'up', '--once'], alone)).toContain('0 failed');
  });

  it('the library plans, judges and issues (examples/library.mjs)', () => {
    copyFileSync(join(root, 'examples', 'library.mjs'), join(project, 'library.mjs'));
    const out = run(process.execPath, ['library.mjs'], project);
    expect(out).toMatch(/^[1-9]\d* certificates issued$/m);
    expect(out).toMatch(/^(\d+) of \1 edges predicted to hold$/m);
    expect(out).toMatch(/^0 errors among \d+ findings$/m);
    expect(out).toMatch(/^[1-9]\d* edges break at 20/m);
    expect(out).toMatch(/^most likely: \w/m);
    expect(out).toMatch(/^verified$/m);
    expect(out).toContain('-----BEGIN CERTIFICATE-----');
  });

  it('the library issues by the hundred over two processes, the second one its own', () => {
    writeFileSync(
      join(project, 'bulk.mjs'),
      [
        "import { issueAuthority, issueMany, signerFor, systemKeys, systemRandom } from 'kubetls';",
        'const [random, now] = [systemRandom(), Date.now()];',
        "const key = systemKeys().generate('ecdsa-p256');",
        "const common = { subject: [{ type: 'CN', value: 'x' }], ipAddresses: [], uris: [], subjectKeyId: true, lifetime: 864e5, serialBits: 127, exactUsages: false };",
        "const ca = { ...common, dnsNames: [], keyUsage: ['keyCertSign'], extendedKeyUsage: [], basicConstraints: { ca: true, pathLength: undefined } };",
        'const certificate = issueAuthority({ template: ca, signer: signerFor(key), now, random });',
        "const leaf = { ...common, dnsNames: ['x.test'], keyUsage: ['digitalSignature'], extendedKeyUsage: ['serverAuth'], basicConstraints: { ca: false, pathLength: undefined } };",
        "const orders = Array.from({ length: 600 }, (_, i) => ({ id: `${i}`, template: leaf, key: 'ecdsa-p256' }));",
        'const serials = new Set();',
        'for await (const issued of issueMany(orders, { authority: { certificate, key }, now, random, processes: 2 }))',
        "  serials.add(Buffer.from(issued.certificate.serial).toString('hex'));",
        'console.log(`${serials.size} serials`);',
      ].join('\n'),
    );
    expect(run(process.execPath, ['bulk.mjs'], project)).toBe('600 serials\n');
  }, 60_000);

  it('the library reads a tree that somebody made, knows its layout and adopts it', () => {
    const bin = join(installed, 'dist', 'kubetls.cjs');
    const made = join(directory, 'made');
    mkdirSync(made);
    run(process.execPath, [bin, 'init'], made);
    run(process.execPath, [bin, 'apply', '-y'], made);
    writeFileSync(
      join(project, 'adopt.mjs'),
      [
        "import { adopt, describeCluster, parseSpec, readTrees, recogniseLayouts, Surveyor } from 'kubetls';",
        'const surveyor = new Surveyor();',
        "for await (const file of readTrees([{ name: 'state', path: process.argv[2] }])) surveyor.add(file);",
        'const survey = surveyor.done();',
        "const files = survey.files.filter(({ path }) => path.startsWith('nodes/master/')).map((file) => ({ ...file, path: file.path.slice('nodes/master/'.length) }));",
        'console.log(recogniseLayouts(files)[0].layout.name);',
        "const found = adopt(survey, { name: 'demo', addresses: new Map(), named: new Set() }, Date.now());",
        "console.log(describeCluster(parseSpec(found.text, 'kubetls.yaml')).spec.nodes.length, 'nodes');",
      ].join('\n'),
    );
    const out = run(process.execPath, ['adopt.mjs', join(made, 'kubetls-state')], project);
    expect(out).toMatch(/^flat\n[1-9]\d* nodes\n$/);
  }, 60_000);

  it('the types serve a strict program that checks them, too', () => {
    writeFileSync(
      join(project, 'program.ts'),
      [
        "import { adopt, type AdoptInput, type Cluster, describeCluster, KubetlsError, parseSpec, type Survey, type Verdict } from 'kubetls';",
        "export const cluster: Cluster = describeCluster(parseSpec('{}', 'a.yaml'));",
        'export const ok = (verdict: Verdict): boolean => verdict.ok;',
        'export const text = (survey: Survey): string => adopt(survey, input, 0).text;',
        "const input: AdoptInput = { name: 'demo', addresses: new Map(), named: new Set() };",
        'export const isOurs = (error: unknown): error is KubetlsError => error instanceof KubetlsError;',
        '// @ts-expect-error -- a spec is no cluster',
        "export const wrong: Cluster = parseSpec('{}', 'a.yaml');",
      ].join('\n'),
    );
    const settings = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext'];
    const types = [
      '--target',
      'es2023',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules', '@types'),
    ];
    run(tool('tsc'), [...settings, ...types, 'program.ts'], project);
  }, 60_000);
});
