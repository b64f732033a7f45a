import { extname } from 'node:path';
import {
  type DialLink,
  type Drawing,
  DRAWING,
  drawingOf,
  type DrawingOptions,
  graphDot,
  graphJson,
  graphMermaid,
  graphSvg,
  MERMAID_LIMITS,
  narrowGraph,
  type TrustGraph,
} from '../../graph/index.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { writeGraph } from '../graph/file.ts';
import { graphOfState, graphOfTrees } from '../graph/source.ts';
import { passwordFrom } from '../password.ts';
import { number, shellWord, shownPath } from '../text.ts';

type Picture = 'mermaid' | 'dot' | 'svg';

const PICTURES: Readonly<Record<Picture, (drawing: Drawing) => string>> = {
  mermaid: graphMermaid,
  dot: graphDot,
  svg: graphSvg,
};

/** What the ending of --out says, where -o says nothing. */
const ENDINGS: Readonly<Record<string, Picture | 'json'>> = {
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.svg': 'svg',
  '.json': 'json',
};

const STATES: readonly string[] = ['ok', 'refused', 'unknown'] satisfies DialLink['state'][];

/** A picture is what was asked for, whatever it shows: 0. */
export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const out = options['out'];
  if (out === '') throw usage('--out is empty');
  const form = formOf(context.form, out);
  const drawing = drawingOptions(options, form, console.verbose);
  const only = stateOf(options['only']);
  const password = await passwordFrom(options['passwordFile']);
  if (password && words.length === 0)
    throw usage('--password-file is for trees', 'name one: kubetls graph DIR');
  const whole = await (words.length === 0 ? graphOfState(context) : graphOfTrees(context, words, password));
  const graph = narrowed(whole, { parts: options['edge'] as readonly string[], only, words });
  if (graph.nodes.length === 0) console.warn(`nothing to draw: ${nothingIn(whole, only)}`);
  const text = form === 'json' ? undefined : PICTURES[form](drawingOf(graph, drawing));
  if (typeof out === 'string') {
    await writeGraph(out, text ?? `${JSON.stringify(graphJson(graph), undefined, 2)}\n`);
    console.say(`Written: ${shownPath(out)}`);
  } else if (text === undefined) console.printJson(graphJson(graph));
  else console.printRaw(text);
  if (form === 'mermaid' && text !== undefined) warnOfLimits(context, text);
  return Exit.ok;
}

function nothingIn({ nodes, name }: TrustGraph, only: string | undefined): string {
  if (nodes.length === 0) return `there is no certificate in ${name}`;
  return `no edge is ${only ?? 'there'}`;
}

/** Mermaid is text that a terminal shows, a page draws, and a diff compares. */
function formOf(form: string, out: CommandOptions[string]): Picture | 'json' {
  if (form === 'mermaid' || form === 'dot' || form === 'svg' || form === 'json') return form;
  return (typeof out === 'string' ? ENDINGS[extname(out).toLowerCase()] : undefined) ?? 'mermaid';
}

function drawingOptions(
  { fold, trusts }: CommandOptions,
  form: Picture | 'json',
  verbose: boolean,
): DrawingOptions {
  if (form === 'json' && (fold !== undefined || trusts === true))
    throw usage('JSON has everything, unfolded: --fold and --trusts are for pictures');
  if (verbose && fold !== undefined) throw usage('-v folds nothing, so --fold cannot stand beside it');
  const kinds = trusts === true ? new Set([...DRAWING.kinds, 'trusts' as const]) : DRAWING.kinds;
  return { ...DRAWING, kinds, most: verbose ? Number.POSITIVE_INFINITY : mostOf(fold) };
}

function mostOf(fold: CommandOptions[string]): number {
  if (fold === undefined) return DRAWING.most;
  if (typeof fold === 'string' && /^[1-9]\d{0,5}$/.test(fold)) return Number(fold);
  throw usage(`--fold takes a whole number from 1 to 999999, not ${String(fold)}`, '-v folds nothing');
}

function stateOf(only: CommandOptions[string]): string | undefined {
  if (only === undefined || STATES.includes(String(only))) return only as string | undefined;
  throw usage(`--only takes ${STATES.join(', ')}, not ${String(only)}`);
}

interface Wanted {
  readonly parts: readonly string[];
  readonly only: string | undefined;
  /** Trees that are drawn. */
  readonly words: readonly string[];
}

function narrowed(graph: TrustGraph, { parts, only, words }: Wanted): TrustGraph {
  if (parts.length === 0 && only === undefined) return graph;
  const isNamed = ({ edge }: DialLink) => parts.length === 0 || parts.some((part) => edge.includes(part));
  const dials = graph.links.filter((link) => link.kind === 'dials');
  if (!dials.some(isNamed)) {
    const all = ['kubetls graph', ...words.map(shellWord), '-o json'].join(' ');
    throw usage(`no edge has ${parts.join(' or ')} in its id`, `see the ids with: ${all}`);
  }
  return narrowGraph(graph, (dial) => isNamed(dial) && (only === undefined || dial.state === only));
}

function warnOfLimits({ console }: Context, text: string): void {
  const lines = text.match(/^ {2}n\d+ .*(?:--|==|-\.-).* n\d+$/gm)?.length ?? 0;
  if (lines <= MERMAID_LIMITS.lines && text.length <= MERMAID_LIMITS.characters) return;
  console.warn(
    `Mermaid draws ${number(MERMAID_LIMITS.lines)} lines and ${number(MERMAID_LIMITS.characters)} characters at most by its defaults; this has ${number(lines)} and ${number(text.length)}. Fold more, or take -o svg`,
  );
}
