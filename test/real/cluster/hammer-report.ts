// What a hammer has seen, as hammer/main.go prints it, and what is read from it.

interface Failures {
  tls: number;
  /** Answered with 401. */
  unauthorized: number;
  /** The client's own files made no pair. */
  torn: number;
  other: number;
}

/** What became of the connections of one edge. */
export interface Hammered extends Failures {
  id: string;
  ok: number;
  /** Of its failures, those after one that was ok. */
  lost: Failures;
  refused: number;
  /** Closed without a word by who listened. */
  cut: number;
  /** Of all that, those that made a request: what shows who is let in but not known. */
  asked: number;
  /** How often each was said of all that is not ok. */
  texts: Readonly<Record<string, number>>;
  /** Serial numbers, hex, in the order in which they were first seen. */
  served: readonly string[] | null;
  shown: readonly string[] | null;
  /** How often the server showed another certificate than at the connection before. */
  switches: number;
  /** Seconds, the longest time between two that were ok. */
  gap: number;
  /** Seconds from the start: when it was first refused or cut, and last. */
  away: readonly [number, number] | null;
  /** Connections in each WINDOW from the start, whatever became of them; the last is not whole. */
  windows: readonly number[];
}

export interface HammerReport {
  seconds: number;
  edges: readonly Hammered[];
}

const WINDOW = 5; // seconds, as in hammer/tally.go

export const rateOf = ({ seconds }: HammerReport, one: Hammered): number =>
  (one.ok + one.tls + one.unauthorized + one.torn + one.refused + one.cut + one.other) / seconds;

/** Connections a second in its worst five; Infinity when there were no five. */
export const worstOf = ({ windows }: Hammered): number => Math.min(...windows.slice(0, -1)) / WINDOW;

/** Of what the same hammer reaches while nothing is done to the cluster. */
const OF_REST = 0.6;

/**
 * Connections a second on each edge that a renewal has to leave: `wanted`, or a part of what the machine can at all.
 * Two processors differ by a factor of two, and by who else is there.
 */
export const fewest = (wanted: number, atRest: HammerReport): number =>
  Math.min(wanted, OF_REST * Math.min(...atRest.edges.map((one) => rateOf(atRest, one))));

/** In one line: `17 edges, 4321 handshakes in 12.3 s (20.0 to 20.1 a second each, 20.0 in the middle, …`. */
export function hammerText(report: HammerReport): string {
  const { edges, seconds } = report;
  const sum = (of: (one: Hammered) => number) => edges.reduce((total, one) => total + of(one), 0);
  const rates = edges.map((one) => rateOf(report, one)).sort((one, other) => one - other);
  const [least, middle, most] = [0, rates.length >> 1, rates.length - 1].map((i) => rates[i]?.toFixed(1));
  const worst = Math.min(...edges.map(worstOf));
  const inWorst = Number.isFinite(worst) ? `, ${worst.toFixed(1)} in the worst five seconds of any` : '';
  const each = `${least} to ${most} a second each, ${middle} in the middle${inWorst}`;
  const requests = `${sum(({ asked }) => asked)} with a request`;
  const failed = sum(failuresOf);
  const away = `${sum(({ refused }) => refused)} refused and ${sum(({ cut }) => cut)} cut by restarts`;
  return `${edges.length} edges, ${sum(({ ok }) => ok)} handshakes in ${seconds.toFixed(1)} s (${each}), ${requests}, ${failed} failed; ${away}`;
}

/** Endpoints that were away while another was; each of them is restarted once. */
export function awayTogether({ edges }: HammerReport): string[] {
  const byEndpoint = new Map<string, [number, number]>();
  for (const { id, away } of edges) {
    if (!away) continue;
    const endpoint = id.slice(id.indexOf('/') + 1);
    const [from, to] = byEndpoint.get(endpoint) ?? away;
    byEndpoint.set(endpoint, [Math.min(from, away[0]), Math.max(to, away[1])]);
  }
  const inOrder = [...byEndpoint].sort(([, [one]], [, [other]]) => one - other);
  return inOrder.flatMap(([endpoint, [from]], i) => {
    const [before, [, to] = [0, 0]] = inOrder[i - 1] ?? [];
    return before !== undefined && from < to ? [`${endpoint} while ${before}`] : [];
  });
}

export const failuresOf = ({ tls, unauthorized, torn, other }: Failures): number =>
  tls + unauthorized + torn + other;

/**
 * These listen before they have read from the API whom they know: "it's better to have nothing for a brief time than
 * completely crash" (apiserver pkg/server/dynamiccertificates/configmap_cafile_content.go, RunOnce).
 */
const KNOWS_NOBODY_AT_FIRST = /^kube-(?:controller-manager|scheduler)@/;
const IN_THAT_TIME = 3;

/** The same of an endpoint that was started so often meanwhile. */
export function failuresBeside(starts: number, endpoint: string, one: Failures): number {
  const expected = KNOWS_NOBODY_AT_FIRST.test(endpoint) ? starts * IN_THAT_TIME : 0;
  return failuresOf(one) - Math.min(one.unauthorized, expected);
}
