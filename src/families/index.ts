export { alertHeard, type AlertMoment, KNOWN_ALERTS } from './alerts.ts';
export { judge } from './judge.ts';
export { clientHears, serverHears } from './other-side.ts';
export { FAMILIES, type Family, type Judgement, type JudgeRequest } from './types.ts';
