import { asBuffer } from '../base/index.ts';
import { type Certificate, contextTag, DerReader, Oid, Tag } from '../x509/index.ts';

/** What a certificate says of policies. Object identifiers are their DER content, one character an octet. */
export interface PolicyStatements {
  readonly policies: readonly string[];
  readonly mappings: readonly { readonly issuer: string; readonly subject: string }[];
  /** How many certificates further down; undefined when nothing is said. */
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
  readonly inhibitAnyPolicy: number | undefined;
}

const PATH = 'extensions';
const POLICY_OIDS: ReadonlySet<string> = new Set([
  Oid.certificatePolicies,
  Oid.policyMappings,
  Oid.policyConstraints,
  Oid.inhibitAnyPolicy,
]);

export function speaksOfPolicies({ extensions }: Certificate): boolean {
  return extensions.some(({ oid }) => POLICY_OIDS.has(oid));
}

/** Before Go 1.24, which read certificatePolicies only. */
export function hasUnknownPolicyExtension({ extensions }: Certificate): boolean {
  return extensions.some(
    ({ oid, critical }) => critical && oid !== Oid.certificatePolicies && POLICY_OIDS.has(oid),
  );
}

/** The form of these extensions is checked when a certificate is parsed. */
export function policyStatements({ extensions }: Certificate): PolicyStatements {
  const reader = (oid: string) => {
    const found = extensions.find((extension) => extension.oid === oid);
    return found && new DerReader(found.value);
  };
  const constraints = reader(Oid.policyConstraints)?.enter(Tag.sequence, PATH);
  const inhibit = reader(Oid.inhibitAnyPolicy);
  return {
    policies: each(reader(Oid.certificatePolicies), (policy) => oidOf(policy)),
    mappings: each(reader(Oid.policyMappings), (mapping) => ({
      issuer: oidOf(mapping),
      subject: oidOf(mapping),
    })),
    requireExplicitPolicy: constraints && count(constraints, contextTag(0)),
    inhibitPolicyMapping: constraints && count(constraints, contextTag(1)),
    inhibitAnyPolicy: inhibit && count(inhibit, Tag.integer),
  };
}

function each<T>(reader: DerReader | undefined, read: (element: DerReader) => T): T[] {
  const values: T[] = [];
  if (!reader) return values;
  const elements = reader.enter(Tag.sequence, PATH);
  while (!elements.done) values.push(read(elements.enter(Tag.sequence, PATH)));
  return values;
}

function oidOf(reader: DerReader): string {
  return asBuffer(reader.content(Tag.oid, PATH)).toString('latin1');
}

/** Go takes a negative number for none. */
function count(reader: DerReader, tag: number): number | undefined {
  if (reader.peek() !== tag) return undefined;
  const octets = reader.content(tag, PATH);
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return (octets[0] ?? 0) >= 0x80 ? undefined : value;
}
