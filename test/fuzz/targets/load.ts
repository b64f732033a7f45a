import { loadBundle, type Loader, loadPair } from '../../../src/trust/index.ts';
import { loadPrivateKey } from '../../../src/verify/index.ts';
import { type Certificate, publicKeyFromSpki, readPrivateKey, sameKey } from '../../../src/x509/index.ts';
import { listed, mustHold, never, target, type Target } from '../target.ts';

/** Files as the programs of a cluster load them. */
export const loadTargets: Readonly<Record<string, Target>> = {
  'loaded-key': target('der', loadOne, {
    words: [
      '\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07',
      '\x06\x03\x2b\x65\x70',
      '\x02\x01\x00',
      '\x02\x01\x01',
    ],
    pace: 1 / 4,
  }),
  bundle: never('text', loadAll, {
    words: listed(
      '-----BEGIN CERTIFICATE-----\n¦\n-----END CERTIFICATE-----\n¦-----BEGIN ¦\n-----END ¦PRIVATE KEY-----\n',
      'a: b\n\n¦\r\n¦=¦\xef\xbb\xbf¦TRUSTED CERTIFICATE¦AAAA\n',
    ),
    pace: 1 / 4,
  }),
};

/** What our own reader takes, Go takes for the same key. */
function loadOne(der: Uint8Array): void {
  const { publicKey, error } = loadPrivateKey(der);
  if (error !== undefined) mustHold(error.startsWith('tls: '), 'a refusal has words');
  else
    mustHold(sameKey(publicKeyFromSpki(publicKey.spki), publicKey), 'a public key is read as it is written');
  if (der[0] !== 0x30) return;
  const own = readPrivateKey(der).publicKey;
  mustHold(publicKey !== undefined && sameKey(own, publicKey), 'Go loads it too');
}

/** A text as a bundle, as each component loads it, and as a certificate with its key in one file. */
function loadAll(text: Uint8Array): void {
  const taken = (loader: Loader): readonly Certificate[] | undefined => {
    const read = loadBundle(loader, text);
    if (!('kind' in read)) return read;
    mustHold(read.error !== '', 'a refusal has words');
    return undefined;
  };
  const [most, all, one] = [taken('client-go'), taken('dynamic-ca'), taken('csr-signer')];
  taken('etcd');
  mustHold(!all || all.length === most?.length, 'what is taken whole is what is taken in part');
  mustHold(!one || (one.length === 1 && all?.length === 1), 'one certificate is one');
  const pair = loadPair(text, text);
  if (pair.kind === 'broken') mustHold(pair.error !== '', 'a refusal has words');
}
