import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { utf8 } from '../../src/base/index.ts';
import { applied } from '../support/small-cluster.ts';
import { goLoaded, loaded, LOADERS } from './loaded-bundle.ts';

const real = await realTools();
const { inventory } = await applied();

function text(path: string): string {
  return Buffer.from(inventory.get(path)?.bytes ?? []).toString();
}

const ca = text('users/kube-admin/ca.crt');
const leaf = text('users/kube-admin/admin.crt');
const key = text('users/kube-admin/admin.key');
const bad = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const broken = '-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n';

/** Bundles that programs do not agree on, and some that they do. */
const BUNDLES: Readonly<Record<string, string>> = {
  one: ca,
  two: ca + leaf,
  'twice the same': ca + ca,
  empty: '',
  blank: ' \n\n',
  'text only': 'hello\n',
  'text around': `# first\n${ca}# last\n`,
  'text behind a key only': `${key}# last\n`,
  'no newline at the end': ca.trimEnd(),
  CRLF: ca.replaceAll('\n', '\r\n'),
  'a byte order mark': `\ufeff${ca}`,
  'a byte order mark before two': `\ufeff${leaf}${ca}`,
  'a byte order mark, and a BEGIN behind an END': `\ufeff${ca}-----END ${leaf}`,
  'PEM headers': ca.replace('-----\n', '-----\nA: b\n\n'),
  'PEM headers, then a good one': ca.replace('-----\n', '-----\nA: b\n\n') + leaf,
  'PEM headers on one that does not parse': bad.replace('-----\n', '-----\nA: b\n\n') + ca,
  'another label': ca.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
  'another label, then a good one': ca.replaceAll('CERTIFICATE', 'X509 CERTIFICATE') + leaf,
  'a bad one first': bad + ca,
  'a bad one last': ca + bad,
  'a bad one only': bad,
  'no base64 first': broken + ca,
  'no base64 last': ca + broken,
  'no base64 only': broken,
  'a key inside': ca + key + leaf,
  'a key only': key,
  'cut off': ca.slice(0, 200),
  'cut off behind a good one': leaf + ca.slice(0, 200),
  indented: ca.replaceAll(/^/gm, '  '),
  'a key, then no base64': key + broken,
};

describe.skipIf('missing' in real)('bundles, as each component loads them (needs Go)', () => {
  it.each(LOADERS)('%s', async (loader) => {
    const oracle = 'missing' in real ? '' : real.oracle;
    const names = Object.keys(BUNDLES);
    const texts = Object.values(BUNDLES).map(utf8);
    const answers = await goLoaded(oracle, loader, texts);
    const ours = texts.map((text, i) => [names[i], loaded(loader, text)]);
    expect(ours).toEqual(names.map((name, i) => [name, answers[i]]));
  });
});
