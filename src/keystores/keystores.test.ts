// Judged by openssl and Java's keytool: what they write is read, and what they refuse is refused.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, inTemporaryDirectory, openssl } from '../../test/judges/openssl.ts';
import { applied } from '../../test/support/small-cluster.ts';
import { Secret } from '../base/index.ts';
import { readCertificates, readPrivateKey, sameKey } from '../x509/index.ts';
import { isJavaKeystore, isPkcs12, type Keystore, readJavaKeystore, readPkcs12 } from './index.ts';

const { inventory } = await applied();
const bytesAt = (path: string) => Buffer.from(inventory.get(path)?.bytes ?? []);
const crt = bytesAt('users/kube-admin/admin.crt');
const key = bytesAt('users/kube-admin/admin.key');
const ca = bytesAt('users/kube-admin/ca.crt');
const [leaf] = readCertificates(crt).certificates;
const [authority] = readCertificates(ca).certificates;
const secret = (text: string) => new Secret(Buffer.from(text));

function expectPair(store: Keystore, name?: string): void {
  const ders = store.certificates.map(({ der }) => Buffer.from(der).toString('hex'));
  expect(ders).toContain(Buffer.from(leaf?.der ?? []).toString('hex'));
  expect(ders).toContain(Buffer.from(authority?.der ?? []).toString('hex'));
  const [found] = store.keys;
  if (!found || !leaf) throw new Error('the key is missing');
  expect(sameKey(readPrivateKey(found.pkcs8.reveal()).publicKey, leaf.publicKey)).toBe(true);
  if (name !== undefined) expect(found.name).toBe(name);
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'read';
}

describe.skipIf(!hasOpenssl())('PKCS#12 that openssl writes (needs openssl)', () => {
  const made = (...more: readonly string[]) =>
    inTemporaryDirectory((at) => {
      writeFileSync(at('crt'), Buffer.concat([crt, ca]));
      writeFileSync(at('key'), key);
      const words = ['pkcs12', '-export', '-in', at('crt'), '-inkey', at('key'), '-name', 'Büro'];
      return openssl([...words, ...more]);
    });

  it.each<[string, readonly string[]]>([
    ['as it is by default', []],
    ['as until 2021: 3DES and RC2 of 40 bits', ['-legacy']],
    ['RC2 of 128 bits', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-RC2-128']],
    ['two keys of DES', ['-legacy', '-certpbe', 'PBE-SHA1-2DES', '-keypbe', 'PBE-SHA1-2DES']],
    ['AES-128, a SHA-512 MAC', ['-certpbe', 'AES-128-CBC', '-keypbe', 'AES-128-CBC', '-macalg', 'sha512']],
    ['certificates in the clear', ['-certpbe', 'NONE']],
    ['without a MAC', ['-nomac']],
  ])('%s', (_, words) => {
    const der = made(...words, '-passout', 'pass:pässword');
    expect(isPkcs12(der)).toBe(true);
    expectPair(readPkcs12(der, secret('pässword')), 'Büro');
    expect(refusal(() => readPkcs12(der, secret('another')))).toBe('keystores/wrong-password');
    expect(refusal(() => readPkcs12(der, undefined))).toBe('keystores/needs-password');
  });

  it('whose padding a wrong password makes right, as once in 256: it does not open it', () => {
    const der = made('-iter', '1', '-nomac', '-passout', 'pass:right');
    const answers = Array.from({ length: 2_000 }, (_, i) =>
      refusal(() => readPkcs12(der, secret(`wrong ${i}`))),
    );
    expect([...new Set(answers)]).toEqual(['keystores/wrong-password']);
  });

  it('with an empty password, without one being given', () => {
    expectPair(readPkcs12(made('-passout', 'pass:'), undefined));
  });

  it('and one that was made to cost is refused before it does', () => {
    // To make one costs as much as to open it: a cheaper one says what it does not cost.
    const cheap = made('-legacy', '-passout', 'pass:x', '-iter', '32768').toString('latin1');
    const [told, costly] = ['\x02\x03\x00\x80\x00', '\x02\x03\x7f\xff\xff'];
    expect(cheap.split(told)).toHaveLength(4);
    const der = Buffer.from(cheap.replaceAll(told, costly), 'latin1');
    expect(refusal(() => readPkcs12(der, secret('x')))).toBe('keystores/limit');
  });

  it('cut off anywhere is refused, never read wrongly', () => {
    const der = made('-passout', 'pass:x', '-iter', '1');
    for (let length = 0; length < der.length; length += 7) {
      expect(refusal(() => readPkcs12(der.subarray(0, length), secret('x')))).toMatch(/^(x509|keystores)\//);
    }
  });
});

/** Nothing that it does is worth Java's second compiler, or several threads of its collector. */
const QUICK = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];

const hasKeytool = spawnSync('keytool', ['-help'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasKeytool || !hasOpenssl())(
  'keystores that Java writes (needs keytool and openssl)',
  () => {
    const made = (type: string, trusted = false) =>
      inTemporaryDirectory((at) => {
        writeFileSync(at('ca'), ca);
        writeFileSync(at('crt'), Buffer.concat([crt, ca]));
        writeFileSync(at('key'), key);
        const words = ['pkcs12', '-export', '-in', at('crt'), '-inkey', at('key'), '-name', 'mine'];
        writeFileSync(at('p12'), openssl([...words, '-passout', 'pass:changeit']));
        const store = ['-keystore', at('out'), '-storetype', type, '-storepass', 'changeit'];
        const from = ['-srckeystore', at('p12'), '-srcstoretype', 'PKCS12', '-srcstorepass', 'changeit'];
        const run = (...arguments_: readonly string[]) => {
          const { status, stdout } = spawnSync('keytool', [...QUICK, ...arguments_, '-noprompt'], {
            encoding: 'utf8',
          });
          if (status !== 0) throw new Error(stdout);
        };
        if (trusted) run('-importcert', '-file', at('ca'), '-alias', 'root', ...store);
        else
          run(
            '-importkeystore',
            ...from,
            '-destkeystore',
            at('out'),
            '-deststoretype',
            type,
            '-deststorepass',
            'changeit',
          );
        return readFileSync(at('out'));
      });

    it('JKS: certificates without a password, the key with one', () => {
      const store = made('JKS');
      expect(isJavaKeystore(store)).toBe(true);
      expectPair(readJavaKeystore(store, secret('changeit')), 'mine');
      const open = readJavaKeystore(store, undefined);
      expect([open.certificates.length, open.keys.length, open.shut]).toEqual([2, 0, ['mine']]);
      expect(refusal(() => readJavaKeystore(store, secret('changeme')))).toBe('keystores/wrong-password');
      for (let length = 0; length < store.length; length += 11) {
        const cut = store.subarray(0, length);
        expect(refusal(() => readJavaKeystore(cut, secret('changeit')))).toMatch(/^keystores\//);
      }
    });

    it.each(['JKS', 'PKCS12'])('a trust store of Java: %s', (type) => {
      const read = type === 'JKS' ? readJavaKeystore : readPkcs12;
      const { certificates } = read(made(type, true), type === 'JKS' ? undefined : secret('changeit'));
      expect(certificates.map(({ name }) => name)).toEqual(['root']);
    });

    it('PKCS12 of Java', () => {
      expectPair(readPkcs12(made('PKCS12'), secret('changeit')), 'mine');
    });

    it('the certificates of JCEKS', () => {
      const { certificates, shut } = readJavaKeystore(made('JCEKS'), secret('changeit'));
      expect([certificates.length, shut]).toEqual([2, ['mine']]);
    });
  },
);
