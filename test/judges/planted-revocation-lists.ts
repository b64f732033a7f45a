/** One planted fault for each rule over CRLs that is stricter than Go's. */
import { readPem } from '../../src/x509/index.ts';
import { CRL } from '../support/revocation-list.ts';
import { der, type DerNode, hex, readTree, writeTree } from './der-tree.ts';

export const goodList: Uint8Array = readPem(CRL)[0]?.bytes ?? new Uint8Array();

/** Places in a TBSCertList. */
const [ISSUER, THIS_UPDATE, NEXT_UPDATE, ENTRIES, EXTENSIONS] = [2, 3, 4, 5, 6];
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

const CRITICAL: DerNode = { tag: 0x01, content: Uint8Array.of(0xff), children: undefined };

function extension(oid: string, value: Uint8Array, critical = false): DerNode {
  const id = { tag: 0x06, content: hex(oid), children: undefined };
  const wrapped = { tag: 0x04, content: value, children: undefined };
  return { tag: 0x30, content: value, children: [id, ...(critical ? [CRITICAL] : []), wrapped] };
}

const [REASON, INVALIDITY, OTHER] = ['551d15', '551d18', '2a0304'];
const reason = (number: number) => extension(REASON, Uint8Array.of(0x0a, 1, number));
const date = (text: string) => extension(INVALIDITY, der(0x18, Buffer.from(text)));

/** The extensions of a good entry. */
export const goodEntry: readonly DerNode[] = [reason(1), date('20260101000000Z')];

/** By the id of the rule over entries, the extensions of an entry that breaks it alone. */
export const plantedEntries: readonly (readonly [id: string, extensions: readonly DerNode[]])[] = [
  ['entry-unknown-critical', [extension(OTHER, Uint8Array.of(5, 0), true)]],
  ['entry-known-critical', [extension(REASON, Uint8Array.of(0x0a, 1, 1), true)]],
  ['entry-extension-twice', [reason(1), reason(1)]],
  ['entry-reason-unknown', [reason(7)]],
  ['entry-reason-unspecified', [reason(0)]],
  ['entry-reason-remove', [reason(8)]],
  ['entry-invalidity-date', [date('202601010000Z')]],
];

interface WithEntries {
  /** Of each entry that is added. */
  readonly serial?: Uint8Array;
  readonly count?: number;
  /** Without it the signature stays that of the good list. */
  readonly sign?: (tbs: Uint8Array) => Uint8Array;
}

/** The good list, with entries more that have these extensions. */
export function listWithEntry(
  extensions: readonly DerNode[],
  { serial = Uint8Array.of(9), count = 1, sign }: WithEntries = {},
): Uint8Array {
  const [list] = readTree(goodList) as [DerNode];
  const [tbs] = list.children as [DerNode];
  const entries = tbs.children?.[ENTRIES]?.children as [DerNode];
  const [, date] = entries[0].children as [DerNode, DerNode];
  const number = { tag: 0x02, content: serial, children: undefined };
  const sequence = (children: readonly DerNode[]): DerNode => {
    return { tag: 0x30, content: Uint8Array.of(), children: [...children] };
  };
  const entry = sequence([number, date, sequence(extensions)]);
  entries.push(...Array.from({ length: count }, () => entry));
  if (sign) {
    const signature = Uint8Array.of(0, ...sign(writeTree(tbs)));
    list.children?.splice(2, 1, { tag: 0x03, content: signature, children: undefined });
  }
  return writeTree(list);
}
