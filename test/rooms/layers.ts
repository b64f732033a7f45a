/**
 * The floors of the house: imports only go down, and a room is entered by its door. This is data: the
 * dependency check (.dependency-cruiser.mjs) and the invariants test read it.
 */
export interface Room {
  readonly name: string;
  readonly floor: 0 | 1 | 2 | 3 | 4;
  /** Rooms on the same floor, in the order in which they may use each other: later ones may use these. */
  readonly uses: readonly string[];
  /** What it must not know, and why. */
  readonly reason: string;
}

export const rooms: readonly Room[] = [
  { name: 'base', floor: 0, uses: [], reason: 'everything stands on it, so it may stand on nothing' },
  {
    name: 'yaml',
    floor: 0,
    uses: [],
    reason: 'text to a tree at a bounded cost: what it means is said above',
  },
  { name: 'x509', floor: 1, uses: [], reason: 'bytes to values and back: no Kubernetes, files or time' },
  {
    name: 'keystores',
    floor: 1,
    uses: ['x509'],
    reason: 'PKCS#12 and Java keystores to DER: what is in the DER is said elsewhere',
  },
  { name: 'verify', floor: 1, uses: ['x509'], reason: 'chains as Go builds them: no Kubernetes' },
  {
    name: 'families',
    floor: 1,
    uses: ['x509', 'verify'],
    reason: 'what programs that are not Go say to a chain: no Kubernetes, and it runs none of them',
  },
  {
    name: 'lint',
    floor: 1,
    uses: ['x509'],
    reason: "what is stricter than Go, as named checks: no policy, which is the caller's",
  },
  {
    name: 'kubeconfig',
    floor: 1,
    uses: [],
    reason: "client-go's rules over text: it is handed files and keys",
  },
  {
    name: 'issue',
    floor: 1,
    uses: ['x509'],
    reason: 'certificates from templates: not where they are stored',
  },
  { name: 'cluster', floor: 2, uses: [], reason: 'what is desired: not what exists on disk' },
  { name: 'inventory', floor: 2, uses: ['cluster'], reason: 'what was found: not how it was found' },
  {
    name: 'survey',
    floor: 2,
    uses: [],
    reason: 'what any tree holds, made by anybody: it knows no cluster file, and judges nothing',
  },
  {
    name: 'layouts',
    floor: 2,
    uses: ['survey'],
    reason: 'where each distribution keeps what, as tables: it changes nothing and judges nothing',
  },
  { name: 'trust', floor: 2, uses: ['cluster', 'inventory'], reason: 'verdicts are pure: no I/O' },
  { name: 'plan', floor: 2, uses: ['cluster', 'inventory', 'trust'], reason: 'decisions are pure: no I/O' },
  {
    name: 'rollout',
    floor: 2,
    uses: ['cluster', 'inventory', 'trust', 'plan'],
    reason: 'in which order files and restarts reach the nodes, as values: it reaches none',
  },
  {
    name: 'audit',
    floor: 2,
    uses: ['cluster', 'inventory', 'survey', 'layouts', 'trust', 'plan'],
    reason: 'named checks over values: it is told what is outside',
  },
  {
    name: 'explain',
    floor: 2,
    uses: ['cluster', 'inventory', 'trust'],
    reason: 'from a line of a log to its cause: it reads no log and no file, and is told the hour',
  },
  {
    name: 'graph',
    floor: 2,
    uses: ['cluster', 'inventory', 'trust'],
    reason: 'a picture of what was found: it judges nothing, and writes no file',
  },
  {
    name: 'adopt',
    floor: 2,
    uses: ['cluster', 'inventory', 'survey', 'layouts'],
    reason: 'from what was found to what is desired: it reads no tree and writes none',
  },
  { name: 'stores', floor: 3, uses: [], reason: 'moves bytes: no planning, no certificates' },
  {
    name: 'hosts',
    floor: 3,
    uses: ['stores'],
    reason: 'the machines of a cluster: moves bytes and starts commands, and knows no certificate',
  },
  { name: 'probe', floor: 3, uses: [], reason: 'dials and reports: judging is done on the floor below' },
  {
    name: 'kube',
    floor: 3,
    uses: ['probe'],
    reason:
      'own thin client of the API server: objects pass through it whole, and it knows no certificate in them',
  },
  { name: 'apply', floor: 3, uses: ['stores'], reason: 'the only hands on keys: it decides nothing' },
  {
    name: 'bulk',
    floor: 3,
    uses: ['apply'],
    reason: 'many certificates over several processes: not what they are for, nor where they are stored',
  },
  {
    name: 'prove',
    floor: 3,
    uses: ['hosts', 'probe'],
    reason: 'where predictions meet observations: it judges by the rules of trust, not by its own',
  },
  {
    name: 'carry',
    floor: 3,
    uses: ['stores', 'hosts', 'probe', 'prove'],
    reason: 'carries a roll-out to the machines, step by step: it decides nothing and makes no certificate',
  },
  {
    name: 'twin',
    floor: 3,
    uses: ['apply'],
    reason: 'must not be proven by itself: it does not know the probe',
  },
  { name: 'cli', floor: 4, uses: [], reason: 'wires, prints, exits: decisions are below' },
];
