import { DAY, toRfc3339, YEAR } from '../../base/index.ts';
import { lifeTrouble } from '../life.ts';
import { placeId } from '../view/place-id.ts';
import type { Held, View } from '../view/types.ts';
import { groupOf, spot, type Spotted, type TreeCheck } from './types.ts';
import { named } from './words.ts';

/**
 * Whoever issues for less than this renews by machine, and late: the kubelet at 70 to 90 % of the life
 * (client-go util/certificate/certificate_manager.go, jitteryDuration), cert-manager at two thirds.
 */
const SHORT = 30 * DAY;
const LATE_BY_MACHINE = 0.9;

/** The CA/Browser Forum's longest life of a server's certificate before 2026: browsers' patience. */
const LONGEST = 398 * DAY;
const LONGEST_AUTHORITY = 20 * YEAR;

const ROTATED = /\/kubelet-(?:client|server)-/;

function isEarly({ certificate: { notBefore, notAfter }, places }: Held, at: number): boolean {
  const life = notAfter - notBefore;
  const byMachine = life < SHORT || places.some(({ path }) => ROTATED.test(path));
  return byMachine && at - notBefore < LATE_BY_MACHINE * life;
}

/** Certificates in whose life it is so, each with the sentence. */
function troubled(
  held: readonly Held[],
  { at }: View,
  wanted: 'ended' | 'late' | 'early',
): { readonly held: Held; readonly message: string }[] {
  return held.flatMap((one) => {
    const { certificate } = one;
    const trouble = lifeTrouble(named(certificate), certificate, at);
    const is = at > certificate.notAfter ? 'ended' : at < certificate.notBefore ? 'early' : 'late';
    // Dates the wrong way round are told by another check.
    if (!trouble || is !== wanted || certificate.notAfter < certificate.notBefore) return [];
    return wanted === 'late' && isEarly(one, at) ? [] : [{ held: one, message: trouble.message }];
  });
}

const authorities = (view: View) => view.certificates.filter(({ isAuthority }) => isAuthority);

/** Beside one that holds it is a leftover, and whoever reads the file goes on. */
function endedAuthorities(view: View, as: 'leftover' | 'alone'): Spotted[] {
  const holds = ({ certificate, isAuthority }: Held) => isAuthority && certificate.notAfter >= view.at;
  return troubled(authorities(view), view, 'ended').flatMap(({ held, message }) => {
    const places = held.places.filter(
      ({ path, inside }) => view.inFile(placeId(path, inside)).some(holds) === (as === 'leftover'),
    );
    return places.length > 0 ? [spot(places, message)] : [];
  });
}

const spots = (found: ReturnType<typeof troubled>): Spotted[] =>
  found.map(({ held, message }) => spot(held.places, message));

export const expiryChecks: readonly TreeCheck[] = groupOf('expiry', [
  {
    id: 'expired',
    severity: 'error',
    title: 'a certificate has ended',
    why: 'every new connection that shows it is refused; those that are open go on, which hides it',
    remedy:
      'kubetls apply; with kubeadm: kubeadm certs renew all, on each control plane, then restart its pods',
    source: 'RFC 5280, 4.1.2.5; kubeadm certs check-expiration',
    look: (view) => spots(troubled(view.leaves, view, 'ended')),
  },
  {
    id: 'expiring',
    severity: 'warning',
    title: 'more than four fifths of its life are over',
    why: 'what renews it should have done so by now; one that lives for less than a month is given nine tenths',
    remedy:
      'kubetls apply; with kubeadm: kubeadm certs renew all, on each control plane, then restart its pods',
    source: 'client-go util/certificate/certificate_manager.go, nextRotationDeadline',
    look: (view) => spots(troubled(view.leaves, view, 'late')),
  },
  {
    id: 'not-yet-valid',
    severity: 'error',
    title: 'a certificate that has not begun',
    why: 'it is refused until then; most often a clock is wrong, here or where it was issued',
    remedy: 'compare the clocks: timedatectl, chronyc tracking',
    source: 'RFC 5280, 4.1.2.5',
    look: (view) => spots(troubled(view.certificates, view, 'early')),
  },
  {
    id: 'authority-expired',
    severity: 'error',
    title: 'an authority has ended',
    why: 'with it ends everything that it signed',
    remedy: 'issue its certificate anew with the same key, and put it wherever it is trusted',
    source: 'crypto/x509/verify.go, isValid',
    look: (view) => endedAuthorities(view, 'alone'),
  },
  {
    id: 'authority-expiring',
    severity: 'warning',
    title: 'more than four fifths of the life of an authority are over',
    why: 'its successor must be trusted everywhere before it signs: that takes a rotation, and a rotation takes time',
    remedy: 'plan the rotation now: what ends when is said by kubetls forecast',
    source: 'Kubernetes, manual rotation of CA certificates',
    look: (view) =>
      spots(troubled(authorities(view), view, 'late').filter(({ held }) => !hasYounger(held, view))),
  },
  {
    id: 'anchor-leftover',
    severity: 'info',
    title: 'an anchor that has ended, beside one that holds',
    why: 'it is left over from a rotation or a renewal, and harms nobody',
    remedy: 'remove it from the bundle',
    source: 'pkg/controlplane/controller/clusterauthenticationtrust',
    look: (view) => endedAuthorities(view, 'leftover'),
  },
  {
    id: 'life-long',
    severity: 'warning',
    title: 'a leaf that holds for more than 398 days to come',
    why: 'Kubernetes knows no revocation: what is lost stays good until it ends',
    remedy: 'issue it for a year or less, and renew it by machine',
    source: 'pkg: kubernetes/kubernetes#18982; CA/Browser Forum Baseline Requirements, 6.3.2',
    look: ({ leaves, at }) =>
      leaves
        .filter(({ certificate }) => certificate.notAfter - Math.max(at, certificate.notBefore) > LONGEST)
        .map(({ certificate, places }) =>
          spot(places, `${named(certificate)} holds until ${toRfc3339(certificate.notAfter)}`),
        ),
  },
  {
    id: 'authority-life-long',
    severity: 'info',
    title: 'an authority that holds for more than 20 years to come',
    why: 'nobody will remember how to rotate it, and its key and algorithm must last as long',
    remedy: 'nothing now; rotate it in time',
    source: 'NIST SP 800-57 part 1, 5.3.6',
    look: (view) =>
      authorities(view)
        .filter(({ certificate }) => certificate.notAfter - view.at > LONGEST_AUTHORITY)
        .map(({ certificate, places }) =>
          spot(places, `${named(certificate)} holds until ${toRfc3339(certificate.notAfter)}`),
        ),
  },
]);

function hasYounger({ key, certificate }: Held, { byKey }: View): boolean {
  return byKey.get(key)?.some((one) => one.certificate.notAfter > certificate.notAfter) ?? false;
}
