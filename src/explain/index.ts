export { createExplainer, type Explainer, writtenAt } from './explain.ts';
export { createLogReader, type Folded, type LogSummary } from './log.ts';
export { type CauseOfLines, explainAll } from './merge.ts';
export { readLine } from './read-line.ts';
export type { Explained, Likelihood, Reading, World } from './types.ts';
