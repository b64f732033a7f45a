export { type TwinDifference, twinDifferences, twinDifferencesShownIn } from './differences.ts';
export { startTwin } from './twin.ts';
export type { Address, Patience, Twin, TwinCode, TwinLogLine, TwinOptions } from './types.ts';
