import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plural, printable, relative, shellWord, shownPath } from './text.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

describe('printable', () => {
  it.each([
    ['a\u001b[2Jb', 'a\\x1b[2Jb'],
    ['two\r\nlines', 'two\\x0d\\x0alines'],
    ['admin\u202enimda', 'admin\\u202enimda'],
    ['a\u061cb\u2028c\u200bd\ufeff', 'a\\u061cb\\u2028c\\u200bd\\ufeff'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['lone\ud800', 'lone\\ud800'],
    ['c1\u009b', 'c1\\x9b'],
    ['Zoë, 日本, naïve', 'Zoë, 日本, naïve'],
  ])('%j is shown as %s', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('never shows a private key', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----';
    expect(printable(`cannot read ${key}`)).not.toContain('MHcCAQEEIB');
  });
});

describe('a shell word', () => {
  it.each([
    'plain',
    'a b',
    "it's",
    '"$(x)"',
    'two\nlines\ttab',
    '\u001b[31m\u0007',
    '-n',
    '',
    '*',
    '日本',
    'a\\b',
  ])('%j reaches a program as it is', (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`]).toString()).toBe(
      word === '-n' ? '-n' : word,
    );
    // oxlint-disable-next-line no-control-regex -- what a terminal would obey
    expect(shellWord(word)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  });
});

describe('a path as it is shown', () => {
  it('is relative below this directory, else absolute, and never like an option', () => {
    expect(shownPath(resolve('a/b.yaml'))).toBe('a/b.yaml');
    expect(shownPath(resolve('-a.yaml'))).toBe('./-a.yaml');
    expect(shownPath(resolve('..a'))).toBe('..a');
    expect(shownPath('/dev/null')).toBe('/dev/null');
    expect(shownPath(resolve('..'))).toBe(resolve('..'));
    expect(shownPath(resolve('.'))).toBe('.');
    expect(shownPath('nodes/a')).toBe('nodes/a');
  });
});

describe('how long', () => {
  it.each([
    [365 * DAY - 1_000, 'in 365 days'],
    [3_650 * DAY, 'in 3,650 days'],
    [47 * 60 * MINUTE, 'in 47 hours'],
    [-90 * MINUTE, '90 minutes ago'],
    [MINUTE, 'in 1 minute'],
    [10, 'in less than a minute'],
    [-10, 'less than a minute ago'],
  ])('%i ms is %s', (distance, text) => {
    expect(relative(1e12 + distance, 1e12)).toBe(text);
  });

  it('counts in words', () => {
    expect([plural(1, 'edge'), plural(0, 'edge'), plural(1_234_567, 'edge')]).toEqual([
      '1 edge',
      '0 edges',
      '1,234,567 edges',
    ]);
  });
});
