import { equalBytes } from '../../base/index.ts';
import {
  signatureRefusal,
  type Usage,
  type VerifyCode,
  verifyChain,
  type VerifyFailure,
} from '../../verify/index.ts';
import { type Certificate, nameText } from '../../x509/index.ts';
import { perView } from '../view/per-view.ts';
import type { Held, View } from '../view/types.ts';
import { octets } from '../view/view.ts';
import { groupOf, spot, type Spotted, type TreeCheck } from './types.ts';
import { isSelfIssued, issuerNamed, named } from './words.ts';

/** Those that are not their own issuer, with what of this tree may have signed them. */
const signedByOthers = perView((view) =>
  view.certificates
    .filter(({ certificate }) => !isSelfIssued(certificate))
    .map((held) => ({ held, namesakes: view.bySubject.get(octets(held.certificate.issuer.der)) ?? [] })),
);

function each(view: View, look: (held: Held, namesakes: readonly Held[]) => readonly Spotted[]) {
  return signedByOthers(view).flatMap(({ held, namesakes }) => look(held, namesakes));
}

const namesKeyOf = ({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate) =>
  authorityKeyId !== undefined && subjectKeyId !== undefined && equalBytes(authorityKeyId, subjectKeyId);

/** By another key; algorithms that nobody takes are told by another check. */
const isForged = (child: Certificate, parent: Certificate) =>
  signatureRefusal(child, parent)?.includes('cannot verify') === false;

const none: readonly Spotted[] = [];

export const chainChecks: readonly TreeCheck[] = groupOf('chains', [
  {
    id: 'issuer-unknown',
    severity: 'warning',
    title: 'nothing here has signed it',
    why: 'it is of another cluster, of an authority that was replaced, or the authority has not been read',
    remedy:
      'add the tree of its authority to what is read, or issue it anew from an authority of this cluster',
    source: 'RFC 5280, 6.1; crypto/x509/verify.go, buildChains',
    look: (view) =>
      each(view, (held, namesakes) => {
        const { certificate, places } = held;
        if (namesakes.length > 0 || isNamedAlike(view, certificate)) return none;
        return [
          spot(
            places,
            `${named(certificate)} is issued by ${issuerNamed(certificate)}, of which there is no certificate here`,
          ),
        ];
      }),
  },
  {
    id: 'issuer-encoding',
    severity: 'error',
    title: 'the name of its issuer is written in another kind of string',
    why: 'Go compares names octet by octet, so it finds no issuer, though the two read the same',
    remedy: 'issue it anew: the issuer must be copied from the authority as it stands',
    source: 'RFC 5280, 7.1; crypto/x509/cert_pool.go, findPotentialParents',
    look: (view) =>
      each(view, ({ certificate, places }, namesakes) => {
        if (namesakes.length > 0 || !isNamedAlike(view, certificate)) return none;
        return [
          spot(
            places,
            `${named(certificate)} names ${issuerNamed(certificate)} in other octets than its certificate does`,
          ),
        ];
      }),
  },
  {
    id: 'signed-by-namesake',
    severity: 'error',
    title: 'signed by another authority of the same name',
    why: 'a reset or a second installation left it behind: every verifier finds the name, and refuses the signature',
    remedy: 'issue it anew from the authority that stands here now',
    source:
      'crypto/x509/verify.go: possibly because of "…" while trying to verify candidate authority certificate',
    look: (view) =>
      each(view, (held, namesakes) => {
        const { certificate, places } = held;
        const refused = namesakes.length > 0 && view.issuersOf(held).length === 0;
        if (!refused || namesakes.some((one) => namesKeyOf(certificate, one.certificate))) return none;
        if (!namesakes.some((one) => isForged(certificate, one.certificate))) return none;
        return [
          spot(
            places,
            `${named(certificate)} is issued by ${issuerNamed(certificate)}, but not signed by the key of that name here`,
          ),
        ];
      }),
  },
  {
    id: 'signature-wrong',
    severity: 'error',
    title: 'the signature does not fit, though the key that it names is here',
    why: 'the certificate was changed after it was signed, or somebody made it without the key',
    remedy: 'issue it anew, and find out who wrote it',
    source: 'RFC 5280, 6.1.3',
    look: (view) =>
      each(view, (held, namesakes) => {
        const { certificate, places } = held;
        if (view.issuersOf(held).length > 0) return none;
        const forged = namesakes.some(
          (one) => namesKeyOf(certificate, one.certificate) && isForged(certificate, one.certificate),
        );
        return forged
          ? [
              spot(
                places,
                `${named(certificate)} says that the key of ${issuerNamed(certificate)} signed it, which it did not`,
              ),
            ]
          : none;
      }),
  },
  {
    id: 'issuer-no-authority',
    severity: 'error',
    title: 'signed by a certificate that is no authority',
    why: 'whoever holds the key of a leaf may not make others: every verifier refuses it',
    remedy: 'issue it anew from an authority, and find out how it was made',
    source: 'RFC 5280, 4.2.1.9; crypto/x509/verify.go, isValid',
    look: (view) =>
      each(view, (held) => {
        const issuers = view.issuersOf(held);
        if (issuers.length === 0 || issuers.some(({ isAuthority }) => isAuthority)) return none;
        return [
          spot(
            held.places,
            `${named(held.certificate)} is signed by ${issuerNamed(held.certificate)}, which is a leaf`,
          ),
        ];
      }),
  },
  {
    id: 'key-id-differs',
    severity: 'warning',
    title: 'it names another key of its issuer than the one that signed it',
    why: 'Go only orders candidates by it; OpenSSL, and with it curl, Node and Python, find no issuer then',
    remedy: 'issue it anew; or issue the authority anew with the key identifier that its leaves name',
    source: 'RFC 5280, 4.2.1.1; OpenSSL crypto/x509/v3_purp.c, X509_check_akid',
    look: (view) =>
      each(view, (held) => {
        const { certificate, places } = held;
        const issuers = view.issuersOf(held);
        const differs = ({ certificate: { subjectKeyId } }: Held) =>
          subjectKeyId !== undefined && !equalBytes(subjectKeyId, certificate.authorityKeyId ?? subjectKeyId);
        return issuers.length > 0 && issuers.every(differs)
          ? [
              spot(
                places,
                `${named(certificate)} names another key identifier than ${issuerNamed(certificate)} has`,
              ),
            ]
          : none;
      }),
  },
  ...limits(),
  {
    id: 'outlives-issuer',
    severity: 'warning',
    title: 'it ends after its issuer does',
    why: 'it stops working when its issuer ends, whatever date it shows',
    remedy: 'renew the authority with the same key, or issue it anew for as long as the authority has left',
    source: 'crypto/x509/verify.go, isValid: each certificate of a chain is checked for its dates',
    look: (view) =>
      each(view, (held) => {
        const { certificate, places } = held;
        const issuers = view.issuersOf(held);
        return issuers.length > 0 && issuers.every((one) => one.certificate.notAfter < certificate.notAfter)
          ? [spot(places, `${named(certificate)} ends after ${issuerNamed(certificate)}, which signed it`)]
          : none;
      }),
  },
]);

/** What an authority may sign, as Go judges it: the row, and the code of the refusal. */
function limits(): Omit<TreeCheck, 'group'>[] {
  const rows: [VerifyCode, Pick<TreeCheck, 'id' | 'title' | 'why' | 'source'>][] = [
    [
      'verify/path-length',
      {
        id: 'path-too-long',
        title: 'more authorities in the chain than one of them allows',
        why: 'an authority with a path length of 0 signs leaves only',
        source: 'RFC 5280, 4.2.1.9',
      },
    ],
    [
      'verify/usage',
      {
        id: 'issuer-usage-narrow',
        title: 'its authority may not sign for this usage',
        why: 'Go, OpenSSL and others take the extended key usages of an authority as a limit of what is below it',
        source: 'crypto/x509/verify.go, checkChainForKeyUsage',
      },
    ],
    [
      'verify/name-constraint',
      {
        id: 'name-forbidden',
        title: 'its authority may not sign for one of its names',
        why: 'name constraints hold for every name of the certificate: one that is outside spoils it',
        source: 'RFC 5280, 4.2.1.10',
      },
    ],
  ];
  return rows.map(([code, row]) => ({
    ...row,
    severity: 'error',
    remedy: 'issue it from another authority, or the authority anew with wider limits',
    look: (view) =>
      each(view, (held) => {
        const limited = view.issuersOf(held).filter((issuer) => isLimited(held, issuer));
        if (limited.length === 0) return none;
        const refusals = limited.map((issuer) => refusalUnder(view, held, issuer));
        const [first] = refusals;
        return first && refusals.every((one) => one?.code === code)
          ? [spot(held.places, `${named(held.certificate)}: ${first.error}`)]
          : none;
      }),
  }));
}

/** The others allow everything, and need not be asked. */
function isLimited(held: Held, { certificate, isAuthority }: Held): boolean {
  const { basicConstraints, extendedKeyUsage, nameConstraints } = certificate;
  if (!isAuthority) return false;
  const short = held.isAuthority && basicConstraints?.pathLength === 0;
  return short || (extendedKeyUsage ?? nameConstraints) !== undefined;
}

/** At a time when both held, and with the issuer as anchor: what is left are its limits. */
function refusalUnder(
  { at }: View,
  { certificate: leaf, isAuthority }: Held,
  { certificate: issuer }: Held,
): Pick<VerifyFailure, 'code' | 'error'> | undefined {
  // Counted in authorities below the issuer: an authority under a path length of 0 can sign nothing.
  if (isAuthority && issuer.basicConstraints?.pathLength === 0) {
    const below = `it is an authority below ${named(issuer)}, whose path length is 0`;
    return { code: 'verify/path-length', error: below };
  }
  const inside = Math.min(Math.max(at, leaf.notBefore, issuer.notBefore), leaf.notAfter, issuer.notAfter);
  const roots = [issuer];
  const answers = (isAuthority ? (['any'] as const) : usagesOf(leaf)).map((usage) =>
    verifyChain({ leaf, intermediates: [], roots, at: inside, usage }),
  );
  return answers.find((answer) => !answer.ok);
}

function usagesOf({ extendedKeyUsage = [] }: Certificate): readonly Usage[] {
  const found: Usage[] = [];
  if (extendedKeyUsage.includes('serverAuth')) found.push('server');
  if (extendedKeyUsage.includes('clientAuth')) found.push('client');
  return found.length > 0 ? found : ['any'];
}

const namesOfAuthorities = perView(({ certificates }) => {
  const authorities = certificates.filter(({ isAuthority }) => isAuthority);
  return new Set(authorities.map(({ certificate }) => nameText(certificate.subject)));
});

/** Whether an authority has the same name as this issuer, to a reader. */
function isNamedAlike(view: View, { issuer }: Certificate): boolean {
  return namesOfAuthorities(view).has(nameText(issuer));
}
