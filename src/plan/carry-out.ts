/**
 * The effect of one action, as file changes in the order in which they must reach the disk. Pure, given its
 * ports: `apply` hands it real keys and signers, `simulate` pretended ones, so that what is rehearsed is
 * what is carried out.
 */
import { concatBytes, KubetlsError, utf8 } from '../base/index.ts';
import {
  type AnchorsItem,
  type AuthorityItem,
  type CopyItem,
  type DesiredFile,
  isOneFile,
  type KeyPairItem,
  type PairItem,
} from '../cluster/index.ts';
import type { FileChange, Inventory } from '../inventory/index.ts';
import { issueAuthority, reissueAuthority } from '../issue/index.ts';
import { type Certificate, type PrivateKey, writePem, writePublicKey } from '../x509/index.ts';
import { chainBehind } from './chain.ts';
import {
  type AuthorityItems,
  type CarryOutCode,
  type Effect,
  Issuer,
  type Ports,
  templateFor,
} from './issuer.ts';
import { kubeconfigChange } from './kubeconfig.ts';
import { newFile } from './new-file.ts';
import type { Action } from './types.ts';
import { certificateAt, certificatesAt, keyAt } from './world.ts';

export function carryOut(
  action: Action,
  inventory: Inventory,
  authorities: AuthorityItems,
  ports: Ports,
): Effect {
  const { changes, issued } = effectOf(action, inventory, authorities, ports);
  return { changes: changes.map((change) => withStricterMode(change, inventory)), issued };
}

/** A mode that lets in fewer than it need be is somebody's wish: it outlives a new content. */
function withStricterMode(change: FileChange, inventory: Inventory): FileChange {
  const found = inventory.get(change.path)?.mode;
  if ('remove' in change || found === undefined || (found & ~change.mode) !== 0) return change;
  return { ...change, mode: found };
}

function effectOf(action: Action, inventory: Inventory, authorities: AuthorityItems, ports: Ports): Effect {
  const { item } = action;
  if (action.verb === 'keep') return { changes: [], issued: [] };
  if (!item) return { changes: action.paths.map((path) => ({ path, remove: true })), issued: [] };
  const issuer = new Issuer(inventory, authorities, ports);
  switch (item.kind) {
    case 'authority':
      if (action.verb === 'rewrite')
        return { changes: sameAgain([item.certificate, item.key], inventory), issued: [] };
      return authorityEffect(item, action, inventory, ports);
    case 'pair':
      if (action.verb === 'rewrite')
        return { changes: sameAgain([item.certificate, item.key], inventory), issued: [] };
      return pairEffect(item, action, inventory, issuer, ports);
    case 'kubeconfig':
      return kubeconfigChange(item, action, inventory, issuer, ports);
    case 'anchors':
      return { changes: [anchorsChange(item, issuer)], issued: [] };
    case 'copy':
      return { changes: [copyChange(item, inventory)], issued: [] };
    case 'key-pair':
      return { changes: keyPairChanges(item, action, inventory, ports), issued: [] };
  }
}

function authorityEffect(item: AuthorityItem, action: Action, inventory: Inventory, ports: Ports): Effect {
  const key = keyFor(item, action, inventory, ports);
  const previous = action.key === 'keep' ? certificateAt(inventory.get(item.certificate.path)) : undefined;
  const order = {
    signer: ports.signer(key),
    now: ports.now,
    random: ports.random,
    isTaken: (serial: Uint8Array) => ports.isTaken(item.authority, serial),
  };
  const { lifetime, serialBits } = item.profile;
  const certificate = previous
    ? reissueAuthority({ ...order, previous, lifetime, serialBits })
    : issueAuthority({ ...order, template: templateFor(item.profile, ports.random) });
  return {
    changes: pairChanges(item, [certificate], key, action, inventory, ports),
    issued: [{ certificate, by: item.authority }],
  };
}

