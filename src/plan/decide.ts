/** What one item needs: one function per kind of item, each pure. */
import { equalBytes } from '../base/index.ts';
import type {
  AnchorsItem,
  AuthorityId,
  AuthorityItem,
  CopyItem,
  DesiredFile,
  Item,
  KeyPairItem,
  KubeconfigItem,
  PairItem,
} from '../cluster/index.ts';
import type { Entry } from '../inventory/index.ts';
import { signsItself } from '../issue/index.ts';
import { type Certificate, nameText, type PublicKey } from '../x509/index.ts';
import { certificateFinding, type Finding } from './checks.ts';
import { kubeconfigFinding } from './kubeconfig.ts';
import type { Reason, Verb } from './types.ts';
import {
  areAsWritten,
  authorityCertificate,
  certificateAt,
  isAsWritten,
  keyAt,
  type World,
} from './world.ts';

export interface Decision {
  readonly verb: Verb;
  readonly reason: Reason;
  readonly key: 'new' | 'keep';
}

const KEEP: Decision = { verb: 'keep', reason: { code: 'in-order', text: 'in order' }, key: 'keep' };

export function decide(item: Item, world: World): Decision {
  switch (item.kind) {
    case 'authority':
      return decidePair(item, undefined, world);
    case 'pair':
      return decidePair(item, item.issuer, world);
    case 'kubeconfig':
      return decideKubeconfig(item, world);
    case 'anchors':
      return decideAnchors(item, world);
    case 'copy':
      return decideCopy(item, world);
    case 'key-pair':
      return decideKeyPair(item, world);
  }
}

export function filesOf(item: Item): readonly DesiredFile[] {
  switch (item.kind) {
    case 'authority':
    case 'pair':
      return [item.certificate, item.key];
    case 'key-pair':
      return [item.privateKey, item.publicKey];
    case 'kubeconfig':
    case 'anchors':
    case 'copy':
      return [item.file];
  }
}

function decidePair(item: AuthorityItem | PairItem, issuer: AuthorityId | undefined, world: World): Decision {
  const certificateEntry = world.inventory.get(item.certificate.path);
  const keyEntry = world.inventory.get(item.key.path);
  const key = pairKey(item, keyEntry, world);
  const missing = [item.certificate, item.key].filter(({ path }) => !world.inventory.get(path));
  if (missing.length === 2) return create('missing', 'does not exist yet', 'new');
  if (!certificateEntry) {
    if (key) return create('missing', 'its certificate is missing; the key stays', 'keep');
    if (item.kind === 'authority') return lostAuthority(keyEntry);
    return replace(
      { code: 'unreadable', text: 'its key cannot be read and its certificate is missing' },
      'new',
    );
  }
  // An authority whose key is kept elsewhere, or encrypted, is whole; only issuing from it is impossible here.
  if (item.kind === 'authority' && !key)
    return certificateAt(certificateEntry) ? KEEP : lostAuthority(keyEntry);
  if (!keyEntry) return replace({ code: 'missing', text: 'its key is missing' }, 'new');
  const certificate = certificateAt(certificateEntry);
  if (!key)
    return replace({ code: 'unreadable', text: `its key cannot be read: ${whyUnreadable(keyEntry)}` }, 'new');
  if (!certificate)
    return replace(
      { code: 'unreadable', text: `cannot be read: ${whyUnreadable(certificateEntry)}` },
      'keep',
    );
  if (issuer && world.renewed.has(issuer) && !authorityCertificate(issuer, world)) {
    return replace({ code: 'issuer-replaced', text: 'its authority is made anew' }, 'keep');
  }
  const finding = certificateFinding({
    certificate,
    key,
    profile: item.profile,
    algorithm: item.algorithm,
    issuer: issuer && authorityCertificate(issuer, world),
    at: world.at,
    renewBefore: item.kind === 'authority' ? world.renewAuthoritiesBefore : world.renewBefore,
    issuerRenewed: issuer !== undefined && world.renewed.has(issuer),
    asWritten: areAsWritten(item.certificate.path, issuer, world),
    keepsKeys: world.keepsKeys,
  });
  if (finding) return replaceFor(item, finding, certificate);
  return wrongMode([item.certificate, item.key], world) ?? KEEP;
}

/**
 * The public key of a pair's private key. A set is written whole, and the key that a certificate is made for is
 * of its set. So as long as both files stand as kubetls last wrote them the key is the certificate's, and
 * need not be read: with RSA or EC that takes as long as the rest of a plan that has nothing to do.
 */
function pairKey(
  item: AuthorityItem | PairItem,
  keyEntry: Entry | undefined,
  world: World,
): PublicKey | undefined {
  const isOurs = [item.certificate, item.key].every(({ path }) => isAsWritten(path, world));
  const known = isOurs ? certificateAt(world.inventory.get(item.certificate.path)) : undefined;
  return (known ?? keyAt(keyEntry))?.publicKey;
}

