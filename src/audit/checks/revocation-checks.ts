import { toRfc3339 } from '../../base/index.ts';
import { lintRevocationList } from '../../lint/index.ts';
import { listSignatureRefusal } from '../../verify/index.ts';
import { nameText, serialHex } from '../../x509/index.ts';
import type { Held, HeldList, View } from '../view/types.ts';
import { octets } from '../view/view.ts';
import { groupOf, spot, type Spotted, type TreeCheck } from './types.ts';
import { named } from './words.ts';

const each = ({ lists }: View, look: (list: HeldList) => string | undefined): Spotted[] =>
  lists.flatMap((one) => {
    const message = look(one);
    return message === undefined ? [] : [{ places: [one.path], message }];
  });

const issuersOf = (view: View, { list }: HeldList): readonly Held[] =>
  (view.bySubject.get(octets(list.issuer.der)) ?? []).filter(({ isAuthority }) => isAuthority);

/** The walk over a list ends here; a list of a Kubernetes cluster has a few. */
const MOST_ENTRIES = 100_000;

export const revocationChecks: readonly TreeCheck[] = groupOf('revocation', [
  {
    id: 'list-ended',
    severity: 'error',
    title: 'a revocation list that is past its date',
    why: 'who looks at dates refuses everything then; etcd does not look, and goes on with an old list',
    remedy: 'issue the list anew before its next update, also when nothing was revoked',
    source: 'RFC 5280, 5.1.2.5; etcd client/pkg/transport/listener_tls.go',
    look: (view) =>
      each(view, ({ list: { nextUpdate } }) =>
        nextUpdate !== undefined && nextUpdate < view.at
          ? `the next one was due ${toRfc3339(nextUpdate)}`
          : undefined,
      ),
  },
  {
    id: 'list-early',
    severity: 'error',
    title: 'a revocation list that has not begun',
    why: 'a clock is wrong, here or where it was issued',
    remedy: 'compare the clocks: timedatectl, chronyc tracking',
    source: 'RFC 5280, 5.1.2.4',
    look: (view) =>
      each(view, ({ list: { thisUpdate } }) =>
        thisUpdate > view.at ? `it is of ${toRfc3339(thisUpdate)}` : undefined,
      ),
  },
  {
    id: 'list-stranger',
    severity: 'warning',
    title: 'a revocation list of which there is no issuer',
    why: 'nobody can tell whose certificates it revokes; etcd compares serial numbers only, so it may hit others',
    remedy: 'remove it, or add the authority to what is read',
    source: 'RFC 5280, 6.3.3',
    look: (view) =>
      each(view, (one) =>
        issuersOf(view, one).length === 0
          ? `it is of ${JSON.stringify(nameText(one.list.issuer))}`
          : undefined,
      ),
  },
  {
    id: 'list-unsigned',
    severity: 'error',
    title: 'a revocation list that its issuer has not signed, or may not sign',
    why: "kubeadm's authorities lack cRLSign: Go and OpenSSL do not believe their lists",
    remedy: 'issue the authority anew with the key usage cRLSign, and the same key',
    source: 'RFC 5280, 4.2.1.3; crypto/x509/x509.go, CheckSignatureFrom',
    look: (view) =>
      each(view, (one) => {
        const refusals = issuersOf(view, one).map(({ certificate }) =>
          listSignatureRefusal(one.list, certificate),
        );
        return refusals.every((refusal) => refusal !== undefined) ? refusals[0] : undefined;
      }),
  },
  {
    id: 'list-pem',
    severity: 'error',
    title: 'a revocation list for etcd as PEM',
    why: 'since 3.6 etcd reads DER only, and with a list that it cannot read it refuses every connection',
    remedy: 'openssl crl -in LIST -outform DER -out LIST.der',
    source: 'etcd client/pkg/transport/listener_tls.go, checkCRL',
    look: (view) => each(view, ({ path, isPem }) => (isPem && /etcd/.test(path) ? 'it is PEM' : undefined)),
  },
  {
    id: 'revoked-in-use',
    severity: 'error',
    title: 'a certificate that is revoked, and still here',
    why: 'kube-apiserver reads no lists and lets it in; etcd, with the list, does not',
    remedy: 'issue it anew with a new key, or take it out of use',
    source: 'RFC 5280, 5.3; kubernetes/kubernetes#18982',
    look: (view) =>
      view.lists.flatMap((one) => {
        const revoked = serialsOf(one);
        return view.certificates
          .filter(({ certificate }) => revoked.has(octets(certificate.serial)))
          .filter(({ certificate }) => octets(certificate.issuer.der) === octets(one.list.issuer.der))
          .map(({ certificate, places }) =>
            spot(
              places,
              `${named(certificate)}, serial ${serialHex(certificate.serial)}, is revoked by ${one.path}`,
            ),
          );
      }),
  },
]);

function serialsOf({ list }: HeldList): ReadonlySet<string> {
  const serials = new Set<string>();
  for (const { serial } of list.entries) {
    if (serials.size >= MOST_ENTRIES) break;
    serials.add(octets(serial));
  }
  return serials;
}

/** What is stricter than Go in the form of a list, by the rows of lint. */
export function listForms(view: View): { readonly id: string; readonly spotted: Spotted }[] {
  return view.lists.flatMap(({ path, list }) =>
    lintRevocationList(list).map(({ id, severity, title, evidence }) => ({
      id,
      spotted: { places: [path], message: evidence === '' ? title : `${title}: ${evidence}`, severity },
    })),
  );
}
