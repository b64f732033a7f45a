/**
 * Rehearses a plan: the very code that `apply` runs, on a copy of the inventory, with pretended keys. After
 * every action the edges that it touches are evaluated again; one that was whole and is not any more is a
 * break (architecture, invariant 7).
 */
import { createHash } from 'node:crypto';
import { asBuffer, concatBytes, type Random } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { KeySource, Signer } from '../issue/index.ts';
import { edgeIndex, evaluate, nodeAddresses } from '../trust/index.ts';
import { type SignatureOracle, signatureRefusal } from '../verify/index.ts';
import { type PrivateKey, readPrivateKey, writePrivateKey } from '../x509/index.ts';
import { carryOut } from './carry-out.ts';
import type { Ports } from './issuer.ts';
import { authoritiesOf } from './plan.ts';
import type { Break, Plan } from './types.ts';

export interface Rehearsal {
  /** What was rehearsed. */
  readonly plan: Plan;
  readonly breaks: readonly Break[];
  /** Edges that hold once the plan is done, of all edges. */
  readonly whole: number;
  readonly edges: number;
  /** How many evaluations it took. */
  readonly evaluations: number;
  /** The cluster's files as they will be, with pretended material where something is issued. */
  readonly after: Inventory;
}

export function simulate(
  plan: Plan,
  cluster: Cluster,
  inventory: Inventory,
  onProgress?: (done: number, of: number) => void,
): Rehearsal {
  const ports = rehearsalPorts(plan.at);
  const authorities = authoritiesOf(cluster);
  const index = edgeIndex(cluster.edges, inventory);
  const options = { checkSignature: rehearsedSignature, addresses: nodeAddresses(cluster.edges) };
  const whole = new Map(cluster.edges.map((edge) => [edge, evaluate(edge, inventory, plan.at, options).ok]));
  let evaluations = whole.size;
  let world = inventory;
  const breaks: Break[] = [];
  for (const [step, action] of plan.actions.entries()) {
    onProgress?.(step + 1, plan.actions.length);
    if (action.verb === 'keep') continue;
    const { changes } = carryOut(action, world, authorities, ports);
    world = world.withFiles(changes);
    const changed = changes.map(({ path }) => path);
    for (const edge of index.touchedBy(changed, world)) {
      const verdict = evaluate(edge, world, plan.at, options);
      evaluations++;
      if (whole.get(edge) && !verdict.ok)
        breaks.push({ after: action.id, edge: edge.id, error: verdict.error ?? '' });
      whole.set(edge, verdict.ok);
    }
  }
  const count = [...whole.values()].filter(Boolean).length;
  return { plan, breaks, whole: count, edges: whole.size, evaluations, after: world };
}

/** DER of an Ed25519 PKCS#8 key up to its seed of 32 bytes (RFC 8410, section 7). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * To make a key costs more than all the rest of a step, and no verdict asks whether two leaves share one:
 * it asks whether a certificate and the key beside it belong together, and who signed. A few go round.
 */
const REHEARSAL_KEYS = 64;

/** Drawn from a counter: a rehearsal of the same plan is the same to the byte. */
function rehearsalPorts(now: number): Ports {
  let drawn = 0;
  const digest = (label: string) => createHash('sha256').update(`${label} ${drawn++}`).digest();
  const random: Random = {
    bytes: (count) =>
      concatBytes(Array.from({ length: Math.ceil(count / 32) }, () => digest('random'))).subarray(0, count),
  };
  const made: PrivateKey[] = [];
  const keys: KeySource = {
    generate: () => {
      const slot = drawn++ % REHEARSAL_KEYS;
      made[slot] ??= readPrivateKey(concatBytes([ed25519Prefix, digest('key')]));
      return made[slot];
    },
  };
  const writeKey = (key: PrivateKey) => writePrivateKey(key, 'pkcs8');
  return { now, random, keys, signer: rehearsalSigner, writeKey, isTaken: () => false };
}

function rehearsalSigner(key: PrivateKey): Signer {
  return { publicKey: key.publicKey, sign: (bytes) => pretended(key.publicKey.spki, bytes) };
}

/** No signature algorithm makes this value, so it cannot be taken for a real signature, nor a real one for it. */
function pretended(spki: Uint8Array, signed: Uint8Array): Uint8Array {
  return createHash('sha256').update('rehearsal').update(spki).update(signed).digest();
}

const rehearsedSignature: SignatureOracle = (child, parent) =>
  child.signature.length === 32 &&
  asBuffer(child.signature).equals(pretended(parent.publicKey.spki, child.tbs))
    ? undefined
    : signatureRefusal(child, parent);
