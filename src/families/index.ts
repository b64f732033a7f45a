export { judge } from './judge.ts';
export { FAMILIES, type Family, type Judgement, type JudgeRequest } from './types.ts';
