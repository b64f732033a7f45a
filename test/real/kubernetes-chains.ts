/** A seeded generator of chains in Kubernetes' shapes, each damaged in one way, or in two. */
import type { Name } from '../../src/x509/index.ts';
import { intermediateDraft, keyOf, leafDraft, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import type { Chance } from './chance.ts';
import { FAULTS, type Draw, type Scene } from './chain-faults.ts';
import { type Case, caseOf } from './differential.ts';

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

const NAMES = Object.keys(FAULTS);

/** A chain with one fault, with two, seldom with three; not minted yet. */
export function kubernetesScene(chance: Chance): Scene & { readonly id: string } {
  const { pick, repeat } = chance;
  const scene = soundScene(pick);
  const faults = repeat(pick([1, 1, 1, 2, 2, 3]), () => pick(NAMES));
  for (const fault of faults) FAULTS[fault]?.(scene, pick);
  return { ...scene, id: `${faults.join(' + ')} (${scene.authorities.length} authorities)` };
}

export function kubernetesCase(chance: Chance): Case {
  return caseOf(kubernetesScene(chance));
}
