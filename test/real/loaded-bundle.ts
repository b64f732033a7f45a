/** A bundle as a component loads it, by us and by the component's own function: to be compared. */
import { toHex } from '../../src/base/index.ts';
import { type Loader, loadBundle } from '../../src/trust/index.ts';
import { goLoad } from './oracle.ts';

export const LOADERS: readonly Loader[] = ['client-go', 'dynamic-ca', 'etcd', 'csr-signer'];

/** The error, or the subjects that are in the pool then, hex. */
export function loaded(loader: Loader, bundle: Uint8Array): string | string[] {
  const read = loadBundle(loader, bundle);
  if ('kind' in read) return read.error;
  return [...new Set(read.map(({ subject }) => toHex(subject.der)))];
}

export async function goLoaded(
  oracle: string,
  loader: Loader,
  bundles: readonly Uint8Array[],
): Promise<(string | string[])[]> {
  const questions = bundles.map((bundle) => ({ load: loader, der: Buffer.from(bundle).toString('base64') }));
  return (await goLoad(oracle, questions)).map(withoutFile);
}

/** Without what the reader of a file says around the words of the loader. */
function withoutFile({ ok, error, subjects }: { ok: boolean; error: string; subjects: string[] }) {
  if (ok) return subjects;
  if (error === 'missing content for CA bundle "client-ca-bundle::FILE"') return NOTHING;
  return error
    .replace('error loading CA bundle for "client-ca-bundle::FILE": ', '')
    .replace('error reading FILE: ', '');
}

/** What `clientAnchors` (trust) says of an empty file in Go's words is the loader's text for no certificate. */
const NOTHING = 'data does not contain any valid RSA or ECDSA certificates';
