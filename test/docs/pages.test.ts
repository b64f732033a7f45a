/** What the pages point at is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';
import { commandTable } from '../../src/cli/commands.ts';

const below = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = ['README.md', 'CONTRIBUTING.md', ...below('docs'), ...below('examples')];
const read = (page: string) => readFileSync(join(root, page), 'utf8');

describe('pages', () => {
  it.each(pages)('%s: links lead somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);
    const dead = links.filter(
      (link) => !/^https?:/.test(link) && !existsSync(resolve(root, dirname(page), link)),
    );
    expect(dead).toEqual([]);
  });

  it.each(pages)('%s: files that it names exist', (page) => {
    const named = [...read(page).matchAll(/`((?:src|test|scripts|bench|docs|examples)\/[\w./-]+)`/g)];
    const rooms = [...read(page).matchAll(/`((?:cli|cluster|plan|prove|stores|twin|verify)\/[\w./-]+)`/g)];
    const missing = [...named.map(([, path = '']) => path), ...rooms.map(([, path = '']) => `src/${path}`)];
    expect(missing.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('the README has a line for every command, and for none that is not there', () => {
    const [, table = ''] = /## Commands\n\n([\s\S]*?)\n\n/.exec(read('README.md')) ?? [];
    const named = [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
    expect(named).toEqual(commandTable.map(({ name }) => name));
  });
});
