import type { View } from './types.ts';

/** What several checks ask of a view: made when the first one asks. */
export function perView<T>(make: (view: View) => T): (view: View) => T {
  const known = new WeakMap<View, { readonly value: T }>();
  return (view) => {
    let made = known.get(view);
    if (!made) known.set(view, (made = { value: make(view) }));
    return made.value;
  };
}
