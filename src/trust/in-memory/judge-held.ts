/** Does a program hold what its files hold? By what can be seen of both; what cannot be seen is unknown. */
import type { ComponentName, FileRole } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { anchorsFrom } from '../anchors.ts';
import { type Loader, serverLoader } from '../loaders.ts';
import { authoritiesSeen } from './authorities.ts';
import { timeSeen } from './clocks.ts';
import { keysSeen, leafSeen, publishedSeen } from './contents.ts';
import type { Finding, Untold } from './findings.ts';
import { leadershipOf } from './leadership.ts';
import { placeOf } from './place.ts';
import type { Held, Holding, Remedy, Sights } from './types.ts';

/** What a process shows of what it holds. Of every other role it shows nothing: the hour must tell. */
const SHOWN: Partial<Record<FileRole, (holding: Holding, sights: Sights) => Finding | undefined>> = {
  serving: leafSeen,
  'client-anchors': authoritiesSeen,
  'front-proxy-anchors': authoritiesSeen,
  'peer-anchors': authoritiesSeen,
  'token-keys': keysSeen,
  'published-anchors': publishedSeen,
};

export function judgeHeld(holding: Holding, sights: Sights): Held {
  const finding = found(holding, sights);
  return {
    ...holding,
    state: finding.state,
    by: 'by' in finding ? finding.by : undefined,
    text: finding.text,
    remedy: remedyOf(finding, holding, sights),
    comparedWith: placeOf(holding, sights),
    onDisk: holding.files.every((path) => sights.times.has(path)),
  };
}

function found(holding: Holding, sights: Sights): Finding | Untold {
  const leadership = leadershipOf(holding, sights);
  if (leadership?.kind === 'waits') {
    const text = `reads it when it begins to lead: ${leadership.why}`;
    return { state: 'fresh', by: 'table', text, whole: true };
  }
  const broken = brokenBundle(holding, sights.files);
  if (broken !== undefined) return { state: 'stale', by: 'file', text: `could not read it now: ${broken}` };
  const shown = SHOWN[holding.role]?.(holding, sights);
  // What is published may be another's.
  const mine = leadership?.kind === 'unknown' && shown?.state === 'stale' ? undefined : shown;
  return together(mine, timeSeen(holding, sights));
}

/** Which program reads a bundle how. */
const LOADERS: Partial<Record<FileRole, (component: ComponentName) => Loader>> = {
  'client-anchors': serverLoader,
  'front-proxy-anchors': serverLoader,
  'peer-anchors': () => 'etcd',
  'etcd-anchors': () => 'etcd',
  'kubelet-anchors': () => 'client-go',
  'kubeconfig-anchors': () => 'client-go',
  'published-anchors': () => 'client-go',
};

/** Why there is nobody to trust in a file that is there. etcd starts with such a one, and lets nobody in. */
function brokenBundle({ role, component, files }: Holding, disk: Inventory): string | undefined {
  const loader = LOADERS[role]?.(component);
  const [path = ''] = files;
  const entry = disk.get(path);
  if (!loader || !entry) return undefined;
  const read = anchorsFrom(entry, loader);
  if (read.kind === 'broken') return read.error;
  return read.pool.certificates.length === 0 ? 'no certificate is in it' : undefined;
}

/** What is shown goes before what is reckoned, but where it is not all. */
function together(shown: Finding | undefined, time: Finding | Untold): Finding | Untold {
  if (!shown) return time;
  if (shown.state === 'stale' || shown.whole || time.state !== 'stale') return shown;
  const text = `${time.text}; names and keys of the authorities are the same`;
  return { state: 'unknown', text, restart: true };
}

function remedyOf(finding: Finding | Untold, { fact, files }: Holding, sights: Sights): Remedy | undefined {
  const { state } = finding;
  if (state === 'fresh') return undefined;
  if (state === 'unknown') {
    if (finding.restart) return { kind: 'restart' };
    return finding.within === undefined ? undefined : { kind: 'wait', within: finding.within };
  }
  if (finding.by === 'file') return { kind: 'mend' };
  const changed = files.flatMap((path) => sights.times.get(path)?.changed ?? []);
  const recent = changed.length > 0 && sights.now - Math.max(...changed) <= fact.within;
  return fact.reload === 'hot' && recent ? { kind: 'wait', within: fact.within } : { kind: 'restart' };
}
