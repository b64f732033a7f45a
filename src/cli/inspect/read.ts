import { type Material, readMaterial } from '../../survey/index.ts';

/** What somebody handed in, under the name by which they call it. */
export interface Inspected extends Material {
  readonly source: string;
}

export function inspectBytes(bytes: Uint8Array, source: string): Inspected {
  return { source, ...readMaterial(bytes, source) };
}
