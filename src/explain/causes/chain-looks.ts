/** Causes that a chain shows, from the near misses of `verify`: what came close, and what it lacks. */
import { toHex, toRfc3339 } from '../../base/index.ts';
import type { NearMiss } from '../../verify/index.ts';
import { type Certificate, extendedKeyUsageText, generalNameText, nameText } from '../../x509/index.ts';
import { called, placed, type Refused } from '../refused.ts';
import type { Evidence } from '../evidence.ts';

type Of<Kind extends NearMiss['kind']> = Extract<NearMiss, { readonly kind: Kind }>;
type Look = (refused: Refused) => Evidence | undefined;

/** Names of a certificate that a sentence holds. */
const MOST_NAMES = 12;

export const chainLooks = {
  expired: lookFor('date', (miss, refused) =>
    miss.side === 'after'
      ? about(refused, miss.certificate, `ended ${toRfc3339(miss.certificate.notAfter)}`)
      : undefined,
  ),
  notYetValid: lookFor('date', (miss, refused) =>
    miss.side === 'before'
      ? about(refused, miss.certificate, `begins ${toRfc3339(miss.certificate.notBefore)} only`)
      : undefined,
  ),
  nameMissing: lookFor('name', ({ certificate, asked, nearest }, refused) => {
    const near = nearest === undefined ? '' : `; the nearest is ${nearest}`;
    return about(refused, certificate, `is for ${namesOf(certificate)}, and was asked for ${asked}${near}`);
  }),
  wrongUsage: lookFor('usage', ({ certificate, listed, wanted }, refused) => {
    const has = listed.map(extendedKeyUsageText).join(', ');
    return about(refused, certificate, `is for ${has} only, not for ${extendedKeyUsageText(wanted)}`);
  }),
  otherGeneration: lookFor('other-key', ({ certificate, candidate }, refused) => {
    const signer = refused.signerOf(certificate);
    const ids = `key id wanted ${keyId(certificate.authorityKeyId)}, trusted ${keyId(candidate.subjectKeyId)}`;
    return {
      text: [
        `${placed(refused, certificate)} was not signed by the key of ${placed(refused, candidate)}, which has the name of its issuer (${ids})`,
        ...(signer ? [`the one that signed it: ${signer.text}`] : []),
      ],
      files: refused.filesOf(certificate, candidate),
    };
  }),
  anchorMissing: anchorMissing,
  missingIntermediate: lookFor('elsewhere', ({ certificate, candidate }, refused) =>
    isSelfIssued(candidate)
      ? undefined
      : about(
          refused,
          certificate,
          `was signed by ${called(candidate)}, an intermediate that is not sent along; it stands in ${refused.places(candidate).join(', ')}`,
        ),
  ),
  issuerUnfit: lookFor('cannot-sign', ({ certificate, candidate, error }, refused) =>
    about(refused, candidate, `may not sign ${called(certificate)}: ${error}`),
  ),
  constraint: lookFor('constraint', ({ certificate, authority, detail }, refused) =>
    about(refused, authority, `may not sign for ${called(certificate)}: ${detail}`),
  ),
  criticalExtension: lookFor('critical-extension', ({ certificate, oids }, refused) =>
    about(refused, certificate, `has critical extensions that Go does not know: ${oids.join(', ')}`),
  ),
} satisfies Readonly<Record<string, Look>>;

function lookFor<Kind extends NearMiss['kind']>(
  kind: Kind,
  say: (miss: Of<Kind>, refused: Refused) => Evidence | undefined,
): Look {
  return (refused) => {
    for (const miss of refused.misses) {
      const evidence = miss.kind === kind ? say(miss as Of<Kind>, refused) : undefined;
      if (evidence) return evidence;
    }
    return undefined;
  };
}

/** Nobody who is trusted has the name of the issuer, or only somebody elsewhere. */
function anchorMissing(refused: Refused): Evidence | undefined {
  // Somebody has it, with another key: that says more.
  if (refused.misses.some(({ kind }) => kind === 'other-key')) return undefined;
  const miss = refused.misses.find(
    (one) =>
      one.kind === 'missing-issuer' ||
      one.kind === 'untrusted-root' ||
      one.kind === 'other-name' ||
      (one.kind === 'elsewhere' && isSelfIssued(one.candidate)),
  );
  if (!miss) return undefined;
  const { certificate } = miss;
  const where = refused.anchorFiles.join(', ') || 'what the other side trusts';
  const signer =
    miss.kind === 'elsewhere' ? `; it stands in ${refused.places(miss.candidate).join(', ')}` : '';
  const evidence = about(
    refused,
    certificate,
    miss.kind === 'untrusted-root'
      ? `signs itself, and is not in ${where}`
      : `was issued by ${nameText(certificate.issuer) || 'an authority without a name'} (key id ${keyId(certificate.authorityKeyId)}), which is not in ${where}${signer}`,
  );
  return { text: evidence.text, files: [...new Set([...evidence.files, ...refused.anchorFiles])] };
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return toHex(subject.der) === toHex(issuer.der);
}

function about(refused: Refused, certificate: Certificate, text: string): Evidence {
  return { text: [`${placed(refused, certificate)} ${text}`], files: refused.filesOf(certificate) };
}

function keyId(bytes: Uint8Array | undefined): string {
  return bytes ? toHex(bytes) : 'unknown';
}

/** The first of its names, as openssl words them. */
export function namesOf({ subjectAltNames = [] }: Certificate): string {
  const names = subjectAltNames.slice(0, MOST_NAMES).map(generalNameText);
  const more = subjectAltNames.length - names.length;
  if (names.length === 0) return 'no names at all';
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
