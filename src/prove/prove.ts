/**
 * Proves a cluster: gathers what each edge presents, dials it, and lets the judges of `trust` compare. The
 * only place where predictions meet observations.
 */
import type { Clock, Instant, Random } from '../base/index.ts';
import type { Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { KeySource } from '../issue/index.ts';
import {
  type ProbeCredential,
  probeMany,
  type ProbeResult,
  type ProbeTask,
  requestFor,
} from '../probe/index.ts';
import {
  credentialOf,
  edgeWords,
  evaluate,
  judge,
  judgeRefusal,
  nodeAddresses,
  type Observation,
  predictRefusals,
} from '../trust/index.ts';
import { impostorOf } from './impostor.ts';
import type { EdgeProof, ProofReport, RefusalProof } from './types.ts';

export interface ProveInput {
  readonly edges: readonly Edge[];
  readonly inventory: Inventory;
  /** Where to dial an endpoint; undefined: it cannot be dialled from here, so its edges are unknown. */
  readonly addressOf: (endpoint: Endpoint) => { readonly host: string; readonly port: number } | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeySource;
  /** Milliseconds for one handshake with its request. */
  readonly timeout: number;
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** A handshake to make, and what its observation proves. */
interface Job {
  readonly task: ProbeTask | undefined;
  /** Why there is no task. */
  readonly unknown: string | undefined;
  readonly conclude: (observation: Observation | undefined, unknown: string | undefined) => void;
}

export async function prove(input: ProveInput): Promise<ProofReport> {
  const at = input.clock.now();
  const addresses = nodeAddresses(input.edges);
  const edges: EdgeProof[] = [];
  const refusals: RefusalProof[] = [];
  const jobs = [
    ...input.edges.map((edge) => edgeJob(edge, input, at, addresses, (proof) => edges.push(proof))),
    ...refusalJobs(input, at, (proof) => refusals.push(proof)),
  ];
  const dialled = jobs.filter((job): job is Job & { task: ProbeTask } => job.task !== undefined);
  let done = 0;
  const results = await probeMany(
    dialled.map(({ task }) => task),
    {
      concurrency: input.concurrency,
      ...(input.signal && { signal: input.signal }),
      onResult: () => input.onProgress?.(++done, dialled.length),
    },
  );
  const resultOf = new Map<Job, ProbeResult | undefined>(dialled.map((job, i) => [job, results[i]]));
  for (const job of jobs) {
    const result = resultOf.get(job);
    const unreachable = result?.result.kind === 'unreachable' ? result.result.text : undefined;
    job.conclude(unreachable === undefined ? result : undefined, job.unknown ?? unreachable);
  }
  return { at, edges, refusals };
}

function edgeJob(
  edge: Edge,
  input: ProveInput,
  at: Instant,
  addresses: ReadonlyMap<string, string>,
  add: (proof: EdgeProof) => void,
): Job {
  const { inventory } = input;
  const predicted = evaluate(edge, inventory, at, { addresses });
  const credential = credentialOf(edge, inventory);
  const broken = credential?.kind === 'broken' ? credential.error : undefined;
  const speaker = edge.presents.kind === 'none' ? 'anonymous' : edge.as;
  const material = credential?.kind === 'material' ? credential : undefined;
  return {
    ...taskFor(edge.endpoint, edge.name, speaker, material, input, broken),
    conclude: (observation, unknown) =>
      add({
        edge,
        words: edgeWords(edge, inventory),
        predicted,
        observed: observation && judge(edge, inventory, observation, at),
        unknown,
      }),
  };
}

function refusalJobs(input: ProveInput, at: Instant, add: (proof: RefusalProof) => void): Job[] {
  const byEndpoint = new Map<Endpoint, Edge>();
  for (const edge of input.edges) {
    // Its words are borrowed for the impostor: one that is let in says most.
    if (edge.presents.kind !== 'none' && !byEndpoint.has(edge.endpoint)) byEndpoint.set(edge.endpoint, edge);
  }
  const impostors = new Map<string, ProbeCredential>();
  return [...byEndpoint].flatMap(([endpoint, edge]) =>
    predictRefusals(edge).map(({ refusal, predicted }) => {
      const credential = refusal === 'wrong-authority' ? impostorFor(edge, input, at, impostors) : undefined;
      const missing =
        refusal === 'wrong-authority' && !credential
          ? 'no certificate here whose words could be borrowed'
          : undefined;
      return {
        ...taskFor(endpoint, edge.name, edge.as, credential, input, missing),
        conclude: (observation: Observation | undefined, unknown: string | undefined) =>
          add({
            id: `${endpoint.id}: ${refusal}`,
            endpoint,
            refusal,
            predicted,
            observed: observation && judgeRefusal(edge, refusal, observation),
            unknown,
          }),
      };
    }),
  );
}

/** One impostor a model certificate: a thousand kubelets see the same apiserver client. */
function impostorFor(
  edge: Edge,
  input: ProveInput,
  now: Instant,
  known: Map<string, ProbeCredential>,
): ProbeCredential | undefined {
  const credential = credentialOf(edge, input.inventory);
  if (credential?.kind !== 'material') return undefined;
  const { issuer } = credential.leaf;
  const name =
    Buffer.from(issuer.der).toString('base64') + Buffer.from(credential.leaf.subject.der).toString('base64');
  const made =
    known.get(name) ??
    impostorOf({ model: credential.leaf, keys: input.keys, random: input.random, now }).credential;
  known.set(name, made);
  return made;
}

function taskFor(
  endpoint: Endpoint,
  serverName: string,
  speaker: Parameters<typeof requestFor>[1],
  credential: ProbeCredential | undefined,
  { addressOf, timeout }: ProveInput,
  broken: string | undefined,
): Pick<Job, 'task' | 'unknown'> {
  const address = addressOf(endpoint);
  if (broken !== undefined) return { task: undefined, unknown: `not dialled: ${broken}` };
  if (!address) return { task: undefined, unknown: 'there is no address to dial it at' };
  const target = { ...address, serverName, request: requestFor(endpoint, speaker) };
  return { task: { target, credential, options: { timeout } }, unknown: undefined };
}
