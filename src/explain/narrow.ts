/** Which edges a line can be about: each clue in turn keeps those that agree with it, unless none does. */
import { posix } from 'node:path';
import { toRfc3339 } from '../base/index.ts';
import type { Cluster, Edge, StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { asSeen } from '../trust/index.ts';
import { serialDecimal } from '../x509/index.ts';
import type { Direction } from './evidence.ts';
import { sideOf } from './refused.ts';
import type { Circumstance, Clue, Clues, Reading } from './types.ts';

export interface Narrowed {
  readonly edges: readonly Edge[];
  /** Undefined: either. */
  readonly direction: Direction | undefined;
  /** Whether a clue named what is of this edge alone: a serial number, a date, a name. */
  readonly isExact: boolean;
  /** Whether a clue named an edge at all: a host, a port, a node. */
  readonly isNamed: boolean;
}

export function narrow(reading: Reading, { edges, spec }: Cluster, inventory: Inventory): Narrowed {
  const { clues, circumstances } = reading;
  let left: readonly Edge[] = edges;
  let isExact = false;
  let isNamed = false;
  const keep = (agrees: (edge: Edge) => boolean): boolean => {
    const agreeing = left.filter(agrees);
    if (agreeing.length > 0) left = agreeing;
    return agreeing.length > 0;
  };
  const addresses = new Map(spec.nodes.map(({ name, addresses: known }) => [name, [name, ...known]]));
  const direction = directionOf(reading);
  for (const circumstance of circumstances) keep((edge) => fits(edge, circumstance));
  // Who verifies no server refuses none: a gateway that dials its own etcd, a liveness probe.
  if (reading.symptom.heard && direction === 'server') keep(({ trusts }) => trusts.kind !== 'skipped');
  for (const [clue, isOwn, agrees] of CLUES) {
    const value = clues[clue];
    if (value === undefined) continue;
    const found = keep((edge) =>
      agrees(value, edge, { inventory, addresses, clues, speaker: speakerOf(circumstances) }),
    );
    isExact ||= found && isOwn;
    isNamed ||= found;
  }
  return { edges: left, direction, isExact, isNamed };
}

function speakerOf(circumstances: readonly Circumstance[]): Direction | undefined {
  return circumstances.find(({ speaker }) => speaker !== undefined)?.speaker;
}

/** Who refuses speaks of the other; who hears an alert, of itself. */
function directionOf({ symptom, circumstances }: Reading): Direction | undefined {
  if (symptom.about === 'either') return undefined;
  if (symptom.about !== undefined) return symptom.about;
  const speaker = speakerOf(circumstances);
  if (speaker === undefined) return undefined;
  return (speaker === 'server') === (symptom.heard === true) ? 'server' : 'client';
}

function fits({ client, endpoint }: Edge, { clients, servers, socket }: Circumstance): boolean {
  return (
    (clients?.includes(client.component) ?? true) &&
    (servers?.includes(endpoint.component) ?? true) &&
    (socket === undefined || endpoint.port === socket)
  );
}

interface Around {
  readonly inventory: Inventory;
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly clues: Clues;
  readonly speaker: Direction | undefined;
}

type Agrees = (value: string, edge: Edge, around: Around) => boolean;

/** The surest first; `true`: it names one certificate. */
const CLUES: readonly (readonly [clue: Clue, isOwn: boolean, agrees: Agrees])[] = [
  [
    'serial',
    true,
    (value, edge, { inventory }) =>
      shows(edge, inventory, ['client'], ({ serial }) => serialDecimal(serial) === value),
  ],
  [
    'notAfter',
    true,
    (value, edge, { inventory }) =>
      shows(edge, inventory, BOTH, ({ notAfter }) => toRfc3339(notAfter) === value),
  ],
  [
    'notBefore',
    true,
    (value, edge, { inventory }) =>
      shows(edge, inventory, BOTH, ({ notBefore }) => toRfc3339(notBefore) === value),
  ],
  [
    'names',
    true,
    (value, edge, { inventory }) =>
      shows(edge, inventory, ['server'], (leaf) => namesTexts(leaf).includes(value)),
  ],
  ['name', true, (value, { name }) => name.toLowerCase() === value.toLowerCase()],
  [
    'file',
    true,
    (value, edge, { inventory }) => filesOf(edge, inventory).some((file) => isSeenAs(file, value)),
  ],
  [
    'host',
    false,
    (value, { name, endpoint }) =>
      name === value || endpoint.address.host === value || endpoint.node === value,
  ],
  ['port', false, (value, { endpoint }) => String(endpoint.address.port) === value],
  ['remote', false, cameFrom],
  [
    'program',
    false,
    (value, edge, { speaker }) =>
      isSpeaker(edge, speaker, (component) => component === PROGRAMS[value] || component === value),
  ],
  [
    'node',
    false,
    (value, edge, { speaker }) =>
      isSpeaker(edge, speaker, (_, node) => node === value || node === value.split('.', 1)[0]),
  ],
];

const BOTH: readonly Direction[] = ['server', 'client'];

/** Identifiers that programs of distributions have in the journal. */
const PROGRAMS: Readonly<Record<string, string>> = {
  kubectl: 'user',
  'etcd-peer': 'etcd',
  'kube-controller': 'kube-controller-manager',
};

type Leaf = NonNullable<ReturnType<typeof sideOf>['chain']>['leaf'];

function shows(
  edge: Edge,
  inventory: Inventory,
  directions: readonly Direction[],
  matches: (certificate: Leaf) => boolean,
): boolean {
  return directions.some((direction) => {
    const { chain } = sideOf(edge, direction, inventory);
    return chain !== undefined && [chain.leaf, ...chain.intermediates].some(matches);
  });
}

/** As Go lists them (crypto/x509 verify.go, HostnameError): its addresses where one was asked for, else its DNS names. */
function namesTexts({ subjectAltNames = [] }: Leaf): readonly string[] {
  return (['dns', 'ip'] as const).map((kind) =>
    subjectAltNames.flatMap((name) => (name.kind === kind ? [name.value] : [])).join(', '),
  );
}

function filesOf(edge: Edge, inventory: Inventory): readonly string[] {
  return BOTH.flatMap((direction) => {
    const { pairFiles, anchorFiles } = sideOf(edge, direction, inventory);
    return [...pairFiles, ...anchorFiles];
  });
}

/** In a container or a mounted root a node's file stands below another directory; a person's files stand anywhere. */
function isSeenAs(file: StatePath, value: string): boolean {
  return file.startsWith('nodes/')
    ? value.endsWith(asSeen(file))
    : posix.basename(value) === posix.basename(file);
}

/** Loopback is the endpoint's own node. */
function cameFrom(value: string, { client, endpoint }: Edge, { addresses }: Around): boolean {
  if (client.node === undefined) return false;
  const isLoopback = value === '::1' || value.startsWith('127.');
  return isLoopback ? client.node === endpoint.node : (addresses.get(client.node)?.includes(value) ?? false);
}

function isSpeaker(
  { client, endpoint }: Edge,
  speaker: Direction | undefined,
  matches: (component: string, node: string | undefined) => boolean,
): boolean {
  const asServer = speaker !== 'client' && matches(endpoint.component, endpoint.node);
  return asServer || (speaker !== 'server' && matches(client.component, client.node));
}
