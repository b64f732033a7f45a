// The page that says where in Go's source each rule was read, held against that source.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/decisions/0020-read-from-source.md'), 'utf8');
const rows = [...page.matchAll(/^\| [^|]+ \| `(\S+):(\d+)` `([^`]+)` \| (.+) \|$/gm)].map(
  ([, file = '', line = '', name = '', here = '']) => ({ file, line: Number(line), name, here }),
);

function goEnv(...names: string[]): string[] {
  try {
    return execFileSync('go', ['env', ...names], { encoding: 'utf8', cwd: root })
      .trim()
      .split('\n');
  } catch {
    return [];
  }
}

const [version = 'none', goroot = '', modules = ''] = goEnv('GOVERSION', 'GOROOT', 'GOMODCACHE');
const [, written = ''] = /^Go (\d+\.\d+\.\d+)\. /m.exec(page) ?? [];

const at = (file: string) => join(file.includes('@') ? modules : join(goroot, 'src'), file);
/** Another Go has other lines, and a machine may have the programs without their modules. */
const there = version === `go${written}` ? rows.filter(({ file }) => existsSync(at(file))) : [];

it(`the page has a row for each rule (${there.length} of ${rows.length} are looked up in ${version})`, () => {
  expect(rows.length).toBeGreaterThan(45);
  for (const { here } of rows)
    for (const [, file = ''] of here.matchAll(/`([^`]+)`/g))
      expect(existsSync(join(root, file)), file).toBe(true);
});

it.each(there)('$file: $name', ({ file, line, name }) => {
  const lines = readFileSync(at(file), 'utf8').split('\n');
  const standsAt = lines.findIndex((one) => /^(?:func|var) |"/.test(one) && one.includes(name)) + 1;
  expect(lines[line - 1], `it stands at ${standsAt} now`).toContain(name);
});
