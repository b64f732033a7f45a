/**
 * Rehearses a plan: the very code that `apply` runs, on a copy of the inventory, with pretended keys. After
 * every action the edges that it touches are evaluated again; one that was whole and is not any more is a
 * break (architecture, invariant 7).
 */
import { hash } from 'node:crypto';
import { type Instant, asBuffer, concatBytes, type Random, utf8 } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { KeySource, Signer } from '../issue/index.ts';
import { edgeIndex, evaluate, nodeAddresses } from '../trust/index.ts';
import { type GoRules, goRules, type SignatureOracle, signatureRefusalBy } from '../verify/index.ts';
import { CURVES, ecdhOf, ecdsaKey, type PrivateKey, writePrivateKey } from '../x509/index.ts';
import { carryOut } from './carry-out.ts';
import type { Ports } from './issuer.ts';
import { authoritiesOf } from './plan.ts';
import type { Break, Plan } from './types.ts';

export interface Rehearsal {
  /** What was rehearsed, and for which instant. */
  readonly plan: Plan;
  readonly at: Instant;
  readonly breaks: readonly Break[];
  /** Edges that hold once the plan is done, of all edges. */
  readonly whole: number;
  readonly edges: number;
  /** How many evaluations it took. */
  readonly evaluations: number;
  /** The cluster's files as they will be, with pretended material where something is issued. */
  readonly after: Inventory;
}

/**
 * `at` is when the plan would be carried out, which may be long after it was made: an edge that has
 * expired by then cannot break, and one that has not can.
 */
export function simulate(
  plan: Plan,
  cluster: Cluster,
  inventory: Inventory,
  at: Instant,
  onProgress?: (done: number, of: number) => void,
): Rehearsal {
  const ports = rehearsalPorts(at);
  const authorities = authoritiesOf(cluster);
  const index = edgeIndex(cluster.edges, inventory);
  const rules = goRules(cluster.spec.kubernetes.minor);
  const checkSignature = rehearsedSignature(rules);
  const options = { checkSignature, rules, addresses: nodeAddresses(cluster.edges) };
  const whole = new Map(cluster.edges.map((edge) => [edge, evaluate(edge, inventory, at, options).ok]));
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
      const verdict = evaluate(edge, world, at, options);
      evaluations++;
      if (whole.get(edge) && !verdict.ok)
        breaks.push({ after: action.id, edge: edge.id, error: verdict.error ?? '' });
      whole.set(edge, verdict.ok);
    }
  }
  const count = [...whole.values()].filter(Boolean).length;
  return { plan, at, breaks, whole: count, edges: whole.size, evaluations, after: world };
}

/**
 * To make a key costs more than all the rest of a step, and no verdict asks whether two leaves share one:
 * it asks whether a certificate and the key beside it belong together, and who signed. A few go round.
 */
const REHEARSAL_KEYS = 64;

/** Drawn from a counter: a rehearsal of the same plan is the same to the byte. */
function rehearsalPorts(now: number): Ports {
  let drawn = 0;
  const digest = (label: string) => hash('sha256', `${label} ${drawn++}`, 'buffer');
  const random: Random = {
    bytes: (count) => {
      const digests = Array.from({ length: Math.ceil(count / 32) }, () => digest('random'));
      return concatBytes(digests).subarray(0, count);
    },
  };
  const made: PrivateKey[] = [];
  const keys: KeySource = {
    generate: () => (made[drawn++ % REHEARSAL_KEYS] ??= rehearsalKey(digest('key'))),
  };
  const writeKey = (key: PrivateKey) => writePrivateKey(key, 'pkcs8');
  return { now, random, keys, signer: rehearsalSigner, writeKey, isTaken: () => false };
}

const P256 = CURVES['ecdsa-p256'];

/** Whatever the algorithm asked for: OpenSSL makes an ECDSA key of a number 20 times as fast as an Ed25519 key. */
function rehearsalKey(scalar: Buffer): PrivateKey {
  // Below the order of the group, which begins with 32 ones.
  scalar.writeUInt8(scalar.readUInt8(0) & 0x7f, 0);
  const ecdh = ecdhOf(P256);
  ecdh.setPrivateKey(scalar);
  return ecdsaKey(P256, scalar, ecdh.getPublicKey());
}

function rehearsalSigner(key: PrivateKey): Signer {
  return { publicKey: key.publicKey, sign: (bytes) => pretended(key.publicKey.spki, bytes) };
}

const REHEARSAL = utf8('rehearsal');

/** No signature algorithm makes this value, so it cannot be taken for a real signature, nor a real one for it. */
function pretended(spki: Uint8Array, signed: Uint8Array): Uint8Array {
  return hash('sha256', concatBytes([REHEARSAL, spki, signed]), 'buffer');
}

function rehearsedSignature(rules: GoRules): SignatureOracle {
  const signatureRefusal = signatureRefusalBy(rules);
  return (child, parent) =>
    child.signature.length === 32 &&
    asBuffer(child.signature).equals(pretended(parent.publicKey.spki, child.tbs))
      ? undefined
      : signatureRefusal(child, parent);
}
