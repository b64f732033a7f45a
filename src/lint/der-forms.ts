/** A walk over a certificate that has been parsed, for what the parser takes though it is not DER. */
import { asBuffer } from '../base/index.ts';
import { type Certificate, contextTag, DerReader, type Extension, Oid, Tag } from '../x509/index.ts';

export type LooseForm = 'trailing' | 'default' | 'order' | 'bits' | 'identifier';

interface Loose {
  readonly form: LooseForm;
  readonly place: string;
}

type See = (is: boolean, form: LooseForm, place: string) => void;

/** Nothing fails here: every element that is opened was parsed before. */
const PATH = 'certificate';
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** The two dates as they are written. */
export function times(certificate: Certificate): readonly string[] {
  return walked(certificate).times;
}

export function looseForms(certificate: Certificate): readonly Loose[] {
  return walked(certificate).forms;
}

interface Walked {
  readonly times: readonly string[];
  readonly forms: readonly Loose[];
}

const known = new WeakMap<Certificate, Walked>();

/** Once: each form has a check of its own that asks. */
function walked(certificate: Certificate): Walked {
  let all = known.get(certificate);
  if (!all) known.set(certificate, (all = walk(certificate)));
  return all;
}

function walk(certificate: Certificate): Walked {
  const found: Loose[] = [];
  const see: See = (is, form, place) => {
    if (is) found.push({ form, place });
  };
  const { version, validity, rest } = fieldsOf(certificate);
  see(version === 0, 'default', 'version');
  see(hasUnsortedSet(certificate.issuer.der), 'order', 'issuer');
  see(hasUnsortedSet(certificate.subject.der), 'order', 'subject');
  const dates = [dateIn(validity), dateIn(validity)];
  see(!validity.done, 'trailing', 'validity');
  lookAtRest(certificate, rest, see);
  const whole = new DerReader(certificate.der).enter(Tag.sequence, PATH);
  for (let part = 0; part < PARTS; part++) whole.skip(PATH);
  see(!whole.done, 'trailing', 'certificate');
  return { times: dates, forms: found };
}

function dateIn(validity: DerReader): string {
  const start = validity.open(validity.peek(), PATH);
  return asBuffer(validity.bytes).toString('latin1', start, validity.at);
}

/** What is signed, its algorithm, the signature. */
const PARTS = 3;

function fieldsOf({ tbs }: Certificate): {
  version: number | undefined;
  validity: DerReader;
  rest: DerReader;
} {
  const rest = new DerReader(tbs).enter(Tag.sequence, PATH);
  const version =
    rest.peek() === VERSION ? rest.enter(VERSION, PATH).content(Tag.integer, PATH)[0] : undefined;
  // Serial number, signature algorithm, issuer.
  for (let skipped = 0; skipped < 3; skipped++) rest.skip(PATH);
  const validity = rest.enter(Tag.sequence, PATH);
  // Subject, public key.
  for (let skipped = 0; skipped < 2; skipped++) rest.skip(PATH);
  return { version, validity, rest };
}

/** From the public key on, read by version as the parser does. */
function lookAtRest({ version, extensions }: Certificate, rest: DerReader, see: See): void {
  for (const [n, whose] of [
    [1, 'issuer'],
    [2, 'subject'],
  ] as const) {
    if (version === 1 || rest.peek() !== contextTag(n)) continue;
    see(true, 'identifier', whose);
    rest.skip(PATH);
  }
  if (version === 3 && rest.peek() === EXTENSIONS) {
    const outer = rest.enter(EXTENSIONS, PATH);
    const list = outer.enter(Tag.sequence, PATH);
    for (const extension of extensions) lookAtExtension(list.enter(Tag.sequence, PATH), extension, see);
    see(!outer.done, 'trailing', 'extensions');
  }
  see(!rest.done, 'trailing', 'tbsCertificate');
}

function lookAtExtension(element: DerReader, { oid, value }: Extension, see: See): void {
  element.skip(PATH);
  if (element.peek() === Tag.boolean) see(!element.boolean(PATH), 'default', `critical, of ${oid}`);
  element.skip(PATH);
  see(!element.done, 'trailing', `extension ${oid}`);
  lookAtValue(new DerReader(value), oid, see);
}

function lookAtValue(value: DerReader, oid: string, see: See): void {
  if (oid === Oid.keyUsage) {
    const bits = value.content(Tag.bitString, PATH);
    const last = ((bits.at(-1) ?? 0) >> (bits[0] ?? 0)) & 1;
    see(bits.length > 1 && last === 0, 'bits', '');
  } else if (oid === Oid.basicConstraints) {
    const content = value.enter(Tag.sequence, PATH);
    if (content.peek() === Tag.boolean) see(!content.boolean(PATH), 'default', 'cA');
    content.skipOptional(Tag.integer, PATH);
    see(!content.done, 'trailing', 'basicConstraints');
  } else if (PARSED.has(oid)) {
    value.skip(PATH);
  } else return;
  see(!value.done, 'trailing', `value of extension ${oid}`);
}

/** Values of which the parser has read the first element. */
const PARSED: ReadonlySet<string> = new Set([
  Oid.subjectKeyIdentifier,
  Oid.authorityKeyIdentifier,
  Oid.extendedKeyUsage,
  Oid.subjectAltName,
]);

/** X.690, 11.6: by their octets. */
function hasUnsortedSet(name: Uint8Array): boolean {
  const rdns = new DerReader(name).enter(Tag.sequence, PATH);
  while (!rdns.done) {
    const set = rdns.enter(Tag.set, PATH);
    const start = set.at;
    if (!set.done) set.skip(PATH);
    // Nearly every set has one attribute.
    if (!set.done && isUnsorted(set.inside(start, set.end))) return true;
  }
  return false;
}

function isUnsorted(attributes: DerReader): boolean {
  let before: Uint8Array | undefined;
  while (!attributes.done) {
    const attribute = attributes.any(PATH);
    if (before && Buffer.compare(before, attribute) > 0) return true;
    before = attribute;
  }
  return false;
}
