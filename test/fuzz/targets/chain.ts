import { equalBytes, KubetlsError } from '../../../src/base/index.ts';
import { clientHears, FAMILIES, type Family, judge, serverHears } from '../../../src/families/index.ts';
import {
  type Chain,
  diagnose,
  goRules,
  nameFailure,
  type Usage,
  verifyChain,
} from '../../../src/verify/index.ts';
import { type Certificate, parseCertificate } from '../../../src/x509/index.ts';
import { listed, mustHold, never, type Target } from '../target.ts';
import { trustingSignatures } from '../tame-crypto.ts';

export const chainTargets: Readonly<Record<string, Target>> = {
  chain: never('der', askAll, {
    pace: 1 / 4,
    words: listed(
      '\x06\x03\x55\x1d\x1e¦\x06\x03\x55\x1d\x20¦\x06\x03\x55\x1d\x24¦\x06\x04\x55\x1d\x20\x00¦\x06\x03\x55\x1d\x25',
      '\x82\x03a.b¦\x82\x04.a.b¦\x82\x05*.a.b¦\x81\x03a@b¦\x81\x02.b¦\x86\x05x://a¦\x87\x04\x0a\x00\x00\x01¦\xa0\x00¦\xa1\x00',
    ),
  }),
};

const AT = Date.UTC(2026, 10, 28);
const NAMES = ['node.example.test', '10.0.0.1', '[fd00::1]', '*.x', 'xn--', ''];

/**
 * By the Go of which release of Kubernetes: one of each set of rules (src/verify/go-rules.ts). `signed`: every
 * signature counts as good, without which nothing that a changed certificate says would be looked at.
 */
const QUESTIONS: readonly (readonly [minor: number, usage: Usage, signed: boolean])[] = [
  [31, 'server', true],
  [32, 'client', true],
  [33, 'any', true],
  [35, 'server', false],
  [37, 'server', false],
  [37, 'any', true],
];

interface Asked {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
}

/** A SEQUENCE of certificates: a leaf, then intermediates and, from the second half on, roots. */
function askAll(der: Uint8Array): void {
  const [leaf, ...others] = certificatesIn(der);
  if (!leaf) return;
  const half = others.length >> 1;
  const asked = { leaf, intermediates: others.slice(0, half), roots: others.slice(half) };
  for (const name of NAMES) {
    nameFailure(leaf, name, goRules(31));
    nameFailure(leaf, name);
  }
  for (const question of QUESTIONS) askGo(asked, ...question);
  trustingSignatures(() => {
    for (const [i, family] of FAMILIES.entries()) {
      hear(asked, family, 'server', NAMES[i % NAMES.length]!);
      hear(asked, family, 'client', '');
    }
  });
}

function askGo(asked: Asked, minor: number, usage: Usage, signed: boolean): void {
  const rules = goRules(minor);
  const request = { ...asked, at: AT, usage, rules, checkSignature: signed ? () => undefined : undefined };
  const found = verifyChain(request);
  if (found.ok) {
    mustHold(found.chains.length > 0, 'a yes has a chain');
    for (const chain of found.chains) mustLead(chain, asked);
    return;
  }
  mustHold(found.error.startsWith('x509: '), 'a refusal has words');
  const { closest, misses } = diagnose(request, found, asked.roots);
  mustHold(closest[0] === asked.leaf, 'what came nearest begins with the leaf');
  mustHold(
    misses.every(({ kind }) => kind.length > 0),
    'each miss is of a kind',
  );
}

/** What a program of this family says to the chain, and what the other side hears of it. */
function hear(asked: Asked, family: Family, usage: 'server' | 'client', name: string): void {
  const found = judge(family, { ...asked, at: AT, usage, name });
  if (found.ok === undefined) mustHold(found.reason !== '', 'what is unknown has a reason');
  else if (found.ok) for (const chain of found.chains) mustLead(chain, asked);
  else {
    mustHold(found.code !== '' && found.error !== '', 'a refusal has a code and words');
    if (usage === 'server') serverHears(family, found);
    else clientHears(family, asked, found.error);
  }
}

/** A leaf that is trusted itself is its own chain. */
function mustLead(chain: Chain, { leaf, roots }: Asked): void {
  const last = chain.at(-1)!;
  const isRoot = roots.some((root) => equalBytes(root.der, last.der));
  mustHold(chain[0] === leaf && isRoot, 'a chain goes from the leaf to a root');
}

/** None when one is refused. */
function certificatesIn(der: Uint8Array): Certificate[] {
  try {
    return elements(der).map((element) => parseCertificate(element));
  } catch (error) {
    if (error instanceof KubetlsError) return [];
    throw error;
  }
}

/** At most 12 whole elements, whatever they are. */
function elements(der: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = headerLength(der, 0); at < der.length && found.length < 12; ) {
    const end = at + headerLength(der, at) + contentLength(der, at);
    found.push(der.subarray(at, end));
    at = end;
  }
  return found;
}

function headerLength(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return length < 0x80 ? 2 : 2 + Math.min(4, length & 0x7f);
}

function contentLength(der: Uint8Array, at: number): number {
  const octets = der.subarray(at + 2, at + headerLength(der, at));
  return octets.length === 0 ? (der[at + 1] ?? 0) : octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
