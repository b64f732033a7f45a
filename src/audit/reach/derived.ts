/** The same questions of trees without a kubetls.yaml: asked where adoption would put their files. */
import type { Derived, Held, View } from '../view/types.ts';
import { viewOf } from '../view/view.ts';
import { type Compromised, whoCouldBecome } from './compromised.ts';
import { edgesWithout, type Without } from './without.ts';

export function derivedWithout(view: View, meant: readonly Held[], derived: Derived): Without {
  const placed = placedView(view, derived);
  const prints = new Set(meant.map(({ sha256 }) => sha256));
  const there = placed.certificates.filter(({ sha256 }) => prints.has(sha256));
  const found = edgesWithout(placed, there, derived.cluster);
  // Told as it stands in the trees, where it may have places that no edge has.
  const keys = new Set(meant.flatMap(({ isAuthority, key }) => (isAuthority ? [key] : [])));
  const gone = view.certificates.filter(({ sha256, key }) => prints.has(sha256) || keys.has(key));
  const files = [...new Set(gone.flatMap(({ places }) => places.map(({ path }) => path)))];
  return { ...found, gone, files };
}

export function derivedCompromised(view: View, key: string, derived: Derived): Compromised | undefined {
  const own = whoCouldBecome(view, key);
  const found = whoCouldBecome(placedView(view, derived), key);
  if (!own || !found) return own;
  return {
    ...own,
    tokens: own.tokens || found.tokens,
    identities: own.identities.map((one) => as(one, found.identities)),
    authorities: own.authorities.map((one) => as(one, found.authorities)),
  };
}

/** What was found of the same certificate, told of where it stands in the trees. */
function as<One extends { readonly held: Held }>(one: One, found: readonly One[]): One {
  const same = found.find(({ held: { sha256 } }) => sha256 === one.held.sha256);
  return same ? { ...same, held: one.held } : one;
}

function placedView({ at }: View, { cluster, inventory }: Derived): View {
  return viewOf({ at, cluster, inventory });
}
