/** What a server sends and what a client trusts: several certificates in one file. */
import type { Failure } from '../../base/index.ts';
import type { Entry } from '../../inventory/index.ts';
import { perView } from '../view/per-view.ts';
import { placeId } from '../view/place-id.ts';
import type { Held, View } from '../view/types.ts';
import { groupOf, type Spotted, type TreeCheck } from './types.ts';
import { isSelfIssued, issuerNamed, named } from './words.ts';

/** Files with a leaf first: that leaf, and what follows it. */
function eachPair(view: View, look: (file: Entry, leaf: Held, rest: readonly Held[]) => string | undefined) {
  return eachFile(view, (file, [first, ...rest]) =>
    first && !first.isAuthority ? look(file, first, rest) : undefined,
  );
}

/** Files whose first certificate is an authority. */
function eachBundle(view: View, look: (file: Entry, all: readonly Held[]) => string | undefined) {
  return eachFile(view, (file, all) => (all[0]?.isAuthority ? look(file, all) : undefined));
}

const bundles = perView((view) =>
  view.entries
    .filter(({ content }) => content.kind === 'certificates')
    .map((file) => ({ file, all: view.inFile(file.path) })),
);

function eachFile(view: View, look: (file: Entry, all: readonly Held[]) => string | undefined): Spotted[] {
  return bundles(view).flatMap(({ file, all }) => {
    const message = look(file, all);
    return message === undefined ? [] : [{ places: [file.path], message }];
  });
}

/**
 * Certificates and keys in an object of a dump, or in a keystore, that are none. With a line it is the file itself
 * that is not read, which has a check of its own.
 */
function brokenInside(path: string, problems: readonly Failure[]): Spotted[] {
  return problems.flatMap(({ code, message, where }) =>
    where?.path && where.line === undefined && code.startsWith('x509/')
      ? [{ places: [placeId(path, where.path)], message }]
      : [],
  );
}

export const fileChainChecks: readonly TreeCheck[] = groupOf('chains', [
  {
    id: 'chain-incomplete',
    severity: 'warning',
    title: 'the authority between it and the root is not sent along',
    why: 'who trusts only the root finds no way to it; Go does not fetch what is missing',
    remedy: 'append the certificate of its issuer to the file: cat intermediate.crt >> FILE',
    source: 'RFC 8446, 4.4.2',
    look: (view) =>
      eachPair(view, (_, leaf, rest) => {
        const issuers = view.issuersOf(leaf);
        const between = issuers.length > 0 && issuers.every(({ certificate }) => !isSelfIssued(certificate));
        if (!between || issuers.some((one) => rest.includes(one))) return undefined;
        // Asked last: an authority may stand in as many places as there are nodes.
        if (issuers.some(({ places }) => places.some(({ as, use }) => as === 'anchor' || use)))
          return undefined;
        return `${named(leaf.certificate)} is signed by ${issuerNamed(leaf.certificate)}, which is no root and does not follow it`;
      }),
  },
  {
    id: 'chain-order',
    severity: 'warning',
    title: 'what follows the leaf is not in the order of signing',
    why: 'each certificate must certify the one before it; Go sorts them itself, other programs do not',
    remedy: 'write the file anew: leaf, then its issuer, then the issuer of that',
    source: 'RFC 5246, 7.4.2',
    look: (view) =>
      eachPair(view, (_, leaf, rest) => {
        const all = [leaf, ...rest];
        const wrong = rest.findIndex((one, i) => !view.issuersOf(all[i] ?? leaf).includes(one));
        const stranger = rest[wrong];
        return stranger && `${named(stranger.certificate)} has not signed what stands before it`;
      }),
  },
  {
    id: 'chain-with-root',
    severity: 'info',
    title: 'the root is sent along',
    why: 'who trusts it has it already, and who does not will not: it only makes each handshake longer',
    remedy: 'remove the self-signed certificate from the end of the file',
    source: 'RFC 8446, 4.4.2',
    look: (view) =>
      eachPair(view, (_, leaf, rest) => {
        const root = rest.find(({ certificate }) => isSelfIssued(certificate));
        return root && `${named(root.certificate)} follows ${named(leaf.certificate)}, and is a root`;
      }),
  },
  {
    id: 'anchor-is-leaf',
    severity: 'warning',
    title: 'a leaf among the anchors',
    why: 'Go takes every certificate of the file for an anchor, so that this one is believed without an authority',
    remedy: 'remove it from the bundle',
    source: 'crypto/x509/verify.go: opts.Roots.contains',
    look: (view) =>
      eachBundle(view, (_, all) => {
        const leaf = all.find(({ isAuthority }) => !isAuthority);
        return leaf && `${named(leaf.certificate)} stands among authorities`;
      }),
  },
  {
    id: 'anchor-is-intermediate',
    severity: 'warning',
    title: 'an anchor that another authority signed, without that one',
    why: 'for Go it is an anchor like any other; OpenSSL, and with it Node and Python, look on for a root and find none',
    remedy: 'append the root to the bundle, where programs that are not Go read it',
    source: 'crypto/x509/verify.go, buildChains; OpenSSL: unable to get issuer certificate',
    look: (view) =>
      eachBundle(view, (_, all) => {
        const lacking = all.find((one) => {
          if (!one.isAuthority || isSelfIssued(one.certificate)) return false;
          return !view.issuersOf(one).some((issuer) => all.includes(issuer));
        });
        return (
          lacking &&
          `${named(lacking.certificate)} is signed by ${issuerNamed(lacking.certificate)}, which is not among the anchors`
        );
      }),
  },
  {
    id: 'bundle-twice',
    severity: 'info',
    title: 'a certificate comes twice in one file',
    why: 'it does no harm, and is a sign of a script that appends',
    remedy: 'keep it once',
    source: 'crypto/x509/cert_pool.go, addCertFunc',
    look: (view) =>
      eachFile(view, (_, all) => {
        const twice = all.find((one, i) => all.indexOf(one) < i);
        return twice && `${named(twice.certificate)} stands more than once in it`;
      }),
  },
  {
    id: 'block-passed-over',
    severity: 'warning',
    title: 'a part of the file cannot be read',
    why: 'some programs pass over it, and some refuse the whole file',
    remedy: 'look what it is: kubetls inspect FILE',
    source: 'crypto/x509/cert_pool.go, AppendCertsFromPEM; client-go util/cert/pem.go',
    look: (view) => [
      ...view.entries.flatMap(({ path, content }) => {
        const [problem] = content.kind === 'certificates' ? content.problems : [];
        return problem ? [{ places: [path], message: problem.message }] : [];
      }),
      ...[...view.beyond].flatMap(([path, { problems }]) => brokenInside(path, problems)),
    ],
  },
]);
