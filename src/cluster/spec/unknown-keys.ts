/**
 * Keys that the schema does not have, and lists where it has keys. valibot stops at the first unknown key of
 * each object and takes lists for objects; people want to hear of all.
 */
import { type Path, pathText, type Problem, shortName } from './problems.ts';
import { nearest } from '../../base/index.ts';
import { quoted } from './formats.ts';
import type { Plain } from './yaml.ts';

/** As much of a valibot schema as says which keys there are. */
interface Shape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly wrapped?: Shape;
  /** Of a lazy schema: which one it is for a value. */
  readonly getter?: (value: unknown) => Shape;
}

/** A file of another kind has many; these tell enough. */
const MOST = 20;

export function unknownKeys(schema: Shape, value: Plain): Problem[] {
  const problems: Problem[] = [];
  const homes = keyHomes(schema);
  const walk = (shape: Shape, found: Plain, path: Path): void => {
    if (shape.wrapped) return walk(shape.wrapped, found, path);
    if (shape.getter) return walk(shape.getter(found), found, path);
    if (shape.item && Array.isArray(found)) {
      for (const [i, element] of found.entries()) walk(shape.item, element, [...path, i]);
    }
    if (shape.entries && Array.isArray(found)) {
      const message = `${shortName(path)} must be a map of keys, not a list`;
      problems.push({ code: 'cluster/spec-type', path, message });
    }
    if (!shape.entries || typeof found !== 'object' || Array.isArray(found)) return;
    for (const [key, inner] of Object.entries(found)) {
      const known = Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
      if (known) walk(known, inner, [...path, key]);
      else if (problems.length < MOST)
        problems.push(unknown([...path, key], key, Object.keys(shape.entries), homes));
    }
  };
  walk(schema, value, []);
  return problems;
}

function unknown(
  path: Path,
  key: string,
  here: readonly string[],
  homes: ReadonlyMap<string, string>,
): Problem {
  const near = nearest(key, here);
  const elsewhere = homes.get(key);
  const hint =
    near !== undefined
      ? `did you mean "${near}"?`
      : elsewhere !== undefined
        ? `it belongs to ${elsewhere}`
        : `known here: ${here.join(', ')}`;
  return { code: 'cluster/spec-unknown-key', path, message: `unknown key ${quoted(key)}`, hint, atKey: true };
}

/** Where each key that stands in one place only belongs: `nodes` to `spec`. */
function keyHomes(schema: Shape): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  const seen = new Set<string>();
  const walk = (shape: Shape, path: Path): void => {
    const inner = shape.wrapped ?? shape.item;
    if (inner) walk(inner, path);
    for (const [key, entry] of Object.entries(shape.entries ?? {})) {
      if (seen.has(key) || path.length === 0) homes.delete(key);
      else homes.set(key, pathText(path));
      seen.add(key);
      walk(entry, [...path, key]);
    }
  };
  walk(schema, []);
  return homes;
}
