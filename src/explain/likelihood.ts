import type { Likelihood } from './types.ts';

/** Best first. */
export const LIKELIHOODS: readonly Likelihood[] = ['certain', 'likely', 'possible', 'unlikely'];
