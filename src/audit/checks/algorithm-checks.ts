import type { View } from '../view/types.ts';
import { groupOf, spot, spotAt, type TreeCheck } from './types.ts';
import { clients, named, servers, usedAs } from './words.ts';

/** crypto/tls/common.go, checkKeySize. */
const LARGEST_RSA = 8192;
/** TLS 1.3 has a signature for these curves only (RFC 8446, 4.2.3). */
const TLS_CURVES: ReadonlySet<number> = new Set([256, 384, 521]);

const shown = (view: View) => [...servers(view), ...clients(view)];

export const algorithmChecks: readonly TreeCheck[] = groupOf('algorithms', [
  {
    id: 'key-oversized',
    severity: 'error',
    title: 'an RSA key of more than 8192 bits',
    why: 'Go ends the handshake: its verification costs the other side too much',
    remedy: 'issue it with rsa-4096, or better ecdsa-p256',
    source: 'crypto/tls/common.go, checkKeySize',
    look: (view) =>
      view.certificates
        .filter(({ certificate: { publicKey } }) => publicKey.kind === 'rsa' && publicKey.bits > LARGEST_RSA)
        .map(({ certificate, places }) =>
          spot(places, `${named(certificate)} has a key of ${certificate.publicKey.bits} bits`),
        ),
  },
  {
    id: 'key-curve',
    severity: 'error',
    title: 'a key on a curve that TLS 1.3 has not',
    why: 'no handshake can be signed with it: Go knows P-256, P-384 and P-521',
    remedy: 'issue it with ecdsa-p256',
    source: 'RFC 8446, 4.2.3; crypto/tls/auth.go, signatureSchemesForPublicKey',
    look: (view) =>
      shown(view)
        .filter(
          ({ held: { certificate } }) =>
            certificate.publicKey.kind === 'ecdsa' && !TLS_CURVES.has(certificate.publicKey.bits),
        )
        .map((used) =>
          spotAt(
            used,
            `${named(used.held.certificate)} has a key on ${used.held.certificate.publicKey.name}`,
          ),
        ),
  },
  {
    id: 'key-ed25519',
    severity: 'info',
    title: 'a server with an Ed25519 key',
    why: 'Go has it; kubeadm cannot load the key, and browsers refuse the certificate',
    remedy: 'issue it with ecdsa-p256, where others than Go programs dial it',
    source: 'cmd/kubeadm/app/util/pkiutil: neither in RSA nor ECDSA format',
    look: (view) =>
      usedAs(view, 'apiserver')
        .filter(({ held: { certificate } }) => certificate.publicKey.kind === 'ed25519')
        .map((used) => spotAt(used, `${named(used.held.certificate)} has an Ed25519 key`)),
  },
  {
    id: 'authority-weaker',
    severity: 'info',
    title: 'an authority with a weaker key than what it signs',
    why: 'a chain is as strong as its weakest key',
    remedy: 'rotate the authority to an algorithm that is at least as strong',
    source: 'NIST SP 800-57 part 1, 5.6.1',
    look: (view) => {
      const weak = new Map<string, number>();
      return view.leaves.flatMap((held) => {
        const [issuer] = view.issuersOf(held);
        if (
          !issuer ||
          weak.has(issuer.sha256) ||
          strength(issuer.certificate.publicKey) >= strength(held.certificate.publicKey)
        )
          return [];
        weak.set(issuer.sha256, 1);
        const [ours, theirs] = [issuer, held].map(({ certificate }) => certificate.publicKey.name);
        return [spot(issuer.places, `${named(issuer.certificate)} is ${ours}, and signs ${theirs}`)];
      });
    },
  },
]);

/** Bits of strength (NIST SP 800-57 part 1, table 2). */
function strength({ kind, bits }: { readonly kind: string; readonly bits: number }): number {
  if (kind === 'rsa') return bits < 2048 ? 80 : bits < 3072 ? 112 : bits < 7680 ? 128 : 192;
  return kind === 'ecdsa' ? bits / 2 : 128;
}
