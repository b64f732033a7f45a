/** Where things are in our SVG, by its paths and by the widest font that it names. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** Boxes with their texts, in the coordinates of the page. */
export function boxesIn(svg: string): { readonly area: Area; readonly texts: readonly Area[] }[] {
  const by = shiftOf(svg);
  return [...drawingIn(svg).matchAll(/<g class="node">([^]*?)<\/g>/g)].map(([, inner = '']) => ({
    area: moved(together(pathsIn(inner).map(areaOfPath)), by),
    texts: textsIn(inner).map((area) => moved(area, by)),
  }));
}

export function linesIn(svg: string): Area[] {
  const lines = drawingIn(svg).matchAll(/<path class="wire[^"]*" [^>]*?\bd="([^"]*)"/g);
  return Array.from(lines, ([, d = '']) => moved(areaOfPath(d), shiftOf(svg)));
}

function drawingIn(svg: string): string {
  return /<g class="drawing"[^]*?(?=<g class="legend")/.exec(svg)?.[0] ?? '';
}

function shiftOf(svg: string): readonly [x: number, y: number] {
  const shifts = ['page', 'drawing'].map((name) => {
    const [, x, y] =
      new RegExp(`<g class="${name}" transform="translate\\(([\\d.]+) ([\\d.]+)\\)"`).exec(svg) ?? [];
    return [Number(x), Number(y)] as const;
  });
  return shifts.reduce(([x, y], [dx, dy]) => [x + dx, y + dy], [0, 0] as const);
}

function moved({ left, right, top, bottom }: Area, [x, y]: readonly [number, number]): Area {
  return { left: left + x, right: right + x, top: top + y, bottom: bottom + y };
}

function together(areas: readonly Area[]): Area {
  return {
    left: Math.min(...areas.map(({ left }) => left)),
    right: Math.max(...areas.map(({ right }) => right)),
    top: Math.min(...areas.map(({ top }) => top)),
    bottom: Math.max(...areas.map(({ bottom }) => bottom)),
  };
}

function pathsIn(markup: string): string[] {
  return Array.from(markup.matchAll(/<path [^>]*?\bd="([^"]*)"/g), ([, d = '']) => d);
}

/** Of the points and control points of a path: a curve stays within them. */
function areaOfPath(d: string): Area {
  let [x, y] = [0, 0];
  const points: (readonly [number, number])[] = [];
  const to = (nextX: number, nextY: number) => {
    [x, y] = [nextX, nextY];
    points.push([x, y]);
  };
  for (const [, command = '', rest = ''] of d.matchAll(/([MLHVChvaZ])([^MLHVChvaZ]*)/g)) {
    const numbers = (rest.match(/-?[\d.]+/g) ?? []).map(Number);
    const [a = 0] = numbers;
    if (command === 'H') to(a, y);
    else if (command === 'V') to(x, a);
    else if (command === 'h') to(x + a, y);
    else if (command === 'v') to(x, y + a);
    else if (command === 'a') to(x + (numbers[5] ?? 0), y + (numbers[6] ?? 0));
    else for (let i = 0; i + 1 < numbers.length; i += 2) to(numbers[i] ?? 0, numbers[i + 1] ?? 0);
  }
  const [xs, ys] = [points.map(([one]) => one), points.map(([, one]) => one)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** DejaVu Sans Mono: 0.602 of the size a character, 0.93 above the line and 0.24 below it. */
function textsIn(markup: string): Area[] {
  const texts = markup.matchAll(
    /<text [^>]*?font-size="([\d.]+)"[^>]*? x="([-\d.]+)" y="([-\d.]+)">([^<]*)</g,
  );
  return Array.from(texts, ([, size, x, y, text = '']) => {
    const [em, left, base] = [Number(size), Number(x), Number(y)];
    const characters = [...text.replace(/&\w+;|&#\d+;/g, '.')];
    const width = characters.reduce((sum, one) => sum + (isWide(one) ? 1.204 : 0.602), 0) * em;
    return { left, right: left + width, top: base - 0.93 * em, bottom: base + 0.24 * em };
  });
}

/** Scripts whose characters are as wide as two. */
function isWide(character: string): boolean {
  return /\p{scx=Han}|\p{scx=Hiragana}|\p{scx=Katakana}|\p{scx=Hangul}|\p{Emoji_Presentation}/u.test(
    character,
  );
}
