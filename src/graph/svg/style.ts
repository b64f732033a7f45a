/**
 * Colours have a contrast of 4.5 to 1 at least (WCAG 2.2, 1.4.3), in the light and in the dark. They are written
 * out, since librsvg and Inkscape know no custom properties.
 */
export const STYLE = `
.paper { fill: #ffffff; } .box { fill: #f6f8fa; } .ink { fill: #1b1f24; } .dim { fill: #57606a; }
.box, .wire { stroke: #57606a; } .wire { fill: none; } .tip { fill: #57606a; }
.s-ok { stroke: #1a7f37; } .s-partly { stroke: #7a5200; } .s-refused { stroke: #b3261e; } .s-unknown { stroke: #57606a; }
.f-ok { fill: #1a7f37; } .f-partly { fill: #7a5200; } .f-refused { fill: #b3261e; } .f-unknown { fill: #57606a; }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117; } .box { fill: #161b22; } .ink { fill: #e6edf3; } .dim { fill: #9ea7b3; }
.box, .wire { stroke: #9ea7b3; } .tip { fill: #9ea7b3; }
.s-ok { stroke: #3fb950; } .s-partly { stroke: #f0c044; } .s-refused { stroke: #ff8f87; } .s-unknown { stroke: #9ea7b3; }
.f-ok { fill: #3fb950; } .f-partly { fill: #f0c044; } .f-refused { fill: #ff8f87; } .f-unknown { fill: #9ea7b3; }
}
`;

export const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/** Pixels. DejaVu Sans Mono is the widest of these fonts: 0.602 of its size a column. */
export const SIZE = { title: 13, text: 11.5, head: 18, kind: 10 } as const;
const WIDEST = 0.61;

/** Pixels that so many columns take. */
export function widthOf(columns: number, size: number): number {
  return Math.ceil(columns * size * WIDEST);
}
