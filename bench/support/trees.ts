/** Trees in memory, of any number of certificates. */
import { randomBytes } from 'node:crypto';
import { systemKeys } from '../../src/apply/index.ts';
import { DAY } from '../../src/base/index.ts';
import type { FoundFile } from '../../src/inventory/index.ts';
import { type KeyAlgorithm, writePem, writePrivateKey } from '../../src/x509/index.ts';
import { type Draft, keyOf, leafDraft, mintDer, nameOf, NOW, rootDraft } from '../../test/judges/mint.ts';

const keys = systemKeys();
const text = (pem: string) => Buffer.from(pem);

/**
 * Nodes with a serving and a client certificate each, and the authority. Keys of leaves are ecdsa-p256, made anew;
 * the authority's is what is asked for. With keys beside them they stand where a kubelet has them; without, where
 * they were collected to.
 */
export function nodesTree(nodes: number, authority: KeyAlgorithm, withKeys: boolean): FoundFile[] {
  const key = keyOf('tree', authority);
  const root: Draft = { ...rootDraft('kubernetes', key), keyUsage: ['keyCertSign', 'cRLSign'] };
  const serial = Buffer.concat([Uint8Array.of(1), randomBytes(15)]);
  const anchors = text(writePem('CERTIFICATE', mintDer({ ...root, serial })));
  return Array.from({ length: nodes }, (_, i) => {
    const name = `worker-${i}`;
    const directory = `nodes/${name}/${withKeys ? 'etc/kubernetes/pki' : 'collected'}`;
    const subject = nameOf(`system:node:${name}`, 'system:nodes');
    const names = [name, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`];
    return [
      { path: `${directory}/ca.crt`, mode: 0o644, bytes: anchors },
      ...pairFiles(
        `${directory}/kubelet`,
        leafDraft(subject, keys.generate('ecdsa-p256'), root, names),
        withKeys,
      ),
      ...pairFiles(
        `${directory}/kubelet-client`,
        leafDraft(subject, keys.generate('ecdsa-p256'), root, []),
        withKeys,
      ),
    ];
  }).flat();
}

function pairFiles(base: string, leaf: Draft, withKeys: boolean): FoundFile[] {
  const serial = Buffer.concat([Uint8Array.of(1), randomBytes(15)]);
  const der = mintDer({ ...leaf, serial, keyUsage: ['digitalSignature'] });
  const certificate = { path: `${base}.crt`, mode: 0o644, bytes: text(writePem('CERTIFICATE', der)) };
  if (!withKeys) return [certificate];
  return [
    certificate,
    { path: `${base}.key`, mode: 0o600, bytes: writePrivateKey(leaf.key, 'traditional').reveal() },
  ];
}

export const AT = NOW + DAY;
