export { LAYOUTS, type Recognised, type RecognisedFile, recogniseLayouts } from './recognise.ts';
export type { FileRole, Layout, LayoutRow } from './types.ts';
