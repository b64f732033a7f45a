import type { Instant } from '../base/index.ts';
import type { Cluster, ComponentName, Edge, StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { CauseId } from './causes/table.ts';
import type { Direction } from './evidence.ts';
import type { Written } from './written.ts';

/** What a line says, whoever prints it. Rows of several programs share an id when they say the same. */
export interface Symptom {
  readonly id: string;
  /** Who prints it so. */
  readonly by: string;
  /**
   * Bounded: no repetition without an end, so that a hostile line costs what its length costs. Named groups are
   * clues (`Clue`).
   */
  readonly pattern: RegExp;
  /** In plain words: one sentence, no full stop. */
  readonly says: string;
  /** Most likely first. */
  readonly causes: readonly CauseId[];
  /** The other side's judgement, heard as an alert or an answer. */
  readonly heard?: true;
  /** Where the text alone tells; `either`: not even its speaker tells. */
  readonly about?: Direction | 'either';
}

/** Parts of a line that narrow down which edge it is about. */
export type Clue =
  /** The name or address that the client verified the certificate for. */
  | 'name'
  /** `a, b`: the names that the certificate has. */
  | 'names'
  /** RFC 3339: the end, or the beginning, that was missed. */
  | 'notAfter'
  | 'notBefore'
  /** Decimal, of the client's certificate. */
  | 'serial'
  /** Where the client dialled to. */
  | 'host'
  | 'port'
  /** The address that the client came from. */
  | 'remote'
  /** As a program on the node names it. */
  | 'file'
  | 'node'
  | 'program';

export type Clues = Readonly<Partial<Record<Clue, string>>>;

/** Something beside the symptom that tells who speaks, of whom. */
export interface Circumstance {
  readonly pattern: RegExp;
  readonly speaker?: Direction;
  readonly clients?: readonly Edge['client']['component'][];
  readonly servers?: readonly ComponentName[];
  readonly socket?: 'client' | 'peer';
  /** Of something that `kubetls.yaml` knows nothing of, with the cause that such a thing has most. */
  readonly outside?: CauseId;
  /** A cause that such a thing has beside those of the symptom. */
  readonly besides?: CauseId;
}

/** A line, read. */
export interface Reading {
  /** Without the log's own prefix, quotes unescaped; not yet fit for a terminal. */
  readonly text: string;
  /** By its own clock; undefined when it does not say. */
  readonly written?: Written;
  readonly symptom: Symptom;
  /** Of a line that has two reasons: why the certificate is none of a front proxy either, which is looked at first. */
  readonly asProxy?: Symptom;
  readonly clues: Clues;
  readonly circumstances: readonly Circumstance[];
}

/** What lines are explained by. */
export interface World {
  readonly cluster: Cluster;
  readonly inventory: Inventory;
  readonly at: Instant;
  /** Hash of each file as kubetls wrote it: another one is replaced only with --overwrite. */
  readonly written: ReadonlyMap<StatePath, string>;
  /** A command on the same file and state, as a person would type it. */
  readonly again: (command: string) => string;
  /** What comes before such a command, where the files are not of a state yet: `kubetls adopt DIR`. */
  readonly first?: string | undefined;
  /** A path of the state as a person would type it; absent: as it is in the state. */
  readonly shown?: (path: StatePath) => string;
}

/**
 * `certain`: the files show it, and the line fits no other fault of theirs; `likely`: the files show it, or it is what such a
 * line mostly means; `possible`: it cannot be seen in files; `unlikely`: it could, and the files do not show it.
 */
export type Likelihood = 'certain' | 'likely' | 'possible' | 'unlikely';

export interface Explained {
  readonly id: CauseId;
  readonly likelihood: Likelihood;
  readonly title: string;
  /** The first of the edges that it breaks; undefined when it was not found on one. */
  readonly edge: string | undefined;
  readonly edges: readonly string[];
  /** Sentences: what was found, and where. */
  readonly evidence: readonly string[];
  readonly files: readonly StatePath[];
  /** A command, or a sentence. */
  readonly remedy: string;
  /** What is to be done after that: which file goes to which node, and what must be restarted. */
  readonly steps: readonly string[];
  /** When the files were judged for: the time of the line. Absent: the time of the question. */
  readonly asOf?: Instant;
}
