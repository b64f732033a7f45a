import { DAY } from '../../../src/base/index.ts';
import { parseName } from '../../../src/x509/index.ts';
import { authority, certificateAt, crt, draftOf, keyAt, keyFile, pem, reissued } from '../audited-tree.ts';
import { der, hex } from '../der-tree.ts';
import { type Draft, intermediateDraft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../mint.ts';
import { PKI, type TreePlant } from './types.ts';
import type { AuditedTree } from '../audited-tree.ts';

/** An authority that nothing of the tree uses, with a leaf below it, in files of their own. */
const other = (): Draft => ({ ...rootDraft('other', keyOf('other')), keyUsage: ['keyCertSign', 'cRLSign'] });
const leafOf = (parent: Draft, names: readonly string[] = []): Draft => ({
  ...leafDraft(nameOf('agent'), keyOf('agent'), parent, names),
  keyUsage: ['digitalSignature'],
});
const below = (parent: Draft): Draft => ({
  ...intermediateDraft('below', keyOf('below'), parent),
  keyUsage: ['keyCertSign', 'cRLSign'],
});
const EXTRA = `${PKI}/extra`;
const OTHER = `${PKI}/other`;

/** The cluster's authority as a parent of drafts. */
function clusterDraft(tree: AuditedTree): Draft {
  const { certificate, key } = authority(tree, 'cluster');
  return draftOf(certificate, key, key);
}

const utf8Name = (commonName: string) =>
  parseName(der(0x30, der(0x31, der(0x30, hex('0603550403'), der(0x0c, Buffer.from(commonName))))));

export const plantedChains: readonly TreePlant[] = [
  { id: 'issuer-unknown', plant: () => [crt(`${EXTRA}.crt`, mint(leafOf(other())))] },
  {
    id: 'issuer-encoding',
    plant: (tree) => {
      const draft = leafOf(clusterDraft(tree));
      return [crt(`${EXTRA}.crt`, mint({ ...draft, issuer: utf8Name('KUBERNETES-CA') }))];
    },
  },
  {
    id: 'signed-by-namesake',
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver`, {
        signedBy: keyOf('namesake'),
        authorityKeyId: Uint8Array.of(1, 2, 3),
      }),
    ],
  },
  { id: 'signature-wrong', plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { tampered: true })] },
  {
    id: 'issuer-no-authority',
    plant: (tree) => {
      const path = `${PKI}/kubelet`;
      const certificate = certificateAt(tree.inventory, `${path}.crt`);
      const key = keyAt(tree.inventory, `${path}.key`);
      return [crt(`${EXTRA}.crt`, mint(leafOf(draftOf(certificate, key, key))))];
    },
  },
  {
    id: 'key-id-differs',
    plant: (tree) => [
      crt(`${EXTRA}.crt`, mint({ ...leafOf(clusterDraft(tree)), authorityKeyId: Uint8Array.of(1) })),
    ],
  },
  {
    id: 'path-too-long',
    plant: () => {
      const root = { ...other(), basicConstraints: { ca: true, pathLength: 0 } };
      const certificate = mint(root);
      return [crt(`${OTHER}.crt`, certificate), crt(`${EXTRA}.crt`, mint(below(root)), certificate)];
    },
  },
  {
    id: 'issuer-usage-narrow',
    plant: () => {
      const root: Draft = { ...other(), extendedKeyUsage: ['serverAuth'] };
      return [crt(`${OTHER}.crt`, mint(root)), crt(`${EXTRA}.crt`, mint(leafOf(root)))];
    },
    more: ['ca-with-extended-usage'],
  },
  {
    id: 'name-forbidden',
    plant: () => {
      const permitted = [{ kind: 'dns', value: 'example.test' } as const];
      const root: Draft = { ...other(), nameConstraints: { critical: true, permitted, excluded: [] } };
      return [crt(`${OTHER}.crt`, mint(root)), crt(`${EXTRA}.crt`, mint(leafOf(root, ['elsewhere.test'])))];
    },
  },
  {
    id: 'outlives-issuer',
    plant: () => {
      const root: Draft = { ...other(), notAfter: NOW + 200 * DAY };
      return [crt(`${OTHER}.crt`, mint(root)), crt(`${EXTRA}.crt`, mint(leafOf(root)))];
    },
  },
  {
    id: 'chain-incomplete',
    plant: () => {
      const root = other();
      const sub = below(root);
      return [crt(`${OTHER}.crt`, mint(sub), mint(root)), crt(`${EXTRA}.crt`, mint(leafOf(sub)))];
    },
  },
  {
    id: 'chain-order',
    plant: () => {
      const root = other();
      const sub = below(root);
      const second = { ...below(sub), subject: nameOf('second'), key: keyOf('second') };
      const leaf = mint(leafOf(second));
      return [crt(`${OTHER}.crt`, mint(root)), crt(`${EXTRA}.crt`, leaf, mint(sub), mint(second))];
    },
  },
  {
    id: 'chain-with-root',
    plant: () => {
      const root = mint(other());
      return [crt(`${EXTRA}.crt`, mint(leafOf(other())), root)];
    },
  },
  {
    id: 'anchor-is-leaf',
    plant: () => [crt(`${EXTRA}.crt`, mint(other()), mint(leafOf(other())))],
  },
  {
    id: 'anchor-is-intermediate',
    plant: () => {
      const root = other();
      return [crt(`${OTHER}.crt`, mint(root)), crt(`${EXTRA}.crt`, mint(below(root)))];
    },
  },
  {
    id: 'bundle-twice',
    plant: () => {
      const root = mint(other());
      return [crt(`${EXTRA}.crt`, root, root)];
    },
  },
  {
    id: 'block-passed-over',
    plant: () => {
      const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      const bytes = Buffer.concat([pem(mint(other())), Buffer.from(broken)]);
      return [{ path: `${EXTRA}.crt`, mode: 0o644, bytes }];
    },
  },
];

export const plantedKeys: readonly TreePlant[] = [
  {
    id: 'pair-mismatch',
    plant: () => [keyFile(`${PKI}/apiserver.key`, keyOf('stray'))],
  },
  {
    id: 'pair-without-key',
    plant: () => [{ path: `${PKI}/kubelet.key`, remove: true }],
  },
  {
    id: 'key-encrypted',
    plant: () => {
      const bytes = Buffer.from(
        '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBpjBABgkqhkiG9w0BBQ0wMzAbBgkqhkiG9w0BBQwwDgQI\n-----END ENCRYPTED PRIVATE KEY-----\n',
      );
      return [{ path: `${PKI}/extra.key`, mode: 0o600, bytes }];
    },
  },
  {
    id: 'key-in-two-certificates',
    plant: (tree) => {
      const key = keyAt(tree.inventory, `${PKI}/kubelet.key`);
      return [crt(`${EXTRA}.crt`, mint({ ...leafOf(clusterDraft(tree)), key }))];
    },
  },
  {
    id: 'key-on-two-nodes',
    plant: ({ inventory }) => [
      crt(`nodes/cp2/srv/apiserver.crt`, certificateAt(inventory, `${PKI}/apiserver.crt`)),
      keyFile('nodes/cp2/srv/apiserver.key', keyAt(inventory, `${PKI}/apiserver.key`)),
    ],
  },
  {
    id: 'authority-key-reused',
    plant: (tree) => [
      crt(`${EXTRA}.crt`, mint({ ...leafOf(clusterDraft(tree)), key: authority(tree, 'etcd').key })),
    ],
  },
  {
    id: 'token-key-reused',
    plant: ({ inventory }) => {
      const key = keyAt(inventory, `${PKI}/sa.key`);
      const root = { ...other(), key, signedBy: key };
      return [crt(`${OTHER}.crt`, mint(root))];
    },
  },
  {
    id: 'token-pair-mismatch',
    plant: ({ inventory }) => {
      const { bytes } = inventory.get('authorities/service-account/g1/sa.pub') ?? { bytes: Buffer.of() };
      return [
        { path: 'nodes/cp1/srv/sa.pub', mode: 0o644, bytes },
        keyFile('nodes/cp1/srv/sa.key', keyOf('other tokens')),
      ];
    },
  },
  { id: 'key-orphan', plant: () => [keyFile(`${PKI}/left-over.key`, keyOf('left over'))] },
];
