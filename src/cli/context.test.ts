import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../base/index.ts';
import { createContext, parseInstant } from './context.ts';
import type { GlobalOptions } from './options.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const signals = { interrupt: new AbortController().signal, unheard: new AbortController().signal };

function optionsOf(given: Partial<GlobalOptions> = {}): GlobalOptions {
  return {
    file: undefined,
    state: undefined,
    output: undefined,
    at: undefined,
    yes: false,
    quiet: false,
    verbose: false,
    noColor: false,
    ...given,
  };
}

describe('--at', () => {
  it.each([
    ['2027-01-31', Date.parse('2027-01-31')],
    ['2027-01-31T10:00:00Z', Date.parse('2027-01-31T10:00:00Z')],
    ['2027-01-31T10:00:00+02:00', Date.parse('2027-01-31T08:00:00Z')],
    ['2028-02-29', Date.parse('2028-02-29')],
    ['+30d', NOW + 30 * DAY],
    ['-2h', NOW - 2 * HOUR],
    ['+1y', NOW + 365 * DAY],
  ])('understands %s', (text, instant) => {
    expect(parseInstant(text, NOW)).toBe(instant);
  });

  it.each([
    '',
    'tomorrow',
    '30d',
    '+30',
    '+1.5d',
    '2027-02-30',
    '2027-02-29',
    '2027-13-01',
    '2027-01-31T25:00:00Z',
    '2027-01-31T10:00:00',
    '+999999y',
    '1',
  ])('does not guess at %j', (text) => {
    expect(() => parseInstant(text, NOW)).toThrow('--at does not understand');
  });

  it('is refused where something is written', () => {
    expect(() => createContext(optionsOf({ at: '+1d' }), { writes: true }, signals)).toThrow(
      '--at is for commands',
    );
    expect(createContext(optionsOf({ at: '+1d' }), { writes: false }, signals).elsewhen).toBe(true);
  });
});

describe('a context', () => {
  it('keeps the state beside the file, and names both when it says what to type next', () => {
    const context = createContext(optionsOf({ file: "it's/a.yaml" }), { writes: false }, signals);
    expect(context.state.endsWith("it's/kubetls-state")).toBe(true);
    expect(context.again('apply')).toBe("kubetls -f 'it'\\''s/a.yaml' apply");
    expect(createContext(optionsOf(), { writes: false }, signals).again('up')).toBe('kubetls up');
    expect(createContext(optionsOf({ state: 'x y' }), { writes: false }, signals).again('up')).toBe(
      "kubetls --state 'x y' up",
    );
  });

  it.each([
    [{ output: 'yaml' }, '-o takes text or json'],
    [{ file: '-' }, '-f takes a file'],
    [{ file: '' }, '-f is empty'],
    [{ state: '' }, '--state is empty'],
  ])('refuses %j', (given, message) => {
    expect(() => createContext(optionsOf(given), { writes: false }, signals)).toThrow(message);
  });
});
