/** docs/benchmarks.md from the recorded rows of `npm run bench -- --record`. */

/** @param {{ name: string, ratio: number, unit: string, detail: string, atMost?: number, atLeast?: number }} row */
export function holds({ ratio, atMost = Infinity, atLeast = 0 }) {
  return ratio <= atMost && ratio >= atLeast;
}

/** `at most 1.5`; `-` for a row that is there to be looked at. */
export function limitText({ atMost, atLeast }) {
  if (atMost !== undefined) return `at most ${atMost}`;
  return atLeast === undefined ? '-' : `at least ${atLeast}`;
}

/** What a ratio may lose between two runs of the same code, of itself. */
const NOISE = 0.1;

/** `23% worse than recorded`, within the limit too; undefined without a limit, which tells what worse is. */
export function slipText({ ratio, atMost, atLeast }, recorded) {
  if (recorded === undefined || (atMost === undefined && atLeast === undefined)) return undefined;
  const worse = atMost === undefined ? recorded / ratio - 1 : ratio / recorded - 1;
  return worse > NOISE ? `${Math.round(worse * 100)}% worse than recorded` : undefined;
}

/** @param {{ node: string, processor: string, cores: number }} machine */
export function benchPage({ machine, rows }) {
  const lines = rows.map((row) => {
    const limit = `${limitText(row)}${holds(row) ? '' : ' (does not hold)'}`;
    return `| ${row.name} | ${row.ratio.toFixed(2)} ${row.unit} | ${limit} | ${row.detail} |`;
  });
  return `# Benchmarks

Recorded by \`npm run bench -- --record\`; do not edit. \`npm run bench\` measures again and prints each ratio beside the recorded one; \`npm run bench NAME\` runs one file of \`bench/\`.

Every number is a ratio against a reference that runs side by side, in turns, in the same run, so that it says the same on another machine. Absolute figures are of the machine that recorded them: Node ${machine.node}, ${machine.cores} cores of ${machine.processor}. MiB are the largest resident memory of a process. Nothing here is a test: a busy machine must not fail one. A limit that does not hold ends \`npm run bench\` with 1.

| what | ratio | limit | measured |
|---|---|---|---|
${lines.join('\n')}
`;
}
