import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rooms } from './layers.ts';

const root = resolve(import.meta.dirname, '../..');

/** What a pure room may not touch, each with the way out. */
const outside = [
  {
    pattern: /from 'node:(fs|net|tls|http|https|child_process|os|dns|process|worker_threads)/,
    say: 'do I/O in a room of floor 3',
  },
  {
    pattern: /Date\.now\(|new Date\(\)|performance\.now|setTimeout|setInterval/,
    say: 'take `at: Instant` or a Clock as an argument',
  },
  {
    pattern: /Math\.random|randomBytes|randomUUID|generateKey(Pair)?(Sync)?\(|generateKeys\(/,
    say: 'take a Random or a KeySource as an argument',
  },
  { pattern: /process\.(env|argv|cwd|platform|pid)|console\./, say: 'let the command line hand it down' },
];

function sources(room: string): string[] {
  return readdirSync(join(root, 'src', room), { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(contract|\.fixture)\.ts$/.test(name),
    )
    .map((name) => join('src', room, name));
}

describe('floors 0 to 2 are pure: no I/O, clock, randomness or environment', () => {
  for (const room of rooms.filter(({ floor }) => floor <= 2)) {
    it(room.name, () => {
      const files = sources(room.name);
      expect(files.length).toBeGreaterThan(0);
      const found = files.flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
        return outside.filter(({ pattern }) => pattern.test(text)).map(({ say }) => `${file}: ${say}`);
      });
      expect(found).toEqual([]);
    });
  }
});

describe('the layers', () => {
  const probe = join(root, 'src', 'base', `layers-${process.pid}`);
  afterAll(() => rmSync(probe, { recursive: true, force: true }));

  it('every folder of src is a room in the table, and every room is a folder', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it('an import that goes up, or past a door, is refused by name', () => {
    mkdirSync(probe);
    writeFileSync(join(probe, 'up.ts'), "import '../../plan/index.ts';\nimport '../../x509/der.ts';\n");
    const report = cruise('src/base');
    expect(report).toContain('base reaches only down');
    expect(report).toContain('x509 is entered by its door');
    rmSync(probe, { recursive: true });
  });

  it('hold', () => {
    expect(cruise()).toContain('no dependency violations found');
  });

  function cruise(what = 'src'): string {
    const words = ['--config', '.dependency-cruiser.mjs', '--output-type', 'err', what];
    try {
      return execFileSync(join(root, 'node_modules/.bin/depcruise'), words, {
        cwd: root,
        encoding: 'utf8',
      });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }
});

describe('private keys', () => {
  it('are revealed only by rooms that read, write or use them', () => {
    const allowed = new Set([
      'trust',
      'audit',
      'base',
      'x509',
      'keystores',
      'survey',
      'issue',
      'kubeconfig',
      'inventory',
      'plan',
      'apply',
      'bulk',
      'probe',
      'kube',
      'twin',
    ]);
    const offenders = rooms
      .filter(({ name }) => !allowed.has(name))
      .flatMap(({ name }) => sources(name))
      .filter((file) => readFileSync(join(root, file), 'utf8').includes('.reveal()'));
    expect(offenders).toEqual([
      // It writes kubeconfigs, and prints one with its keys when that is asked for (--raw, --flatten, merge).
      'src/cli/kubeconfig/files.ts',
    ]);
  });

  it('a secret prints as redacted in every way that values are printed', async () => {
    const { Secret } = await import('../../src/base/index.ts');
    const { inspect } = await import('node:util');
    const secret = new Secret(Buffer.from('-----BEGIN PRIVATE KEY-----'));
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret, { showHidden: true }),
    ];
    for (const text of [...shown, JSON.stringify({ ...secret }), JSON.stringify(Object.entries(secret))]) {
      expect(text).not.toContain('BEGIN');
      expect(text).not.toContain('45,45,45');
    }
    expect(Buffer.from(secret.reveal()).toString()).toContain('BEGIN');
  });
});
