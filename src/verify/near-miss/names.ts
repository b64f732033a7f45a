/** Which of its names came nearest to the one that was asked for, and what is between them. */
import { editDistance } from '../../base/index.ts';
import { type Certificate, commonName, ipText, parseIp, unmapIp } from '../../x509/index.ts';
import { nameFailure } from '../hostname.ts';
import { type SubjectAltNames, subjectAltNames } from '../sans.ts';

export interface NameMiss {
  readonly kind: 'name';
  readonly certificate: Certificate;
  readonly asked: string;
  readonly slip: NameSlip;
  /** The name that was nearest, or, for `not-a-name`, the name that was probably meant. */
  readonly nearest: string | undefined;
}

export type NameSlip =
  /** A URL, a port, an address in another form: `nearest` would do. */
  | 'not-a-name'
  /** It stands in the common name only, at which Go does not look. */
  | 'common-name'
  /** An address that stands among the DNS names, where Go does not look for it. */
  | 'address-as-name'
  /** An address, and the certificate has none. */
  | 'no-addresses'
  | 'near-address'
  /** A wildcard stands for one label, and not for none or two. */
  | 'wildcard'
  /** One name is the other with labels before or behind it. */
  | 'labels'
  | 'typing'
  | 'no-names'
  | 'other';

interface Asked {
  readonly certificate: Certificate;
  /** As it was asked for, in small letters. */
  readonly name: string;
  readonly ip: Uint8Array | undefined;
  readonly sans: SubjectAltNames;
}

type Found = Pick<NameMiss, 'slip' | 'nearest'> | undefined;

/** Enough for any certificate in use; of more only the first are looked at. */
const MOST_NAMES = 1_000;
/** RFC 1035, 2.3.4, with room for what is wrong with it. */
const LONGEST = 300;

/** Undefined when the name is good. */
export function nameMiss(certificate: Certificate, asked: string): NameMiss | undefined {
  if (asked === '' || !nameFailure(certificate, asked)) return undefined;
  const { dns, ips, ...rest } = subjectAltNames(certificate);
  const short = dns.slice(0, MOST_NAMES).filter((name) => name.length <= LONGEST);
  const sans = { dns: short, ips: ips.slice(0, MOST_NAMES), ...rest };
  const name = asked.toLowerCase();
  const question = { certificate, name, ip: parseIp(name.replace(/^\[(.*)\]$/, '$1')), sans };
  const found = asked.length > LONGEST ? undefined : firstOf(SLIPS, question);
  const none = sans.dns.length + sans.ips.length === 0;
  return {
    kind: 'name',
    certificate,
    asked,
    ...(found ?? { slip: none ? 'no-names' : 'other', nearest: undefined }),
  };
}

function firstOf(rules: readonly ((asked: Asked) => Found)[], asked: Asked): Found {
  for (const rule of rules) {
    const found = rule(asked);
    if (found) return found;
  }
  return undefined;
}

/** The surest first. */
const SLIPS: readonly ((asked: Asked) => Found)[] = [
  notAName,
  inCommonName,
  addressAsName,
  nearAddress,
  wildcard,
  typing,
  labels,
];

/** What people put around a name: `https://`, a path, a port, brackets, a zone, zeros, a dot. */
function notAName({ certificate, name }: Asked): Found {
  const bare = name
    .trim()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#].*$/, '');
  const host = bare
    .replace(/^\[([^\]]*)\].*$/, '$1')
    .replace(/^([^:]*):\d*$/, '$1')
    .replace(/%.*$/, '');
  const plain = /^[\d.]+$/.test(host) ? host.replace(/\b0+(?=\d)/g, '') : host;
  const meant = plain.replace(/\.$/, '');
  const good = meant !== name && meant !== '' && !nameFailure(certificate, meant);
  return good ? { slip: 'not-a-name', nearest: meant } : undefined;
}

function inCommonName({ certificate, name }: Asked): Found {
  const found = commonName(certificate.subject);
  return found.toLowerCase() === name ? { slip: 'common-name', nearest: found } : undefined;
}

function addressAsName({ ip, name, sans }: Asked): Found {
  const found = ip && sans.dns.find((san) => san.toLowerCase() === name);
  return found === undefined ? undefined : { slip: 'address-as-name', nearest: found };
}

/** Alike but for the last octet (IPv4) or the last two (IPv6). */
function nearAddress({ ip, sans }: Asked): Found {
  if (!ip) return undefined;
  if (sans.ips.length === 0) return { slip: 'no-addresses', nearest: undefined };
  const wanted = unmapIp(ip);
  const alike = wanted.length === 4 ? 3 : 14;
  const near = sans.ips.map(unmapIp).find((san) => {
    return san.length === wanted.length && san.every((octet, i) => i >= alike || octet === wanted[i]);
  });
  return near ? { slip: 'near-address', nearest: ipText(near) } : { slip: 'other', nearest: undefined };
}

function wildcard({ name, sans }: Asked): Found {
  const near = sans.dns.find((san) => {
    const parent = san.startsWith('*.') ? san.slice(1).toLowerCase() : undefined;
    return parent !== undefined && (name.endsWith(parent) || name === parent.slice(1));
  });
  return near === undefined ? undefined : { slip: 'wildcard', nearest: near };
}

/** The one that shares most labels. */
function labels({ name, sans }: Asked): Found {
  const related = sans.dns.filter(
    (san) => isPart(san.toLowerCase(), name) || isPart(name, san.toLowerCase()),
  );
  const [near] = related.sort((a, b) => distance(a, name) - distance(b, name));
  return near === undefined ? undefined : { slip: 'labels', nearest: near };
}

function isPart(part: string, whole: string): boolean {
  return part !== '' && (whole.startsWith(`${part}.`) || whole.endsWith(`.${part}`));
}

function distance(san: string, name: string): number {
  return Math.abs(san.length - name.length);
}

/** A slip of the hand: one letter in eight, at least one. */
function typing({ name, sans }: Asked): Found {
  let best: { name: string; distance: number } | undefined;
  for (const san of sans.dns) {
    const distance = editDistance(san.toLowerCase(), name);
    if (!best || distance < best.distance) best = { name: san, distance };
  }
  const near = best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 8));
  return near ? { slip: 'typing', nearest: best?.name } : undefined;
}
