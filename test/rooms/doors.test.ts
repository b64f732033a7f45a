/**
 * The names that the library and each room give away, spelt out, so that a change of them is seen in review.
 * After a wanted change: copy the names that the failing test prints.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { doors } from './doors.ts';

const source = resolve(import.meta.dirname, '../../src');
const doorFiles = Object.fromEntries(
  Object.keys(doors).map((name) => [name, join(source, name === 'library' ? '.' : name, 'index.ts')]),
);
const program = ts.createProgram(Object.values(doorFiles), {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  noLib: true,
  types: [],
});
const checker = program.getTypeChecker();

/** Values, then types, each in order. */
function namesOf(file: string): { values: string[]; types: string[] } {
  const door = program.getSourceFile(file);
  const symbol = door && checker.getSymbolAtLocation(door);
  if (!symbol) throw new Error(`${file} exports nothing`);
  const names = { values: [] as string[], types: [] as string[] };
  for (const exported of checker.getExportsOfModule(symbol)) {
    names[isValue(exported) ? 'values' : 'types'].push(exported.name);
  }
  return { values: names.values.sort(), types: names.types.sort() };
}

function isValue(exported: ts.Symbol): boolean {
  const typeOnly = exported.declarations?.some(
    (one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly),
  );
  const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return typeOnly !== true && (target.flags & ts.SymbolFlags.Value) !== 0;
}

describe('public names', () => {
  for (const [name, { values, types }] of Object.entries(doors)) {
    it(name, () => {
      const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
      expect(namesOf(doorFiles[name] as string)).toEqual({ values: words(values), types: words(types) });
    });
  }

  it('are listed for every room that has a door', () => {
    const rooms = readdirSync(source, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(join(source, entry.name)).includes('index.ts'))
      .map((entry) => entry.name);
    expect(Object.keys(doors).sort()).toEqual(['library', ...rooms].sort());
  });
});
