import type { StatePath } from '../../cluster/index.ts';
import type { Severity } from '../types.ts';
import { placeId } from '../view/place-id.ts';
import type { Place, Used, View } from '../view/types.ts';

/** Headings, in the order in which a report has them. */
export const GROUPS = {
  chains: 'Chains',
  keys: 'Keys and pairs',
  expiry: 'Expiry',
  names: 'Names',
  usages: 'Usages',
  roles: 'Who can become whom',
  authorities: 'Authorities',
  nodes: 'Nodes that disagree',
  files: 'Files',
  algorithms: 'Algorithms',
  strict: 'Strict verifiers',
  revocation: 'Revocation lists',
  kubeconfigs: 'Kubeconfigs',
  form: 'Form of a certificate',
  edges: 'Edges and drift',
  live: 'The running cluster',
  exceptions: 'Exceptions',
} as const;

export type Group = keyof typeof GROUPS;

/** A row of the table of checks, as a person reads it. */
export interface CheckRow {
  /** Stable: exceptions and scripts name it. */
  readonly id: string;
  readonly group: Group;
  readonly severity: Severity;
  /** What is wrong, without a place. */
  readonly title: string;
  readonly why: string;
  /** What can be done: a sentence or a command. */
  readonly remedy: string;
  /** Where the rule stands: an RFC's section, a file of Kubernetes, etcd or Go. */
  readonly source: string;
}

/** What a check has seen. */
export interface Spotted {
  /** Ids (`placeId`) of all that it is about; the first is where a reader is sent. Never empty. */
  readonly places: readonly StatePath[];
  /** One sentence, no trailing full stop; never holds key material. */
  readonly message: string;
  /** In place of the row's own. */
  readonly severity?: Severity;
  readonly remedy?: string;
  /** In the first of the places, from 1. */
  readonly line?: number;
  readonly column?: number;
}

export interface TreeCheck extends CheckRow {
  readonly look: (view: View) => readonly Spotted[];
}

/** A check over what follows from other faults: it is told which files have been found at fault. */
export interface ConsequenceCheck extends CheckRow {
  readonly look: (view: View, blamed: ReadonlySet<StatePath>) => readonly Spotted[];
}

/** What a reader sees of a check. */
export function rowOf({ id, group, severity, title, why, remedy, source }: CheckRow): CheckRow {
  return { id, group, severity, title, why, remedy, source };
}

/** Rows of one group. */
export function groupOf<Row extends CheckRow>(
  group: Group,
  rows: readonly Omit<Row, 'group'>[],
): readonly Row[] {
  return rows.map((row) => ({ ...row, group }) as Row);
}

/** One that is about a certificate in all its places. */
export function spot(places: readonly Place[], message: string, more: Partial<Spotted> = {}): Spotted {
  return { places: [...new Set(places.map(idOf))], message, ...more };
}

/** One that is about a certificate in one place. */
export function spotAt({ place }: Used, message: string, more: Partial<Spotted> = {}): Spotted {
  return { places: [idOf(place)], message, ...more };
}

function idOf({ path, inside }: Place): StatePath {
  return placeId(path, inside);
}
