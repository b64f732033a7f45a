/** What logs put around a line: journald, syslog, containerd, klog, JSON (zap, Kubernetes, Docker), logfmt, colours. */
import type { Clues } from './types.ts';

export interface Stripped {
  readonly text: string;
  readonly clues: Clues;
  /** What the layers say of when it was written, from the outside. */
  readonly stamps: readonly string[];
}

/** One layer after another, from the outside: docker's JSON around klog's header around a quoted error. */
export function stripPrefix(line: string): Stripped {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  let text = line.replace(/\u001b\[[\d;]{0,20}m/g, '').trim();
  let clues: Clues = {};
  const stamps: string[] = [];
  for (const layer of LAYERS) {
    const found = layer(text);
    if (!found) continue;
    text = found.text;
    clues = { ...clues, ...found.clues };
    stamps.push(...found.stamps);
  }
  return { text: unescape(text), clues, stamps };
}

type Layer = (text: string) => Stripped | undefined;

const LAYERS: readonly Layer[] = [
  // `Nov 23 12:00:00 worker-1 kubelet[1234]: `, and journalctl -o short-iso
  (text) =>
    named(
      /^(?<when>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT[\d:.+Z-]{8,30}) (?<node>[\w.-]{1,253}) (?<program>[\w.-]{1,64})(?:\[\d{1,9}\])?: /,
      text,
    ),
  // What kubetls itself calls who writes a line: `kube-apiserver@master: `
  (text) =>
    named(
      /^(?<program>kube-[a-z]{1,20}|kubelet|etcd(?:-peer)?|front-proxy|aggregated-apiserver)@(?<node>[\w.-]{1,253}): /,
      text,
    ),
  dockerJson,
  // containerd and CRI-O: `2026-11-23T12:00:00.123456789Z stderr F `
  (text) => named(/^(?<when>\d{4}-\d\d-\d\dT[\d:.+Z-]{8,36}) (?:stdout|stderr) [FP] /, text),
  // klog: `E1123 12:00:00.000000       1 authentication.go:75] `
  (text) =>
    named(/^[IWEF](?<when>\d{4} \d\d:\d\d:\d\d\.\d{1,9}) {1,16}\d{1,12} [\w.-]{1,100}:\d{1,6}\] /, text),
  // Go's log (log.LstdFlags), etcd before 3.5: `2026/11/23 12:00:00 `, `2026-11-23 12:00:00.000000 I | embed: `
  (text) =>
    named(
      /^(?<when>\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) (?:[A-Z] \| [\w/.-]{1,64}: )?/,
      text,
    ),
  jsonLine,
];

function named(pattern: RegExp, text: string): Stripped | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const { when, ...clues } = match.groups ?? {};
  return { text: text.slice(match[0].length), clues, stamps: when === undefined ? [] : [when] };
}

/** `{"log":"E1123 …\n","stream":"stderr","time":"…"}` */
function dockerJson(text: string): Stripped | undefined {
  const fields = jsonFields(text);
  const log = fields?.['log'];
  return typeof log === 'string'
    ? { text: log.trim(), clues: {}, stamps: stampsIn(fields?.['time']) }
    : undefined;
}

/** The message, then its error, then what else is a text: `remote-addr="10.0.0.11:4312"`. */
function jsonLine(text: string): Stripped | undefined {
  const fields = jsonFields(text);
  if (!fields) return undefined;
  const { msg, error = fields['err'], ts, ...others } = fields;
  const rest = Object.entries(others).flatMap(([key, value]) =>
    typeof value === 'string' && key !== 'err' ? [`${key}=${JSON.stringify(value)}`] : [],
  );
  const told = [msg, error].filter((value) => typeof value === 'string');
  if (told.length === 0) return undefined;
  return { text: [...told, ...rest].join(' '), clues: {}, stamps: stampsIn(ts ?? fields['time']) };
}

/** zap's texts, and Kubernetes' numbers (component-base/logs/json). */
function stampsIn(value: unknown): readonly string[] {
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

function jsonFields(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** An error inside a quoted error inside a quoted message: all of their quotes become plain. */
function unescape(text: string): string {
  return text.replace(/\\{1,16}(["'])/g, '$1').replace(/\\n/g, ' ');
}
