/** One planted fault for each rule over CRLs that is stricter than Go's. */
import { readPem } from '../../src/x509/index.ts';
import { CRL } from '../support/revocation-list.ts';
import { type DerNode, readTree, writeTree } from './der-tree.ts';

export const goodList: Uint8Array = readPem(CRL)[0]?.bytes ?? new Uint8Array();

/** Places in a TBSCertList. */
const [ISSUER, THIS_UPDATE, NEXT_UPDATE, EXTENSIONS] = [2, 3, 4, 6];
const extensionsOf = (fields: DerNode[]) => fields[EXTENSIONS]?.children?.[0]?.children as DerNode[];

/** In the list that openssl made, key identifier first, then number. */
const changes: readonly (readonly [id: string, change: (fields: DerNode[]) => void])[] = [
  [
    'list-issuer-empty',
    (fields) => void (fields[ISSUER] = { tag: 0x30, content: Uint8Array.of(), children: [] }),
  ],
  ['list-without-next-update', (fields) => void fields.splice(NEXT_UPDATE, 1)],
  [
    'list-reversed',
    (fields) => void fields.splice(THIS_UPDATE, 2, ...fields.slice(THIS_UPDATE, 5).reverse()),
  ],
  ['list-without-number', (fields) => void extensionsOf(fields).pop()],
  ['list-without-key-id', (fields) => void extensionsOf(fields).shift()],
  ['list-extension-twice', (fields) => void extensionsOf(fields).push(...extensionsOf(fields).slice(-1))],
  [
    'list-unknown-critical',
    (fields) => {
      const critical = { tag: 0x01, content: Uint8Array.of(0xff), children: undefined };
      extensionsOf(fields).at(-1)?.children?.splice(1, 0, critical);
    },
  ],
];

/** By the id of the rule, the DER of a list that breaks it alone. */
export const plantedLists: readonly (readonly [id: string, list: () => Uint8Array])[] = changes.map(
  ([id, change]) => [
    id,
    () => {
      const [list] = readTree(goodList) as [DerNode];
      change(list.children?.[0]?.children as DerNode[]);
      return writeTree(list);
    },
  ],
);
