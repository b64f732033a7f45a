/**
 * The ledger: one JSON line for each certificate that was ever issued, each with the SHA-256 of the line
 * before it, so that a line that is taken out or changed breaks the chain. It is written before the
 * certificate reaches its place: what exists is in the ledger, never the other way round. When a commit
 * fails, a `void` line names each certificate that never came to its place. What a roll-out does to nodes stands
 * between them, written before it is done.
 */
import { createHash } from 'node:crypto';
import { toHex, toRfc3339 } from '../base/index.ts';
import type { AuthorityId } from '../cluster/index.ts';
import { type Certificate, fingerprint, nameText } from '../x509/index.ts';

export interface Issued {
  readonly certificate: Certificate;
  readonly by: AuthorityId;
  /** Id of the plan's action that asked for it. */
  readonly action: string;
}

const START = '0'.repeat(64);

/** Hash that the next line must carry, from the last line that stands there. */
export function chainHead(lastLine: string | undefined): string {
  return lastLine === undefined ? START : createHash('sha256').update(lastLine).digest('hex');
}

/** Lines for what is issued at one instant, chained onto `head`. */
export function ledgerLines(issued: readonly Issued[], at: number, head: string): string[] {
  const facts = issued.map(({ certificate, by, action }) => ({
    at: toRfc3339(at),
    event: 'issued',
    authority: by,
    action,
    // Content octets of the INTEGER in hexadecimal.
    serial: toHex(certificate.serial),
    subject: nameText(certificate.subject),
    notAfter: toRfc3339(certificate.notAfter),
    sha256: fingerprint(certificate.der),
  }));
  return chained(facts, head);
}

/** Lines for what was issued and never came to its place. */
export function voidLines(issued: readonly Issued[], at: number, head: string): string[] {
  const facts = issued.map(({ certificate, action }) => ({
    at: toRfc3339(at),
    event: 'void',
    action,
    sha256: fingerprint(certificate.der),
  }));
  return chained(facts, head);
}

/** One line for something else that is about to be done. */
export function factLine(fact: object, at: number, head: string): string {
  const [line = ''] = chained([{ at: toRfc3339(at), ...fact }], head);
  return line;
}

function chained(facts: readonly object[], head: string): string[] {
  let previous = head;
  return facts.map((fact) => {
    const line = JSON.stringify({ ...fact, previous });
    previous = chainHead(line);
    return line;
  });
}

/** Serials that each authority has issued, from its ledger lines. Lines that are no JSON are passed over. */
export function serialsByAuthority(lines: readonly string[]): Map<string, Set<string>> {
  const serials = new Map<string, Set<string>>();
  for (const line of lines) {
    const { authority, serial } = factsIn(line);
    if (typeof authority !== 'string' || typeof serial !== 'string') continue;
    const known = serials.get(authority) ?? new Set();
    serials.set(authority, known.add(serial));
  }
  return serials;
}

function factsIn(line: string): { readonly authority?: unknown; readonly serial?: unknown } {
  try {
    return (JSON.parse(line) as object | null) ?? {};
  } catch {
    return {};
  }
}
