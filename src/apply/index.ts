export { type Applied, type ApplyCode, type ApplyInput, applyPlan } from './apply.ts';
export { createRecorder } from './recorder.ts';
export { systemKeys, systemRandom } from './system-keys.ts';
