/** One side of an edge that the other refuses: what it shows, who looks, and how near it was to a yes. */
import { asBuffer, type Instant } from '../base/index.ts';
import type { Edge, StatePath } from '../cluster/index.ts';
import { certificatesIn, type Inventory } from '../inventory/index.ts';
import { type Chain, clientAnchors, clientSide, loadPairFiles } from '../trust/index.ts';
import { diagnose, type GoRules, type NearMiss, type Pool, verifyChain } from '../verify/index.ts';
import { type Certificate, commonName, fingerprint, organizations } from '../x509/index.ts';
import type { Direction } from './evidence.ts';
import { namedIn } from './named.ts';

export interface Refused {
  readonly edge: Edge;
  readonly direction: Direction;
  /** In Go's words. */
  readonly error: string;
  readonly inventory: Inventory;
  /** What is shown; undefined when it cannot be loaded. */
  readonly chain: Chain | undefined;
  /** Why nothing is shown, where a client shows nothing. */
  readonly shows: string | undefined;
  readonly misses: readonly NearMiss[];
  /** Of the certificate that is shown and its key: the certificate's first. */
  readonly pairFiles: readonly StatePath[];
  readonly anchorFiles: readonly StatePath[];
  /** Where else in the inventory it stands. */
  places(certificate: Certificate): readonly StatePath[];
  filesOf(...certificates: readonly Certificate[]): readonly StatePath[];
  /** An authority of the inventory whose key signed it. */
  signerOf(certificate: Certificate): { readonly text: string } | undefined;
}

/** What one side of an edge shows to the other, and by what that looks at it. */
export interface Side {
  readonly chain: Chain | undefined;
  readonly shows: string | undefined;
  readonly pool: Pool | undefined;
  readonly name: string | undefined;
  readonly pairFiles: readonly StatePath[];
  readonly anchorFiles: readonly StatePath[];
}

export function sideOf(edge: Edge, direction: Direction, inventory: Inventory, rules?: GoRules): Side {
  return direction === 'server' ? serverSide(edge, inventory, rules) : shownByClient(edge, inventory, rules);
}

function serverSide(edge: Edge, inventory: Inventory, rules?: GoRules): Side {
  const { serves } = edge.endpoint;
  const { trusts, name } = clientSide(edge, inventory, rules);
  const files = serves === 'self-signed' ? [] : [serves.certificate, serves.key];
  const served =
    serves === 'self-signed' ? undefined : loadPairFiles(serves.certificate, serves.key, inventory, rules);
  return {
    chain: served?.kind === 'pair' ? served.chain : undefined,
    shows: undefined,
    pool: trusts.kind === 'anchors' ? trusts.pool : undefined,
    name,
    pairFiles: files,
    anchorFiles: trustedFiles(edge, inventory),
  };
}

function shownByClient(edge: Edge, inventory: Inventory, rules?: GoRules): Side {
  const { presents } = clientSide(edge, inventory, rules);
  const { clients } = edge.endpoint;
  const proxy = edge.as === 'front-proxy' ? clients.frontProxy : undefined;
  const anchors = clientAnchors(edge.endpoint, inventory, edge.as, rules);
  return {
    chain: presents.kind === 'pair' ? presents.chain : undefined,
    shows: presents.kind === 'nothing' ? presents.because : undefined,
    pool: anchors.kind === 'anchors' ? anchors.pool : undefined,
    name: undefined,
    pairFiles: credentialFiles(edge, inventory),
    anchorFiles: proxy ? [proxy.anchors] : clients.anchors,
  };
}

/** Of a kubeconfig, the files that it names: it is itself at fault only for what it holds. */
function credentialFiles({ presents }: Edge, inventory: Inventory): readonly StatePath[] {
  if (presents.kind === 'pair') return [presents.certificate, presents.key];
  if (presents.kind !== 'kubeconfig') return [];
  const { pair } = namedIn(inventory, presents.file);
  return pair.length > 0 ? pair : [presents.file];
}

function trustedFiles({ trusts }: Edge, inventory: Inventory): readonly StatePath[] {
  if (trusts.kind === 'skipped') return [];
  const { anchors } = namedIn(inventory, trusts.file);
  return anchors.length > 0 ? anchors : [trusts.file];
}

/** One value for all edges: what was found out for it holds as long as it does. */
export interface Moment {
  readonly inventory: Inventory;
  readonly at: Instant;
  readonly rules: GoRules;
}

