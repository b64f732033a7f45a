/** A small cluster whose programs hold what their files hold, all in sight; and what differs from that. */
import { createHash } from 'node:crypto';
import { keyOf, mint, rootDraft } from '../../../test/judges/mint.ts';
import { applied, NOW } from '../../../test/support/small-cluster.ts';
import { HOUR, utf8 } from '../../base/index.ts';
import type { FileRole } from '../../cluster/index.ts';
import { type Certificate, writePem } from '../../x509/index.ts';
import { loadPairFiles } from '../pair.ts';
import { holdingsOf } from './holdings.ts';
import { judgeHeld } from './judge-held.ts';
import type { Held, Holding, Sights, SocketSight, Trial } from './types.ts';

export const PKI = 'nodes/master/etc/kubernetes/pki';
export const CHANGED = NOW - 2 * HOUR;
export const STARTED = NOW - HOUR;

const { cluster, inventory } = await applied();
export const holdings: readonly Holding[] = holdingsOf(cluster);

export const certificates = (path: string): readonly Certificate[] => {
  const content = inventory.get(path)?.content;
  return content?.kind === 'certificates' ? content.certificates : [];
};
export const holdingOf = (process: string, role: FileRole, ending = ''): Holding => {
  const found = holdings.filter(
    (one) =>
      `${one.component}@${one.node}` === process &&
      one.role === role &&
      one.files.some((path) => path.endsWith(ending)),
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${process} ${role}`);
  return only;
};
export const kidOf = (path: string): string => {
  const content = inventory.get(path)?.content;
  if (content?.kind !== 'public-key') throw new Error(`${path} is no public key`);
  return createHash('sha256').update(content.key.spki).digest('base64url');
};
export const trialOf = (base: string, answer: Trial['answer'] = 'let in'): Trial => {
  const pair = loadPairFiles(`${base}.crt`, `${base}.key`, inventory);
  if (pair.kind === 'broken') throw new Error(pair.error);
  return { chain: pair.chain, as: 'client', answer };
};
export const socketOf = (
  anchors: readonly string[],
  leaf?: string,
  trials: readonly Trial[] = [],
): SocketSight => ({
  leaf: leaf === undefined ? undefined : certificates(leaf)[0]?.der,
  authorities: anchors.flatMap(certificates).map(({ subject }) => subject.der),
  trials,
});

/** Everything is in sight, and as it should be. */
export function sights(change: Partial<Sights> = {}): Sights {
  const admin = trialOf('users/kube-admin/admin');
  const front = [`${PKI}/ca.crt`, `${PKI}/front-proxy-ca.crt`];
  const paths = holdings.flatMap(({ files }) => files);
  const places = new Set(holdings.map(({ component, node }) => `${component}@${node}`));
  return {
    now: NOW,
    files: inventory,
    times: new Map(paths.map((path) => [path, { modified: CHANGED, changed: CHANGED }])),
    unseenDisks: new Map(),
    processes: new Map([...places].map((place) => [place, { value: { started: STARTED, looks: 0 } }])),
    sockets: new Map([
      ['kube-apiserver@master', socketOf(front, `${PKI}/apiserver.crt`, [admin])],
      ['etcd@master', socketOf([`${PKI}/etcd-ca.crt`], undefined, [trialOf(`${PKI}/apiserver-etcd-client`)])],
      [
        'kubelet@worker-1',
        socketOf([`${PKI}/ca.crt`], 'nodes/worker-1/etc/kubernetes/pki/kubelet.crt', [
          trialOf(`${PKI}/apiserver-kubelet-client`),
        ]),
      ],
      ['kube-controller-manager@master', socketOf(front, undefined, [admin])],
    ]),
    keys: new Map([['kube-apiserver@master', { value: [kidOf(`${PKI}/sa.pub`)] }]]),
    published: { value: certificates(`${PKI}/ca.crt`) },
    leader: { value: { host: 'master', since: STARTED } },
    controllerManagers: ['master'],
    ...change,
  };
}

/** The same, but that this file was changed at this instant. */
export const changedAt = (path: string, modified: number, changed = modified): Partial<Sights> => ({
  times: new Map([...sights().times, [path, { modified, changed }]]),
});
export const noDisk = (): Partial<Sights> => ({
  times: new Map(),
  unseenDisks: new Map(cluster.spec.nodes.map(({ name }) => [name, 'it is away'])),
});
export const withFile = (path: string, text: string): Partial<Sights> => ({
  files: inventory.withFiles([{ path, mode: 0o644, bytes: utf8(text) }]),
});
export const textIn = (path: string): string => Buffer.from(inventory.get(path)?.bytes ?? '').toString();
export const stray = mint(rootDraft('stray', keyOf('held stray')));
export const STRAY = writePem('CERTIFICATE', stray.der);
export const judge = (process: string, role: FileRole, change: Partial<Sights> = {}, ending = ''): Held =>
  judgeHeld(holdingOf(process, role, ending), sights(change));