function pairEffect(
  item: PairItem,
  action: Action,
  inventory: Inventory,
  issuer: Issuer,
  ports: Ports,
): Effect {
  const key = keyFor(item, action, inventory, ports);
  const certificate = issuer.issue(item.issuer, item.profile, key);
  const found = certificatesAt(inventory.get(item.certificate.path));
  const chain = [certificate, ...chainBehind(found, issuer.certificate(item.issuer), ports.now)];
  return {
    changes: pairChanges(item, chain, key, action, inventory, ports),
    issued: [{ certificate, by: item.issuer }],
  };
}

function keyFor(
  item: AuthorityItem | PairItem,
  action: Action,
  inventory: Inventory,
  ports: Ports,
): PrivateKey {
  const found = action.key === 'keep' ? keyAt(inventory.get(item.key.path)) : undefined;
  return found ?? ports.keys.generate(item.algorithm);
}

/**
 * With the key kept, one rename replaces the certificate: no reader can see a torn pair. A new key is put
 * in place while no certificate stands beside it: old pair, no certificate, new pair, and never a mixture.
 */
function pairChanges(
  item: AuthorityItem | PairItem,
  chain: readonly Certificate[],
  key: PrivateKey,
  action: Action,
  inventory: Inventory,
  ports: Ports,
): FileChange[] {
  if (item.kind === 'pair' && isOneFile(item)) return [oneFileChange(item.certificate, chain, key, ports)];
  const changes: FileChange[] = [];
  if (action.key === 'new') {
    if (inventory.get(item.certificate.path)) changes.push({ path: item.certificate.path, remove: true });
    changes.push(privateKeyFile(item.key, key, ports));
  } else {
    // Whoever made it: from here on it is the key of a certificate of ours.
    changes.push(...sameAgain([item.key], inventory));
  }
  changes.push(certificateChange(item.certificate, chain));
  return changes;
}

function certificateChange(file: DesiredFile, certificates: readonly Certificate[]): FileChange {
  return newFile(file, { kind: 'certificates', certificates, problems: [] }, () => utf8(pemOf(certificates)));
}

/** As a kubelet's store has it: the certificate, then its key. */
function oneFileChange(
  file: DesiredFile,
  certificates: readonly Certificate[],
  key: PrivateKey,
  ports: Ports,
): FileChange {
  const content = { kind: 'certificates', certificates, problems: [] } as const;
  return newFile(file, content, () => concatBytes([utf8(pemOf(certificates)), ports.writeKey(key).reveal()]));
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => writePem('CERTIFICATE', der)).join('');
}

function privateKeyFile(file: DesiredFile, key: PrivateKey, ports: Ports): FileChange {
  return newFile(file, { kind: 'private-key', key }, () => ports.writeKey(key).reveal());
}

function anchorsChange(item: AnchorsItem, issuer: Issuer): FileChange {
  return certificateChange(
    item.file,
    item.of.map((id) => issuer.certificate(id)),
  );
}

function copyChange(item: CopyItem, inventory: Inventory): FileChange {
  const source = inventory.get(item.from);
  if (source) return { ...item.file, bytes: source.bytes, content: source.content };
  throw new KubetlsError<CarryOutCode>({
    code: 'plan/source-missing',
    message: `cannot copy ${item.from}: it does not exist`,
    where: { file: item.file.path },
  });
}

function keyPairChanges(item: KeyPairItem, action: Action, inventory: Inventory, ports: Ports): FileChange[] {
  const found = action.key === 'keep' ? keyAt(inventory.get(item.privateKey.path)) : undefined;
  const key = found ?? ports.keys.generate(item.algorithm);
  const { publicKey } = key;
  const publicChange = newFile(item.publicKey, { kind: 'public-key', key: publicKey }, () =>
    utf8(writePublicKey(publicKey)),
  );
  if (found) return [...sameAgain([item.privateKey], inventory), publicChange];
  return [privateKeyFile(item.privateKey, key, ports), publicChange];
}

/** The same bytes once more, with the mode that they should have. */
function sameAgain(files: readonly DesiredFile[], inventory: Inventory): FileChange[] {
  return files.flatMap((file) => {
    const entry = inventory.get(file.path);
    return entry ? [{ ...file, bytes: entry.bytes, content: entry.content }] : [];
  });
}
