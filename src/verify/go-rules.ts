/**
 * In what the Go of one Kubernetes release differs from that of another, when it reads and verifies
 * certificates. Each line was measured: the same chains, given to the programs of each Go
 * (docs/decisions/0009-go-rules.md).
 */

/**
 * `toolchain`: the Go that builds it. `godebug`: the release of Go that its go.mod asks to behave like
 * (`godebug default=`, else the `go` line); some changes wait for it (internal/godebugs/table.go).
 */
interface Go {
  readonly toolchain: number;
  readonly godebug: number;
}

/** Minor releases: Go 1.x, Kubernetes 1.y. The toolchain is that of the newest patch release. */
const GO_OF_KUBERNETES: Readonly<Record<number, Go>> = {
  31: { toolchain: 23, godebug: 22 },
  32: { toolchain: 24, godebug: 23 },
  33: { toolchain: 25, godebug: 24 },
  34: { toolchain: 25, godebug: 24 },
  35: { toolchain: 25, godebug: 25 },
  36: { toolchain: 26, godebug: 26 },
  37: { toolchain: 26, godebug: 26 },
};

const NEWEST = 37;

interface Change {
  readonly since: number;
  readonly by: keyof Go;
}

/** Paths are below src/crypto of Go. */
const CHANGES = {
  /** x509/parser.go, parseCertificate: GODEBUG x509negativeserial. */
  refusesNegativeSerials: { since: 23, by: 'godebug' },
  /** ../net/url/url.go, parseHost, by which the URIs of a certificate are read: GODEBUG urlstrictcolons. */
  refusesColonsInHosts: { since: 26, by: 'godebug' },
  /** rsa/rsa.go, checkKeySize: below 1024 bits; GODEBUG rsa1024min. */
  refusesShortRsaKeys: { since: 24, by: 'godebug' },
  /** internal/fips140/rsa, checkPublicKey: even numbers are refused, and texts tell what is wrong. */
  looksAtRsaNumbers: { since: 24, by: 'toolchain' },
  /** x509/x509.go, InsecureAlgorithmError.Error: no word any more of GODEBUG x509sha1, which is gone. */
  forgetsSha1: { since: 24, by: 'toolchain' },
  /** x509/verify.go, policiesValid; before, critical policy extensions but the first are unknown ones. */
  checksPolicies: { since: 24, by: 'toolchain' },
  /** x509/verify.go, HostnameError.Error: from 100 names on it tells their number. */
  countsManyNames: { since: 24, by: 'toolchain' },
  /** x509/verify.go, matchDomainConstraint: `*.a` is also excluded by `x.a`. */
  widensWildcards: { since: 24, by: 'toolchain' },
  /** The same, without shortening names of another length by a label. */
  widensWildcardsOfOneLength: { since: 25, by: 'toolchain' },
  /** x509/verify.go, buildChains: candidates that are passed over count as signature checks, and 100 end the search. */
  countsSkippedCandidates: { since: 25, by: 'toolchain' },
  /** x509/verify.go, Verify: name constraints are looked at when chains are built, not while; x509/constraints.go. */
  checksConstraintsLast: { since: 26, by: 'toolchain' },
  /** ecdsa, ParseUncompressedPublicKey: what is wrong with a point. */
  explainsPoints: { since: 26, by: 'toolchain' },
} as const satisfies Record<string, Change>;

/** What the Go of one release does. The same object for the same release. */
export type GoRules = Readonly<Record<keyof typeof CHANGES, boolean>>;

const known = new Map<string, GoRules>();

/**
 * The rules of Kubernetes 1.`minor`; of the nearest known release when it is not known.
 */
export function goRules(minor: number): GoRules {
  const go = GO_OF_KUBERNETES[Math.min(Math.max(minor, 31), NEWEST)]!;
  const key = `${go.toolchain} ${go.godebug}`;
  let rules = known.get(key);
  if (!rules) known.set(key, (rules = rulesOf(go)));
  return rules;
}

function rulesOf(go: Go): GoRules {
  const applies = Object.entries(CHANGES).map(([name, { since, by }]) => [name, go[by] >= since]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are those of the table
  return Object.fromEntries(applies) as GoRules;
}

/** Of the newest release of Kubernetes that is known here. */
export const newestRules = goRules(NEWEST);
