import type { Certificate } from '../x509/index.ts';

/** Leaf first. */
export type Chain = readonly Certificate[];
