import { createSecureContext, type SecureContext } from 'node:tls';
import { asBuffer } from '../base/index.ts';
import type { ProbeCredential, ProbeOptions } from './types.ts';

type Versions = Pick<ProbeOptions, 'minVersion' | 'maxVersion'>;

/** What goes without a credential shares contexts too. */
const ANONYMOUS = {};
/** A context takes longer to make than a handshake with a P-256 key: one a credential, kept with it. */
const contexts = new WeakMap<object, Map<string, SecureContext>>();

/** @throws what OpenSSL says of a pair that it cannot load */
export function contextFor(credential: ProbeCredential | undefined, versions: Versions): SecureContext {
  const owner = credential ?? ANONYMOUS;
  const known = contexts.get(owner) ?? new Map<string, SecureContext>();
  contexts.set(owner, known);
  const { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' } = versions;
  const name = `${minVersion} ${maxVersion}`;
  let context = known.get(name);
  if (context === undefined) {
    context = createSecureContext({
      minVersion,
      maxVersion,
      // No anchors: the chain is judged elsewhere, and OpenSSL must not add certificates of ours to the
      // chain that we present (ssl_add_cert_chain takes issuers from the store when the file has none).
      ca: [],
      // Weak keys and digests are for the verdict to refuse, not for OpenSSL's security level to hide.
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(credential && { cert: asBuffer(credential.certificate), key: asBuffer(credential.key.reveal()) }),
    });
    known.set(name, context);
  }
  return context;
}
