// Keys that openssl writes are read, and those that we write openssl reads.
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { hasOpenssl, openssl } from '../../test/judges/openssl.ts';
import { readPrivateKey, writeEncryptedPrivateKey, writePrivateKey, writePublicKey } from './index.ts';
import { secret, random, keys } from './keys.fixture.ts';

describe.skipIf(!hasOpenssl())('keys and openssl (needs openssl)', () => {
  const GENERATED: Readonly<Record<string, readonly string[]>> = {
    genrsa: ['genrsa', '2048'],
    'genrsa -traditional': ['genrsa', '-traditional', '2048'],
    'ecparam with its parameters in front': ['ecparam', '-name', 'prime256v1', '-genkey'],
    'ecparam P-384': ['ecparam', '-name', 'secp384r1', '-genkey', '-noout'],
    'ecparam P-521': ['ecparam', '-name', 'secp521r1', '-genkey', '-noout'],
    'ecparam P-224': ['ecparam', '-name', 'secp224r1', '-genkey', '-noout'],
    'genpkey ed25519': ['genpkey', '-algorithm', 'ed25519'],
    'genpkey ec, DER': [
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-outform',
      'DER',
    ],
    'genpkey rsa, DER': ['genpkey', '-algorithm', 'RSA', '-outform', 'DER'],
  };

  const publicDer = (pem: Uint8Array, form: string, passphrase = 'x') =>
    openssl(['pkey', '-inform', form, '-passin', `pass:${passphrase}`, '-pubout', '-outform', 'DER'], pem);

  it.each(Object.entries(GENERATED))('reads %s', (_, args) => {
    const written = openssl(args);
    const form = args.includes('DER') ? 'DER' : 'PEM';
    expect(Buffer.from(readPrivateKey(written).publicKey.spki)).toEqual(publicDer(written, form));
  });

  it('reads the traditional forms as DER', () => {
    for (const args of [['rsa', '-traditional'], ['ec']] as const) {
      const pem =
        args[0] === 'rsa'
          ? openssl(['genrsa', '2048'])
          : openssl(['ecparam', '-name', 'prime256v1', '-genkey']);
      const der = openssl([...args, '-outform', 'DER'], pem);
      expect(Buffer.from(readPrivateKey(der).publicKey.spki)).toEqual(publicDer(pem, 'PEM'));
    }
  });

  const CIPHERS: readonly (readonly string[])[] = [
    ['-v2', 'aes-128-cbc'],
    ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA1'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA384'],
    ['-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '100000'],
    ['-v2', 'des3'],
    ['-scrypt'],
    ['-scrypt', '-scrypt_N', '1024', '-scrypt_r', '16', '-scrypt_p', '2'],
  ];
  it.each(CIPHERS.map((options) => [options.join(' '), options] as const))(
    'opens pkcs8 -topk8 %s',
    (_, options) => {
      const [, key] = keys[1]!;
      const pem = openssl(
        ['pkcs8', '-topk8', '-passout', 'pass:x', ...options],
        writePrivateKey(key, 'traditional').reveal(),
      );
      expect(readPrivateKey(pem, secret('x')).pkcs8.reveal()).toEqual(key.pkcs8.reveal());
      expect(codeOf(() => readPrivateKey(pem, secret('y')))).toBe('x509/key-wrong-passphrase');
    },
  );

  it.each(keys)('%s: openssl reads every form that we write', (_, key) => {
    const encrypted = writeEncryptedPrivateKey(key, secret('x'), random);
    for (const pem of [writePrivateKey(key, 'traditional'), writePrivateKey(key, 'pkcs8'), encrypted]) {
      expect(publicDer(pem.reveal(), 'PEM')).toEqual(Buffer.from(key.publicKey.spki));
    }
    const text = openssl(['pkey', '-pubin', '-noout', '-text'], writePublicKey(key.publicKey)).toString();
    expect(text).toContain('Public-Key');
  });

  it('writes the traditional forms byte for byte as openssl does', () => {
    for (const args of [
      ['genrsa', '-traditional', '2048'],
      ['ecparam', '-name', 'secp384r1', '-genkey', '-noout'],
    ]) {
      const pem = openssl(args);
      expect(Buffer.from(writePrivateKey(readPrivateKey(pem), 'traditional').reveal()).toString()).toBe(
        pem.toString(),
      );
    }
  });

  it('says what to do with forms that it does not read', () => {
    const rsa = openssl(['genrsa', '2048']);
    const old = openssl(['rsa', '-traditional', '-aes256', '-passout', 'pass:x'], rsa);
    expect(codeOf(() => readPrivateKey(old, secret('x')))).toBe('x509/key-unsupported');
    const explicit = openssl([
      'ecparam',
      '-name',
      'prime256v1',
      '-genkey',
      '-noout',
      '-param_enc',
      'explicit',
    ]);
    expect(() => readPrivateKey(explicit)).toThrow('spells its curve out');
    const k1 = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout']);
    expect(() => readPrivateKey(k1)).toThrow('1.3.132.0.10');
    const x25519 = openssl(['genpkey', '-algorithm', 'x25519']);
    expect(() => readPrivateKey(x25519)).toThrow('1.3.101.110');
  });
});
