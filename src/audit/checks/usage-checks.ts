import type { Use } from '../view/uses.ts';
import type { Used, View } from '../view/types.ts';
import { groupOf, spot, type Spotted, spotAt, type TreeCheck } from './types.ts';
import { clients, mayBe, named, servers, usedAs } from './words.ts';

/** They show their server's pair as clients, too: to their peers, and to themselves. */
const BOTH: readonly Use[] = ['etcd', 'etcd-peer'];

const each = (used: readonly Used[], isWrong: (used: Used) => boolean): Spotted[] =>
  used.filter(isWrong).map((one) => spotAt(one, usagesOf(one)));

function usagesOf({ held: { certificate } }: Used): string {
  const { extendedKeyUsage = [] } = certificate;
  return `${named(certificate)} is for ${extendedKeyUsage.join(', ') || 'everything'}`;
}

const others = (view: View) => clients(view).filter(({ place: { use } }) => use !== 'kubelet-client');

export const usageChecks: readonly TreeCheck[] = groupOf('usages', [
  {
    id: 'server-usage',
    severity: 'error',
    title: 'a server whose certificate is not for servers',
    why: 'every client refuses it: certificate specifies an incompatible key usage',
    remedy: 'issue it with the extended key usage serverAuth',
    source: 'RFC 5280, 4.2.1.12; crypto/x509/verify.go',
    look: (view) => each(servers(view), ({ held }) => !mayBe(held.certificate, 'serverAuth')),
  },
  {
    id: 'client-usage',
    severity: 'error',
    title: 'a client whose certificate is not for clients',
    why: 'kube-apiserver answers 401, etcd ends the handshake',
    remedy: 'issue it with the extended key usage clientAuth',
    source: 'apiserver pkg/authentication/request/x509/x509.go',
    look: (view) => each(clients(view), ({ held }) => !mayBe(held.certificate, 'clientAuth')),
  },
  {
    id: 'etcd-usage',
    severity: 'error',
    title: 'an etcd member whose certificate is not for both sides',
    why: 'a member shows its server certificate as a client to its peers, and to itself through its gateway',
    remedy: 'issue it with serverAuth and clientAuth',
    source: 'etcd, Transport security model; etcd server/embed/etcd.go',
    look: (view) =>
      each(
        usedAs(view, ...BOTH),
        ({ held: { certificate } }) => mayBe(certificate, 'serverAuth') && !mayBe(certificate, 'clientAuth'),
      ),
  },
  {
    id: 'usage-any',
    severity: 'warning',
    title: 'a leaf that says that it is for everything',
    why: 'anyExtendedKeyUsage makes a server of each client, and a client of each server',
    remedy: 'issue it with the one usage that it has',
    source: 'RFC 5280, 4.2.1.12',
    look: (view) =>
      view.leaves
        .filter(({ certificate }) => certificate.extendedKeyUsage?.includes('any'))
        .map(({ certificate, places }) => spot(places, `${named(certificate)} has anyExtendedKeyUsage`)),
  },
  {
    id: 'usage-unlimited',
    severity: 'warning',
    title: 'a leaf that does not say what it is for',
    why: 'without extended key usages it is good for servers and for clients',
    remedy: 'issue it with the one usage that it has',
    source: 'RFC 5280, 4.2.1.12',
    look: (view) =>
      view.leaves
        .filter(
          ({ certificate: { version, extendedKeyUsage } }) => version === 3 && extendedKeyUsage === undefined,
        )
        .map(({ certificate, places }) => spot(places, `${named(certificate)} has no extended key usage`)),
  },
  {
    id: 'client-serves',
    severity: 'warning',
    title: 'a client that could also serve',
    why: 'whoever has it can pass for the names in it',
    remedy: 'issue it with clientAuth alone',
    source: 'Kubernetes, PKI certificates and requirements',
    look: (view) =>
      each(
        others(view),
        ({ held: { certificate } }) =>
          certificate.extendedKeyUsage?.includes('serverAuth') === true &&
          (certificate.subjectAltNames?.length ?? 0) > 0,
      ),
  },
  {
    id: 'server-connects',
    severity: 'info',
    title: 'a server whose certificate is also for clients',
    why: 'it authenticates as the user of its common name, wherever its authority is trusted',
    remedy: 'issue it with serverAuth alone, where nothing uses it as a client',
    source: 'Kubernetes, PKI certificates and requirements',
    look: (view) =>
      each(
        usedAs(view, 'apiserver', 'kubelet'),
        ({ held: { certificate } }) =>
          certificate.extendedKeyUsage?.includes('clientAuth') === true && mayBe(certificate, 'serverAuth'),
      ),
  },
  {
    id: 'signature-usage',
    severity: 'warning',
    title: 'a leaf whose key may not sign',
    why: 'TLS 1.3 signs in every handshake: Go does not look, OpenSSL and Java refuse it',
    remedy: 'issue it with the key usage digitalSignature',
    source: 'RFC 8446, 4.4.2.2',
    look: (view) =>
      [...servers(view), ...clients(view)]
        .filter(({ held: { certificate } }) => {
          const { keyUsage = ['digitalSignature'] } = certificate;
          return keyUsage.length > 0 && !keyUsage.includes('digitalSignature');
        })
        .map((used) =>
          spotAt(
            used,
            `${named(used.held.certificate)} is for ${used.held.certificate.keyUsage?.join(', ')}`,
          ),
        ),
  },
]);
