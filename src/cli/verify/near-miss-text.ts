/** Near misses in words: what is the matter, and what to do. The texts are not yet made printable. */
import { type Instant, toHex, toRfc3339 } from '../../base/index.ts';
import type { NameMiss, NearMiss } from '../../verify/index.ts';
import {
  type Certificate,
  commonName,
  extendedKeyUsageText,
  fingerprint,
  nameText,
  organizations,
} from '../../x509/index.ts';
import { plural, relative } from '../text.ts';

export interface MissText {
  readonly text: string;
  /** What to do about it: a sentence or a command. */
  readonly hint: string;
}

/** What people call it: its common name, else its organization, else its fingerprint. */
export function called({ subject, der }: Certificate): string {
  return commonName(subject) || organizations(subject)[0] || `sha256:${fingerprint(der).slice(0, 12)}`;
}

/** `placed` names a certificate, and where it stands if that is known. */
export function nearMissText(
  miss: NearMiss,
  at: Instant,
  placed: (certificate: Certificate) => string = called,
): MissText {
  const { certificate } = miss;
  switch (miss.kind) {
    case 'missing-issuer':
      return {
        text: `the issuer of ${called(certificate)} was not given: ${issuerText(certificate)}`,
        hint: 'give it with --intermediates, or with --roots if it is to be trusted',
      };
    case 'untrusted-root':
      return { text: `${placed(certificate)} signs itself, and is not among the roots`, hint: TRUST };
    case 'elsewhere':
      return {
        text: `${placed(miss.candidate)} did sign ${called(certificate)}, and is not among the roots`,
        hint: TRUST,
      };
    case 'other-key':
      return {
        text: `${placed(miss.candidate)} has the name of the issuer, but not the key that signed ${called(certificate)}${keyIdText(miss)}`,
        hint: 'the authority was made anew: give the one that signed, or issue the certificate again',
      };
    case 'other-name':
      return {
        text: `${placed(miss.candidate)} has the key that signed ${called(certificate)}, but ${otherName(miss)}`,
        hint: 'issue the certificate again: the names of issuer and authority must be the same bytes',
      };
    case 'cannot-sign':
      return { text: `${placed(miss.candidate)} ${cannotSign(miss)}`, hint: CANNOT_SIGN_HINTS[miss.why] };
    case 'date':
      return dateText(certificate, miss.side, at, placed);
    case 'name':
      return nameMissText(miss);
    case 'usage': {
      const listed = miss.listed.map(extendedKeyUsageText).join(', ');
      const other = miss.wanted === 'serverAuth' ? 'client' : 'server';
      return {
        text: `${placed(certificate)} is for ${listed} only, not for ${extendedKeyUsageText(miss.wanted)}`,
        hint: `ask with --usage ${other} if it is used so; else issue it with the usage that it lacks`,
      };
    }
    case 'constraint':
      return {
        text: `${placed(miss.authority)} may not sign for ${called(certificate)}: ${miss.detail}`,
        hint: 'kubetls inspect shows the name constraints of an authority',
      };
    case 'critical-extension': {
      const extensions = plural(miss.oids.length, 'critical extension');
      return {
        text: `${placed(certificate)} has ${extensions} unknown to Go: ${miss.oids.join(', ')}`,
        hint: 'issue it again without, or not marked critical',
      };
    }
  }
}

const TRUST = 'if it is to be trusted, name its file with --roots';

function issuerText({ issuer, authorityKeyId }: Certificate): string {
  const id = authorityKeyId ? `, key id ${toHex(authorityKeyId)}` : '';
  return `${nameText(issuer) || '(empty name)'}${id}`;
}

type Of<Kind extends NearMiss['kind']> = Extract<NearMiss, { readonly kind: Kind }>;

function keyIdText({ certificate, candidate, sameKeyId }: Of<'other-key'>): string {
  if (sameKeyId === undefined) return '';
  if (sameKeyId) return '; the key ids are the same, so the signature is damaged, or the key id is made up';
  const { authorityKeyId = NONE } = certificate;
  const { subjectKeyId = NONE } = candidate;
  return `: its key id is ${toHex(subjectKeyId)}, wanted is ${toHex(authorityKeyId)}`;
}

const NONE = new Uint8Array();

function otherName({ certificate, candidate, looksEqual }: Of<'other-name'>): string {
  if (looksEqual) return 'its name is written in other bytes (such as another kind of string)';
  return `it is named ${nameText(candidate.subject)}, and the issuer ${nameText(certificate.issuer)}`;
}

function cannotSign({ certificate, candidate, why, error }: Of<'cannot-sign'>): string {
  switch (why) {
    case 'no-authority':
      return 'has the name of the issuer, and is no authority (basic constraints)';
    case 'key-usage':
      return 'is an authority whose key usage does not allow to sign certificates';
    case 'path-length': {
      const most = candidate.basicConstraints?.pathLength ?? 0;
      return `allows ${plural(most, 'authority', 'authorities')} below it (path length), and has more in this chain`;
    }
    case 'algorithm':
      return `has the name of the issuer, but its signature on ${called(certificate)} does not count: ${error}`;
  }
}

const CANNOT_SIGN_HINTS: Readonly<Record<Of<'cannot-sign'>['why'], string>> = {
  'no-authority': 'issue the authority with basic constraints CA:TRUE',
  'key-usage': 'issue the authority with key usage keyCertSign, or with none',
  'path-length': 'issue from an authority that is nearer to the root, or without a path length',
  algorithm: 'issue the certificate again, with a key and a hash of today',
};

function dateText(
  certificate: Certificate,
  side: 'before' | 'after',
  at: Instant,
  placed: (certificate: Certificate) => string,
): MissText {
  const { notBefore, notAfter } = certificate;
  if (side === 'after') {
    return {
      text: `${placed(certificate)} ended ${toRfc3339(notAfter)}, ${relative(notAfter, at)}`,
      hint: 'renew it; to see whether it held at another time, ask with --at',
    };
  }
  return {
    text: `${placed(certificate)} begins ${toRfc3339(notBefore)}, ${relative(notBefore, at)}`,
    hint: 'look at the clock of this machine, and of the one that issued it',
  };
}

/** What the nearest name lacks. */
function nameMissText({ asked, nearest = '', slip }: NameMiss): MissText {
  const issue = `issue it with ${asked} among its names, or use a name that it has`;
  const texts: Readonly<Record<NameMiss['slip'], MissText>> = {
    'not-a-name': {
      text: `${asked} is not how a name is written; ${nearest} would do`,
      hint: `ask with --name ${nearest}`,
    },
    'common-name': {
      text: `${nearest} is its common name only: Go looks at the subject alternative names alone`,
      hint: `issue it with ${asked} as a subject alternative name`,
    },
    'address-as-name': {
      text: `it has ${nearest} as a DNS name: Go looks for an address among the IP addresses alone`,
      hint: `issue it with IP:${asked} in place of DNS:${nearest}`,
    },
    'no-addresses': {
      text: 'it has no IP addresses at all',
      hint: `issue it with IP:${asked} among its names`,
    },
    'near-address': { text: `the nearest address that it has is ${nearest}`, hint: issue },
    wildcard: {
      text: `the nearest is ${nearest}, and a wildcard stands for one label, no more, no less`,
      hint: issue,
    },
    labels: { text: `the nearest is ${nearest}: labels more or less make another name`, hint: issue },
    typing: { text: `the nearest is ${nearest}`, hint: issue },
    'no-names': {
      text: 'it has no names at all',
      hint: `issue it with ${asked} as a subject alternative name`,
    },
    other: { text: 'none of its names is like it', hint: issue },
  };
  return texts[slip];
}
