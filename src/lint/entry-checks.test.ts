import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DerNode } from '../../test/judges/der-tree.ts';
import {
  type Draft,
  keyOf,
  leafDraft,
  mint,
  mintDer,
  nameOf,
  NOW,
  rootDraft,
} from '../../test/judges/mint.ts';
import { hasOpenssl, inTemporaryDirectory } from '../../test/judges/openssl.ts';
import {
  goodEntry,
  goodList,
  listWithEntry,
  plantedEntries,
} from '../../test/judges/planted-revocation-lists.ts';
import { parseRevocationList, serialDecimal, signBytes, writePem } from '../x509/index.ts';
import { entryChecks, lintRevocationList } from './index.ts';

const key = keyOf('lists', 'ed25519');
const { issuer, authorityKeyId } = parseRevocationList(goodList);
const authority: Draft = {
  ...rootDraft('lists', key),
  subject: issuer,
  issuer,
  subjectKeyId: authorityKeyId,
  keyUsage: ['keyCertSign', 'cRLSign'],
};
const { serial, der } = mint(leafDraft(nameOf('revoked'), keyOf('revoked'), authority, ['a.test']));
const listOf = (extensions: readonly DerNode[], count = 1) =>
  listWithEntry(extensions, { serial, count, sign: (tbs) => signBytes(key, tbs) });

const UNUSABLE = 'unhandled critical CRL extension';
/** What OpenSSL says to the certificate that the entry revokes, where it is not that. */
const OPENSSL: Readonly<Record<string, string>> = {
  'entry-unknown-critical': UNUSABLE,
  'entry-known-critical': UNUSABLE,
  'entry-reason-remove': 'OK',
};
const rows = [['good', goodEntry] as const, ...plantedEntries];

describe('lint of entries of CRLs', () => {
  it.each(plantedEntries)('%s', (id, extensions) => {
    const found = lintRevocationList(parseRevocationList(listOf(extensions)));
    expect(found.map((one) => one.id)).toEqual([id]);
    expect(found[0]?.evidence.startsWith(`serial ${serialDecimal(serial)}`)).toBe(true);
  });

  it('a good one has no finding; of many bad ones the first is named', () => {
    expect(lintRevocationList(parseRevocationList(listOf(goodEntry)))).toEqual([]);
    const [, unknown = []] = plantedEntries.find(([id]) => id === 'entry-reason-unknown') ?? [];
    const [found] = lintRevocationList(parseRevocationList(listOf(unknown, 4)));
    expect(found?.evidence).toBe(`serial ${serialDecimal(serial)}: reason 7, and 3 more`);
  });

  it.skipIf(!hasOpenssl()).each(rows)(
    '%s, to openssl verify -crl_check (needs openssl)',
    (id, extensions) => {
      inTemporaryDirectory((at) => {
        writeFileSync(at('ca'), writePem('CERTIFICATE', mintDer(authority)));
        writeFileSync(at('leaf'), writePem('CERTIFICATE', der));
        writeFileSync(at('crl'), writePem('X509 CRL', listOf(extensions)));
        const flags = ['-crl_check', '-attime', `${NOW / 1000}`, '-CAfile', at('ca'), '-CRLfile', at('crl')];
        const { stdout, stderr } = spawnSync('openssl', ['verify', ...flags, at('leaf')], {
          encoding: 'utf8',
        });
        expect(stdout + stderr).toContain(OPENSSL[id] ?? 'certificate revoked');
      });
    },
  );

  it('every check has its planted case', () => {
    expect(plantedEntries.map(([id]) => id)).toEqual(entryChecks.map(({ id }) => id));
  });
});
