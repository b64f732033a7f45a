/**
 * Whom a process lets in, against the authorities in its files: by what it says that it accepts, and by whom it
 * let in and refused. Names alone tell two generations of one name by their count only, and a certificate that was
 * let in tells the key of its authority: neither tells an authority's certificate from another of its name and key.
 */
import { asBuffer, grouped } from '../../base/index.ts';
import type { Endpoint } from '../../cluster/index.ts';
import { type Certificate, commonName, nameText } from '../../x509/index.ts';
import { anchorsOfFiles } from '../anchors.ts';
import { authorityText, FOLLOWS } from '../advertised.ts';
import { serverLoader } from '../loaders.ts';
import { verifyOnce } from '../verification.ts';
import type { Finding } from './findings.ts';
import { placeOf } from './place.ts';
import type { Holding, Sights, SocketSight, Trial } from './types.ts';

export function authoritiesSeen(holding: Holding, sights: Sights): Finding | undefined {
  const findings = holding.endpoints.flatMap((endpoint) => {
    const socket = sights.sockets.get(endpoint.id);
    return socket ? (seenAt(endpoint, socket, holding, sights) ?? []) : [];
  });
  return findings.find(({ state }) => state === 'stale') ?? findings[0];
}

function seenAt(
  endpoint: Endpoint,
  socket: SocketSight,
  holding: Holding,
  sights: Sights,
): Finding | undefined {
  const { clients, component } = endpoint;
  const loader = serverLoader(component);
  const own = anchorsOfFiles(holding.files, sights.files, loader);
  const proxy = clients.frontProxy ? [clients.frontProxy.anchors] : [];
  const all = anchorsOfFiles([...clients.anchors, ...proxy], sights.files, loader);
  if (own.kind === 'broken' || all.kind === 'broken') return undefined;
  const told = toldWrongly(
    component,
    socket,
    own.pool.certificates,
    all.pool.certificates,
    placeOf(holding, sights),
  );
  if (told !== undefined) return { state: 'stale', by: 'authorities', text: told };
  const as = holding.role === 'front-proxy-anchors' ? 'front-proxy' : 'client';
  const proven = new Set<Certificate>();
  for (const trial of socket.trials.filter((one) => one.as === as)) {
    const found = verifyOnce(trial.chain, own.pool, 'client', '', { at: sights.now, rules: sights.rules });
    const text = mistried(trial, found, FOLLOWS[component] === 'configmap');
    if (text !== undefined) return { state: 'stale', by: 'trial', text };
    const roots = found.ok ? new Set(found.chains.map((chain) => chain.at(-1))) : new Set();
    const [root] = roots as Set<Certificate>;
    // Two of one key would both do: which of them is held is not seen.
    if (trial.answer === 'let in' && roots.size === 1 && root) proven.add(root);
  }
  if (own.pool.certificates.length === 0 || !own.pool.certificates.every((one) => proven.has(one)))
    return undefined;
  return { state: 'fresh', by: 'trial', text: 'lets in a client of each authority in it', whole: false };
}

/** A kubelet advertises at a tick of its own what it goes by at once: its list proves nothing. */
function toldWrongly(
  component: Endpoint['component'],
  { authorities }: SocketSight,
  own: readonly Certificate[],
  all: readonly Certificate[],
  place: string,
): string | undefined {
  if (authorities.length === 0 || FOLLOWS[component] === 'tick') return undefined;
  const told = countsOf(authorities);
  const onDisk = countsOf(distinct(all).map(({ subject }) => subject.der));
  for (const { subject } of own) {
    const key = keyOf(subject.der);
    const [has, says] = [onDisk.get(key) ?? 0, told.get(key) ?? 0];
    const several = has > 1 || says > 1 ? ` (${says} of that name, ${place} ${has})` : '';
    if (says < has) return `does not accept ${authorityText(subject.der)}, which is in it${several}`;
  }
  // A ConfigMap may hold more than any file.
  if (FOLLOWS[component] === 'configmap') return undefined;
  const extra = authorities.find((der) => (told.get(keyOf(der)) ?? 0) > (onDisk.get(keyOf(der)) ?? 0));
  if (!extra) return undefined;
  const [has, says] = [onDisk.get(keyOf(extra)) ?? 0, told.get(keyOf(extra)) ?? 0];
  const several = has > 0 ? ` (${says} of that name, ${place} ${has})` : '';
  return `accepts ${authorityText(extra)}, which is no longer in it${several}`;
}

function mistried(
  { chain, answer }: Trial,
  found: ReturnType<typeof verifyOnce>,
  configMap: boolean,
): string | undefined {
  const who = commonName(chain.leaf.subject) || nameText(chain.leaf.subject);
  if (answer === 'refused') return found.ok ? `refuses ${who}, whose authority is in it` : undefined;
  if (found.ok || found.code !== 'verify/unknown-authority' || configMap) return undefined;
  return `lets in ${who}, whose authority is not in it`;
}

function distinct(certificates: readonly Certificate[]): Certificate[] {
  return [...grouped(certificates, ({ der }) => keyOf(der)).values()].flatMap(([first]) => first ?? []);
}

function countsOf(names: readonly Uint8Array[]): Map<string, number> {
  return new Map([...grouped(names, keyOf)].map(([key, same]) => [key, same.length]));
}

const keyOf = (der: Uint8Array): string => asBuffer(der).toString('base64');
