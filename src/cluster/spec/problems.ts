import { type Failure, KubetlsError } from '../../base/index.ts';

/** What can be wrong with a `kubetls.yaml`. */
export type SpecCode =
  | 'cluster/spec-too-large'
  | 'cluster/spec-yaml'
  | 'cluster/spec-duplicate-key'
  | 'cluster/spec-unknown-key'
  | 'cluster/spec-missing'
  | 'cluster/spec-type'
  /** A word that is none of those allowed. */
  | 'cluster/spec-word'
  /** A value that does not have the form it needs. */
  | 'cluster/spec-value'
  | 'cluster/spec-too-many'
  | 'cluster/spec-duplicate'
  | 'cluster/spec-no-control-plane'
  | 'cluster/spec-no-etcd'
  | 'cluster/spec-no-address'
  | 'cluster/spec-subnet'
  | 'cluster/spec-lifetime'
  | 'cluster/spec-algorithm'
  | 'cluster/spec-user'
  /** kubeadm makes no such tree. */
  | 'cluster/spec-not-kubeadm';

/** Path in the file: keys and list indexes, from the top. */
export type Path = readonly (string | number)[];

/** A problem that knows which value it is about, and not yet where that stands. */
export interface Problem {
  readonly code: SpecCode;
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The place is that of the key itself, not of its value. */
  readonly atKey?: boolean;
}

/** More are counted and not listed: a file of another kind would otherwise print itself. */
const LISTED = 100;

/** All that is wrong with a file, in the order of its lines. With one problem it is that problem. */
export class SpecError extends KubetlsError<SpecCode> {
  readonly problems: readonly Failure<SpecCode>[];

  constructor(file: string, problems: readonly [Failure<SpecCode>, ...Failure<SpecCode>[]]) {
    const [first] = problems;
    const only = problems.length === 1;
    super(only ? first : { ...first, message: `${file} has ${problems.length} problems` });
    this.problems = problems.slice(0, LISTED);
  }
}

/** `spec.nodes[2].addresses[0]` */
export function pathText(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** What a message calls a value whose whole path stands before it: `roles[0]`. */
export function shortName(path: Path): string {
  const key = path.findLastIndex((step) => typeof step === 'string');
  return key < 0 ? 'the file' : pathText(path.slice(key));
}
