export { mayHold as mayHoldMaterial } from './dumps.ts';
export type { FileFlag } from './flags.ts';
export { type Reference, references } from './kubeconfigs.ts';
export { readMaterial } from './material.ts';
export { openedFrom } from './opened.ts';
export { type FileReference, referencesIn } from './references.ts';
export {
  placeText,
  type Survey,
  type SurveyedCertificate,
  type SurveyedKey,
  Surveyor,
  type SurveyPlace,
} from './survey.ts';
export type { FoundKey, Material, Placed, Setting, SurveyCode, SurveyedFile, TreeFile } from './types.ts';
