/** Exceptions: findings that somebody has looked at and lives with, each with a reason and a date. */
import { DAY, hintFor, type Instant, KubetlsError, nearest, type Where } from '../base/index.ts';
import { type Plain, readYaml } from '../cluster/index.ts';
import { inOrder, type TreeFinding } from './audit-tree.ts';
import { checkById } from './check-table.ts';
import { placeParts, placeText } from './view/place-id.ts';

export type ExceptionsCode = 'audit/exceptions';

export interface Exception {
  readonly id: string;
  /** A glob over paths: `*` within a name, `**` over several. */
  readonly place: string;
  readonly reason: string;
  /** The end of that day, UTC. */
  readonly until: Instant;
  readonly where: Where;
}

export interface Excepted {
  /** Those that remain, and those that exceptions themselves have. */
  readonly findings: readonly TreeFinding[];
  readonly excepted: readonly { readonly finding: TreeFinding; readonly exception: Exception }[];
}

const KEYS = ['id', 'place', 'reason', 'until'] as const;
const TOP = ['apiVersion', 'kind', 'exceptions'] as const;
/** Longer than any path of the state, and a bound for what a pattern costs. */
const LONGEST = 512;

/**
 * @throws KubetlsError `audit/exceptions`, with line and column, for the first thing that is wrong
 */
export function parseExceptions(text: string, file: string): Exception[] {
  const yaml = readYaml(text);
  const fail = (path: readonly (string | number)[], message: string, hint?: string, atKey = false): never => {
    const where = { file, ...yaml.locate(path, atKey) };
    throw new KubetlsError<ExceptionsCode>({
      code: 'audit/exceptions',
      message,
      where,
      ...(hint !== undefined && { hint }),
    });
  };
  if (yaml.refused) return fail([], `this is no YAML: ${yaml.refused.message}`);
  const [problem] = yaml.problems;
  if (problem) return fail(problem.path, problem.message, problem.hint, problem.atKey);
  const top = mapOf(yaml.value) ?? fail([], 'must be a map with the key exceptions');
  requireKeys(top, TOP, [], fail);
  if (top['apiVersion'] !== 'kubetls/v1') fail(['apiVersion'], 'apiVersion must be kubetls/v1');
  if (top['kind'] !== 'Exceptions') fail(['kind'], 'kind must be Exceptions');
  const list = top['exceptions'] ?? [];
  if (!Array.isArray(list)) return fail(['exceptions'], 'exceptions must be a list');
  return list.map((one, i) => {
    const path = ['exceptions', i];
    const entry = mapOf(one) ?? fail(path, 'an exception is a map');
    requireKeys(entry, KEYS, path, fail);
    const [id, place, reason, until] = KEYS.map((key) => textOf(entry, key, path, fail)) as Four;
    if (!checkById.has(id)) fail([...path, 'id'], `there is no check ${JSON.stringify(id)}`, idHint(id));
    const end = dayOf(until) ?? fail([...path, 'until'], 'until must be a day, such as 2027-01-31');
    return { id, place, reason, until: end, where: { file, ...yaml.locate(path, false) } };
  });
}

type Four = [string, string, string, string];
type Fail = (path: readonly (string | number)[], message: string, hint?: string, atKey?: boolean) => never;
type Entries = Readonly<Record<string, Plain>>;

function mapOf(value: Plain): Entries | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}

function requireKeys(
  found: Entries,
  known: readonly string[],
  path: readonly (string | number)[],
  fail: Fail,
): void {
  for (const key of Object.keys(found)) {
    if (!known.includes(key))
      fail([...path, key], `unknown key ${JSON.stringify(key)}`, hintFor(key, known), true);
  }
}

function textOf(found: Entries, key: string, path: readonly (string | number)[], fail: Fail): string {
  const value = found[key];
  if (typeof value !== 'string' || value === '') return fail([...path, key], `${key} is missing`);
  return value.length > LONGEST ? fail([...path, key], `${key} is longer than ${LONGEST} characters`) : value;
}

/** For an id that is none. All of them would fill a screen. */
export function idHint(id: string): string {
  const near = nearest(id, [...checkById.keys()]);
  return near === undefined ? 'kubetls check --list shows all of them' : `did you mean "${near}"?`;
}

function dayOf(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const start = Date.parse(text);
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== text
    ? undefined
    : start + DAY - 1;
}

/** What is excused is so only in all of its places: a copy that nobody has looked at is told. */
export function applyExceptions(
  findings: readonly TreeFinding[],
  exceptions: readonly Exception[],
  at: Instant,
): Excepted {
  const inForce = exceptions.map((exception) => ({ exception, matches: matcher(exception), used: false }));
  const excepted: { finding: TreeFinding; exception: Exception }[] = [];
  const left: TreeFinding[] = [];
  for (const finding of findings) {
    const hit = inForce.find(({ matches }) => matches(finding));
    if (hit) hit.used = true;
    if (hit && hit.exception.until >= at) excepted.push({ finding, exception: hit.exception });
    else left.push(finding);
  }
  const own = inForce.flatMap(({ exception, used }) => {
    if (exception.until < at) return [ownFinding('exception-ended', exception)];
    return used ? [] : [ownFinding('exception-unmatched', exception)];
  });
  return { findings: inOrder([...left, ...own]), excepted };
}

function matcher({ id, place }: Exception): (finding: TreeFinding) => boolean {
  const parts = place.split(/(\*\*\/?|\*)/).filter((part) => part !== '');
  return (finding) =>
    finding.id === id &&
    finding.places.every(
      (one) => matchesGlob(parts, placeParts(one).file) || matchesGlob(parts, placeText(one)),
    );
}

/** Not by a regular expression: names of files come from others, and could make one take for ever. */
function matchesGlob(parts: readonly string[], path: string): boolean {
  let ends: ReadonlySet<number> = new Set([0]);
  for (const part of parts) ends = endsAfter(part, path, ends);
  return ends.has(path.length);
}

/** Where a part can end that begins at one of these places. */
function endsAfter(part: string, path: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  if (part.startsWith('**')) {
    // What the first can reach, all others can; before a slash also no directory at all.
    const first = Math.min(...starts);
    for (let end = first; end <= path.length; end++) {
      if (part === '**' || starts.has(end) || path[end - 1] === '/') found.add(end);
    }
    return starts.size === 0 ? starts : found;
  }
  for (const start of starts) {
    if (part !== '*') {
      if (path.startsWith(part, start)) found.add(start + part.length);
      continue;
    }
    const slash = path.indexOf('/', start);
    for (let end = start; end <= (slash < 0 ? path.length : slash); end++) found.add(end);
  }
  return found;
}

function ownFinding(id: 'exception-ended' | 'exception-unmatched', exception: Exception): TreeFinding {
  const row = checkById.get(id);
  if (!row) throw new TypeError(`${id} is in the table`);
  const { group, title, severity, remedy } = row;
  const { where, until } = exception;
  const day = new Date(until).toISOString().slice(0, 10);
  const evidence = `${exception.id} at ${exception.place}, until ${day}: ${exception.reason}`;
  return {
    id,
    severity,
    where,
    message: `${title}: ${evidence}`,
    remedy,
    group,
    title,
    evidence,
    places: where.file === undefined ? [] : [where.file],
  };
}
