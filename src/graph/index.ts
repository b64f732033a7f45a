export { type GraphInput, trustGraph } from './build.ts';
export { graphDot } from './dot.ts';
export { DRAWING, drawingOf, type DrawingOptions } from './drawing.ts';
export { graphJson } from './json.ts';
export { graphMermaid, MERMAID_LIMITS } from './mermaid.ts';
export { narrowGraph } from './narrow.ts';
export type * from './picture.ts';
export { graphSvg } from './svg/svg.ts';
export type * from './types.ts';
