/**
 * Proves a cluster: gathers what each edge presents, dials it, and lets the judges of `trust` compare. The
 * only place where predictions meet observations.
 */
import { type Clock, type Instant, KubetlsError, type Random } from '../base/index.ts';
import type { Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { KeySource } from '../issue/index.ts';
import type { GoRules } from '../verify/index.ts';
import {
  type ProbeCredential,
  probeMany,
  type ProbeResult,
  type ProbeTask,
  requestFor,
  type Speaker,
} from '../probe/index.ts';
import {
  credentialOf,
  edgeWords,
  evaluate,
  isStranger,
  judge,
  judgeRefusal,
  logLines,
  nodeAddresses,
  type Observation,
  predictRefusals,
  type Refusal,
  type Stranger,
  strangersOf,
  type Verdict,
} from '../trust/index.ts';
import { impostorOf } from './impostor.ts';
import { type MemoryInput, proveMemory } from './in-memory/prove-memory.ts';
import { Sockets } from './in-memory/sockets.ts';
import { type Dialling, taskFor } from './task.ts';
import type { EdgeProof, ProofReport, RefusalProof } from './types.ts';

export interface ProveInput extends Dialling {
  readonly edges: readonly Edge[];
  /** All edges of the cluster, which say where its nodes are, when `edges` are some of them. */
  readonly allEdges?: readonly Edge[];
  readonly inventory: Inventory;
  readonly clock: Clock;
  /** The instant for which certificates are judged; the handshakes, and what endpoints say, are of now. Default: now. */
  readonly at?: Instant;
  /** Of the release of Kubernetes that runs; absent: the newest. */
  readonly rules?: GoRules;
  readonly random: Random;
  readonly keys: KeySource;
  /** Also dial what must be refused, which endpoints write into their logs. Default: true. */
  readonly strangers?: boolean;
  /** Also: do the programs hold in memory what their files hold? Absent: it is not asked. */
  readonly memory?: MemoryInput;
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** A handshake to make, and what its observation proves. */
interface Job {
  readonly task: ProbeTask | undefined;
  /** Why there is no task. */
  readonly unknown: string | undefined;
  readonly conclude: (observation: ProbeResult | undefined, unknown: string | undefined) => void;
}

export type ProveCode = 'prove/interrupted';

/** Throws `prove/interrupted` when the signal ends it: half a proof is none. */
export async function prove(input: ProveInput): Promise<ProofReport> {
  const now = input.clock.now();
  const at = input.at ?? now;
  const addresses = nodeAddresses(input.allEdges ?? input.edges);
  const edges: EdgeProof[] = [];
  const refusals: RefusalProof[] = [];
  const sockets = new Sockets();
  const jobs = [
    ...input.edges.map((edge) => edgeJob(edge, input, at, addresses, sockets, (proof) => edges.push(proof))),
    ...(input.strangers === false ? [] : refusalJobs(input, now, (proof) => refusals.push(proof))),
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
  goOn(input, dialled.length);
  const resultOf = new Map<Job, ProbeResult | undefined>(dialled.map((job, i) => [job, results[i]]));
  for (const job of jobs) {
    const result = resultOf.get(job);
    job.conclude(result, job.unknown ?? (result && unseenIn(result)));
  }
  const report = { at, handshakesAt: now, edges, refusals };
  if (!input.memory) return report;
  const memory = await proveMemory(input.memory, input.edges, sockets.sights(), input);
  goOn(input, dialled.length);
  return { ...report, memory };
}

/** Why an answer says nothing about the client. */
function unseenIn({ result }: Observation): string | undefined {
  return result.kind === 'unreachable' || result.kind === 'unclear' ? result.text : undefined;
}

/** @throws `prove/interrupted` */
function goOn({ signal }: ProveInput, of: number): void {
  if (signal?.aborted !== true) return;
  const message = `interrupted before all of ${of} handshakes were made; nothing is proven`;
  throw new KubetlsError<ProveCode>({ code: 'prove/interrupted', message });
}

function edgeJob(
  edge: Edge,
  input: ProveInput,
  at: Instant,
  addresses: ReadonlyMap<string, string>,
  sockets: Sockets,
  add: (proof: EdgeProof) => void,
): Job {
  const { inventory, rules } = input;
  const predicted = evaluate(edge, inventory, at, { addresses, rules });
  const credential = credentialOf(edge, inventory, rules);
  const broken = credential?.kind === 'broken' ? credential.error : undefined;
  const node = edge.client.node ?? '';
  const speaker = edge.presents.kind === 'none' ? 'anonymous' : edge.as;
  const material = credential?.kind === 'material' ? credential : undefined;
  return {
    ...taskOf(edge, speaker, material, input, broken, 'all', addresses.get(node)),
    conclude: (observation, unseen) => {
      const unknown = unseen ?? (observation && strangeSource(edge, input, at, predicted, observation));
      const judged = observation && judge(edge, inventory, observation, at, rules);
      if (observation && judged) sockets.add(edge, inventory, observation, predicted, judged);
      // A bad certificate is seen, whatever became of the request.
      const seen = unknown === undefined || (observation?.presented.length && judged?.server.ok === false);
      const outcome = seen ? { observed: judged, unknown: undefined } : { observed: undefined, unknown };
      const logs = predicted.ok ? [] : logLines(edge, inventory, predicted, { at, rules });
      add({ edge, words: edgeWords(edge, inventory), predicted, ...outcome, logs });
    },
  };
}

/**
 * etcd closes a connection, without an alert, when the address that it comes from is not in the peer's
 * certificate (client/pkg/transport/listener_tls.go): seen from elsewhere that says nothing of the member.
 */
function strangeSource(
  edge: Edge,
  { inventory, rules }: ProveInput,
  at: Instant,
  predicted: Verdict,
  { result, localAddress }: ProbeResult,
): string | undefined {
  const { endpoint, client } = edge;
  if (!endpoint.clients.peerAddressCheck || !predicted.client.ok || client.node === undefined)
    return undefined;
  if (result.kind !== 'refused' || result.how !== 'closed' || localAddress === undefined) return undefined;
  const addresses = new Map([[client.node, localAddress]]);
  const { error } = evaluate(edge, inventory, at, { addresses, rules }).client;
  return error && `etcd looks at where a peer comes from: prove it on ${client.node}, since ${error}`;
}

function refusalJobs(input: ProveInput, now: Instant, add: (proof: RefusalProof) => void): Job[] {
  const byEndpoint = new Map<Endpoint, Edge>();
  for (const edge of input.edges) {
    // Its words are borrowed for the impostor: one that is let in says most.
    if (edge.presents.kind !== 'none' && !byEndpoint.has(edge.endpoint)) byEndpoint.set(edge.endpoint, edge);
  }
  const impostors = new Map<string, ProbeCredential>();
  const strangers = strangersOf(input.edges, input.inventory, now, input.rules);
  return [...byEndpoint].flatMap(([endpoint, edge]) => [
    ...predictRefusals(edge).map(({ refusal }) => {
      const credential = refusal === 'wrong-authority' ? impostorFor(edge, input, now, impostors) : undefined;
      const missing =
        refusal === 'wrong-authority' && !credential
          ? 'no certificate here whose words could be borrowed'
          : undefined;
      return refusalJob(edge, { refusal, speaker: edge.as, credential, missing }, input, add);
    }),
    ...strangers
      .filter((stranger) => isStranger(stranger, endpoint, input.inventory, now, input.rules))
      .map((stranger) => refusalJob(edge, intrusionOf(stranger, input), input, add)),
  ]);
}

/** How an endpoint is dialled that must refuse it. */
interface Intrusion {
  readonly refusal: Refusal;
  /** When the endpoint is to be dialled more than once for the same refusal. */
  readonly authority?: string;
  readonly speaker: Speaker;
  readonly credential: ProbeCredential | undefined;
  readonly missing: string | undefined;
}

/** Also the front proxy comes as an ordinary client: with its headers it may be let in. */
function intrusionOf({ authority, edge }: Stranger, { inventory, rules }: ProveInput): Intrusion {
  const credential = credentialOf(edge, inventory, rules);
  return {
    refusal: 'other-authority',
    authority,
    speaker: 'client',
    credential: credential?.kind === 'material' ? credential : undefined,
    missing: credential?.kind === 'broken' ? credential.error : undefined,
  };
}

function refusalJob(
  edge: Edge,
  { refusal, authority, speaker, credential, missing }: Intrusion,
  input: ProveInput,
  add: (proof: RefusalProof) => void,
): Job {
  const { endpoint } = edge;
  const id = `${endpoint.id}: ${[refusal, authority].filter((part) => part !== undefined).join(' ')}`;
  return {
    ...taskOf(edge, speaker, credential, input, missing, 'result'),
    conclude: (observation, unknown) => {
      const observed = observation && judgeRefusal(edge, refusal, observation);
      const why = observed ? undefined : (unknown ?? 'the answer does not say who was recognized');
      add({ id, endpoint, refusal, predicted: MUST_BE_REFUSED, observed, unknown: why });
    },
  };
}

const MUST_BE_REFUSED = { ok: true, error: undefined } as const;

/** One impostor a model certificate: a thousand kubelets see the same apiserver client. */
function impostorFor(
  edge: Edge,
  input: ProveInput,
  now: Instant,
  known: Map<string, ProbeCredential>,
): ProbeCredential | undefined {
  const credential = credentialOf(edge, input.inventory, input.rules);
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

function taskOf(
  { endpoint, name: serverName }: Edge,
  speaker: Speaker,
  credential: ProbeCredential | undefined,
  input: ProveInput,
  broken: string | undefined,
  wanted: 'all' | 'result',
  from?: string,
): Pick<Job, 'task' | 'unknown'> {
  const request = requestFor(endpoint, speaker);
  const made = taskFor({ endpoint, serverName, request, credential, wanted, from }, input);
  return broken === undefined ? made : { task: undefined, unknown: `not dialled: ${broken}` };
}
