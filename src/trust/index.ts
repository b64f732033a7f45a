export { compareProof, type Difference } from './compare.ts';
export { credentialOf, type Material } from './credential.ts';
export { dependencies, type EdgeIndex, edgeIndex } from './dependencies.ts';
export { evaluate, evaluateAll, type EvaluateOptions, nodeAddresses } from './evaluate.ts';
export { judge } from './judge.ts';
export { judgeRefusal, predictRefusals } from './refusals.ts';
export type { Broken } from './sources.ts';
export type * from './types.ts';
export { edgeWords, type EdgeWords } from './words.ts';