/** An authority never gets a new key by a plain plan: that is a rotation, a plan of its own. */
function replaceFor(item: AuthorityItem | PairItem, finding: Finding, certificate: Certificate): Decision {
  if (item.kind === 'pair') return replace(finding.reason, finding.key);
  if (!signsItself(certificate)) {
    const text = `${finding.reason.text}; ${nameText(certificate.issuer)} must sign it anew`;
    return { ...KEEP, reason: { code: 'signed-elsewhere', text } };
  }
  const renewable = ['expired', 'renewal-window'].includes(finding.reason.code);
  return renewable
    ? replace(finding.reason, 'keep')
    : { ...KEEP, reason: { ...finding.reason, code: 'needs-rotation' } };
}

function decideKubeconfig(item: KubeconfigItem, world: World): Decision {
  const entry = world.inventory.get(item.file.path);
  if (!entry) return create('missing', 'does not exist yet', 'new');
  if (entry.content.kind !== 'kubeconfig') {
    return replace({ code: 'unreadable', text: `is no kubeconfig: ${whyUnreadable(entry)}` }, 'new');
  }
  const finding = kubeconfigFinding(item, entry.content.config, world);
  if (finding?.kind === 'certificate') return replace(finding.reason, finding.key);
  if (finding) return rewrite(finding.reason);
  return wrongMode([item.file], world) ?? KEEP;
}

function decideAnchors(item: AnchorsItem, world: World): Decision {
  const entry = world.inventory.get(item.file.path);
  if (!entry) return create('missing', 'does not exist yet', 'keep');
  if (item.of.some((id) => world.renewed.has(id))) {
    return rewrite({ code: 'stale-content', text: 'an authority that it holds gets a new certificate' });
  }
  const wanted = item.of.map((id) => authorityCertificate(id, world));
  const found = entry.content.kind === 'certificates' ? entry.content.certificates : [];
  const same =
    found.length === wanted.length &&
    found.every((certificate, i) => equalBytes(certificate.der, wanted[i]?.der ?? new Uint8Array()));
  if (!same) {
    return entry.content.kind === 'certificates'
      ? rewrite({
          code: 'stale-content',
          text: `does not hold exactly the authorities ${item.of.join(', ')}`,
        })
      : rewrite({ code: 'unreadable', text: `holds no certificates: ${whyUnreadable(entry)}` });
  }
  return wrongMode([item.file], world) ?? KEEP;
}

function decideCopy(item: CopyItem, world: World): Decision {
  const entry = world.inventory.get(item.file.path);
  const source = world.inventory.get(item.from);
  // A key that is kept elsewhere has nothing to copy.
  if (!source && !world.moved.has(item.from)) return KEEP;
  if (!entry) return create('missing', 'does not exist yet', 'keep');
  if (world.moved.has(item.from) || entry.sha256 !== source?.sha256) {
    return rewrite({ code: 'stale-content', text: `differs from ${item.from}` });
  }
  return wrongMode([item.file], world) ?? KEEP;
}

function decideKeyPair(item: KeyPairItem, world: World): Decision {
  const privateEntry = world.inventory.get(item.privateKey.path);
  if (!privateEntry) return create('missing', 'does not exist yet', 'new');
  const key = keyAt(privateEntry);
  if (!key)
    return replace({ code: 'unreadable', text: `cannot be read: ${whyUnreadable(privateEntry)}` }, 'new');
  const publicEntry = world.inventory.get(item.publicKey.path);
  const found = publicEntry?.content.kind === 'public-key' ? publicEntry.content.key : undefined;
  if (!found || !equalBytes(found.spki, key.publicKey.spki)) {
    return rewrite({ code: 'key-mismatch', text: 'its public key is missing or of another pair' });
  }
  return wrongMode([item.privateKey, item.publicKey], world) ?? KEEP;
}

/** Neither half can be read: what stands there is somebody's, and a new authority is not a repair of it. */
function lostAuthority(keyEntry: Entry | undefined): Decision {
  const text = `neither its certificate nor its key can be read${keyEntry ? `: ${whyUnreadable(keyEntry)}` : ''}`;
  return { ...KEEP, reason: { code: 'unreadable', text } };
}

/** Too open. A stricter mode is somebody's wish, and stays. */
function wrongMode(files: readonly DesiredFile[], world: World): Decision | undefined {
  for (const { path, mode } of files) {
    const found = world.inventory.get(path)?.mode;
    if (found !== undefined && (found & ~mode) !== 0) {
      return rewrite({ code: 'wrong-mode', text: `mode is ${octal(found)}, should be ${octal(mode)}` });
    }
  }
  return undefined;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function create(code: string, text: string, key: 'new' | 'keep'): Decision {
  return { verb: 'create', reason: { code, text }, key };
}

function replace(reason: Reason, key: 'new' | 'keep'): Decision {
  return { verb: 'replace', reason, key };
}

function rewrite(reason: Reason): Decision {
  return { verb: 'rewrite', reason, key: 'keep' };
}

function whyUnreadable(entry: Entry): string {
  return entry.content.kind === 'unreadable'
    ? entry.content.failure.message
    : `it holds a ${entry.content.kind}`;
}
