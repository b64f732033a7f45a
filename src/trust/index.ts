export { credentialOf } from './credential.ts';
export { edgeIndex } from './dependencies.ts';
export { evaluate, evaluateAll, type EvaluateOptions, nodeAddresses } from './evaluate.ts';
export { frontProxyUser } from './identity.ts';
export { judge } from './judge.ts';
export { isStranger, judgeRefusal, predictRefusals, type Stranger, strangersOf } from './refusals.ts';
export type * from './types.ts';
export { edgeWords, type EdgeWords } from './words.ts';
