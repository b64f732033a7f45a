/** A seeded generator of chains in Kubernetes' shapes, each damaged in one way, or in two. */
import type { Instant } from '../../src/base/index.ts';
import type { Usage } from '../../src/verify/index.ts';
import type { Certificate, Name } from '../../src/x509/index.ts';
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  mint,
  nameOf,
  NOW,
  rootDraft,
} from '../judges/mint.ts';
import { FAULTS, type Draw, type Scene } from './chain-faults.ts';

export interface Question {
  readonly id: string;
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
  readonly at: Instant;
  readonly usage: Usage;
  readonly name: string;
}

/** mulberry32 */
export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  return (values) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const index = ((mixed ^ (mixed >>> 14)) >>> 0) % values.length;
    return values[index]!;
  };
}

interface Leaf {
  readonly subject: Name;
  readonly names: readonly string[];
  readonly usage: 'server' | 'client';
  readonly dialled: readonly string[];
}

const SERVER_NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'master',
  '10.96.0.1',
  '10.0.0.10',
];
const LEAVES: readonly Leaf[] = [
  { subject: nameOf('kube-apiserver'), names: SERVER_NAMES, usage: 'server', dialled: SERVER_NAMES },
  {
    subject: nameOf('master'),
    names: ['master', 'localhost', '10.0.0.10', '127.0.0.1', '::1'],
    usage: 'server',
    dialled: ['localhost', '::1', '127.0.0.1'],
  },
  {
    subject: nameOf('system:node:worker-1', 'system:nodes'),
    names: ['worker-1', '10.0.0.21'],
    usage: 'server',
    dialled: ['worker-1', '10.0.0.21'],
  },
  {
    subject: nameOf('hook'),
    names: ['*.hooks.svc', 'hook.default.svc'],
    usage: 'server',
    dialled: ['hook.default.svc', 'a.hooks.svc'],
  },
  { subject: nameOf('kube-admin', 'system:masters'), names: [], usage: 'client', dialled: [''] },
  { subject: nameOf('system:kube-scheduler'), names: [], usage: 'client', dialled: [''] },
  { subject: nameOf('system:node:worker-1', 'system:nodes'), names: [], usage: 'client', dialled: [''] },
];

const ALGORITHMS = ['ecdsa-p256', 'ecdsa-p384', 'ed25519', 'rsa-2048'] as const;

function soundScene(pick: Draw): Scene {
  const depth = pick([1, 1, 2, 3]);
  const key = (role: string) => keyOf(role, pick(ALGORITHMS));
  const authorities = [rootDraft(pick(['kubernetes', 'KUBERNETES-CA', 'etcd-ca']), key('root'))];
  for (let i = 1; i < depth; i++) {
    authorities.push(intermediateDraft(`intermediate ${i}`, key(`intermediate ${i}`), authorities.at(-1)!));
  }
  const { subject, names, usage, dialled } = pick(LEAVES);
  const leaf = leafDraft(subject, keyOf('leaf'), authorities.at(-1)!, names);
  return {
    authorities,
    leaf,
    sent: authorities.slice(1).reverse(),
    trusted: authorities.slice(0, 1),
    at: NOW,
    usage,
    name: pick(dialled),
  };
}

/** `count` questions; the same seed asks the same (keys and signatures aside). */
export function questions(count: number, seed: number): Question[] {
  const pick = seeded(seed);
  const faults = Object.keys(FAULTS);
  return Array.from({ length: count }, (_, i) => {
    const scene = soundScene(pick);
    const chosen = [faults[i % faults.length]!, ...(pick([0, 0, 1]) ? [pick(faults)] : [])];
    for (const fault of chosen) FAULTS[fault]?.(scene, pick);
    const { at, usage, name } = scene;
    const made = new Map<Draft, Certificate>();
    const mintOnce = (draft: Draft) => {
      const certificate = made.get(draft) ?? mint(draft);
      made.set(draft, certificate);
      return certificate;
    };
    const id = `${i}: ${chosen.join(' + ')} (${scene.authorities.length} authorities)`;
    return {
      id,
      leaf: mintOnce(scene.leaf),
      intermediates: scene.sent.map(mintOnce),
      roots: scene.trusted.map(mintOnce),
      at,
      usage,
      name,
    };
  });
}