export function refusedSide(edge: Edge, direction: Direction, error: string, moment: Moment): Refused {
  const { inventory, rules } = moment;
  const side = sideOf(edge, direction, inventory, rules);
  const { authorities, places } = indexOf(inventory);
  const placesOf = (certificate: Certificate) => places.get(keyOf(certificate)) ?? [];
  return {
    ...side,
    edge,
    direction,
    error,
    inventory,
    misses: missesOf(side, direction, moment, authorities),
    places: placesOf,
    filesOf: (...certificates) => [
      ...new Set(certificates.flatMap((certificate) => fileOf(side, certificate) ?? placesOf(certificate))),
    ],
    signerOf: (certificate) => {
      const request = {
        leaf: certificate,
        intermediates: [],
        at: certificate.notBefore,
        usage: 'any',
      } as const;
      const signer = authorities.find(
        (one) =>
          one !== certificate &&
          asBuffer(one.subject.der).equals(certificate.issuer.der) &&
          diagnose({ ...request, roots: [one] }, UNKNOWN).misses.every(({ kind }) => kind !== 'other-key'),
      );
      return signer && { text: `${called(signer)} in ${placesOf(signer).join(', ')}` };
    },
  };
}

const UNKNOWN = { ok: false, code: 'verify/unknown-authority', error: '' } as const;

interface Looked {
  readonly pool: Pool;
  readonly moment: Moment;
  readonly misses: readonly NearMiss[];
}

const looked = new WeakMap<Chain, Map<string, Looked>>();

/** Thousands of clients look at one server by the same anchors, under the same name: it is looked at once. */
function missesOf(
  { chain, pool, name = '' }: Side,
  usage: Direction,
  moment: Moment,
  authorities: readonly Certificate[],
): readonly NearMiss[] {
  if (!chain || !pool) return [];
  const known = looked.get(chain) ?? new Map<string, Looked>();
  looked.set(chain, known);
  const key = `${usage} ${name}`;
  const before = known.get(key);
  if (before?.pool === pool && before.moment === moment) return before.misses;
  const { leaf, intermediates } = chain;
  const { at, rules } = moment;
  const request = { leaf, intermediates, roots: pool, usage, name, at, rules };
  const verification = verifyChain(request);
  const misses = verification.ok ? [] : diagnose(request, verification, authorities).misses;
  known.set(key, { pool, moment, misses });
  return misses;
}

/** `nodes/master/…/apiserver.crt: kube-apiserver` */
export function placed(refused: Refused, certificate: Certificate): string {
  const [first, ...more] = refused.filesOf(certificate);
  const elsewhere = more.length > 0 ? ` (and ${more.length} more)` : '';
  return `${first ?? 'not in the inventory'}${elsewhere}: ${called(certificate)}`;
}

/** Its common name, else its first organization, else its fingerprint. */
export function called({ subject, der }: Certificate): string {
  return commonName(subject) || organizations(subject)[0] || `sha256:${fingerprint(der).slice(0, 12)}`;
}

/** The file that counts for this edge: copies elsewhere do not. */
function fileOf(
  { chain, pool, pairFiles, anchorFiles }: Side,
  certificate: Certificate,
): readonly StatePath[] | undefined {
  const shown = chain && [chain.leaf, ...chain.intermediates].some((one) => same(one, certificate));
  if (shown) return pairFiles.slice(0, 1);
  return pool?.contains(certificate) ? anchorFiles.slice(0, 1) : undefined;
}

function same(one: Certificate, other: Certificate): boolean {
  return asBuffer(one.der).equals(other.der);
}

interface Index {
  readonly authorities: readonly Certificate[];
  readonly places: ReadonlyMap<string, readonly StatePath[]>;
}

const known = new WeakMap<Inventory, Index>();

function indexOf(inventory: Inventory): Index {
  let index = known.get(inventory);
  if (!index) {
    const found = certificatesIn(inventory);
    index = {
      authorities: found.map(({ certificate }) => certificate).filter(mayIssue),
      places: new Map(found.map(({ certificate, places }) => [keyOf(certificate), places])),
    };
    known.set(inventory, index);
  }
  return index;
}

/** X.509 v1 has no extensions that say so. */
function mayIssue({ basicConstraints, version }: Certificate): boolean {
  return basicConstraints?.ca ?? version < 3;
}

function keyOf({ der }: Certificate): string {
  return fingerprint(der);
}
