import { circumstanceTable } from './circumstances.ts';
import { stripPrefix } from './prefix.ts';
import { symptomOf } from './symptoms/table.ts';
import type { Clue, Clues, Reading, Symptom } from './types.ts';
import { writtenIn } from './written.ts';

/**
 * In characters; what is longer is cut. Go names up to 100 names of a certificate (crypto/x509 verify.go,
 * HostnameError), each of up to 253 octets.
 */
const LONGEST = 32 * 1024;

/** What a line says; undefined when it says nothing of TLS, or nothing that is known here. */
export function readLine(line: string): Reading | undefined {
  const { text, clues, stamps } = stripPrefix(line.slice(0, LONGEST));
  const { found, asProxy } = symptomsIn(text);
  if (!found) return undefined;
  const circumstances = circumstanceTable.flatMap((row) => {
    const match = row.pattern.exec(text);
    return match ? [{ row, groups: match.groups }] : [];
  });
  const groups = [...circumstances.map(({ groups }) => groups), found.match.groups];
  const written = writtenIn(stamps, text);
  return {
    text,
    ...(written && { written }),
    symptom: found.symptom,
    ...(asProxy && { asProxy }),
    clues: groups.reduce<Clues>((all, one) => ({ ...all, ...cluesIn(one) }), clues),
    circumstances: circumstances.map(({ row }) => row),
  };
}

/**
 * Who has two kinds of clients looks at each certificate as that of a front proxy first, and prints both refusals
 * (apiserver pkg/authentication/request/union): `[x509: …, verifying certificate SN=… failed: x509: …]`.
 */
export function symptomsIn(text: string): {
  readonly found: ReturnType<typeof symptomOf>;
  readonly asProxy: Symptom | undefined;
} {
  const [, first] = TWO_REASONS.exec(text) ?? [];
  if (first === undefined) return { found: symptomOf(text), asProxy: undefined };
  const asProxy = symptomOf(first);
  // Only what the front proxy's authority has signed is held against the names of front proxies.
  if (asProxy?.symptom.id === 'front-proxy-name') return { found: asProxy, asProxy: undefined };
  return { found: symptomOf(text.replace(first, '')) ?? asProxy, asProxy: asProxy?.symptom };
}

const TWO_REASONS = /\[(x509: [^\n]{1,2000}?), verifying certificate SN=/;

/** Whether it is worth saying that a line is not known: it speaks of TLS. */
export function speaksOfTls(line: string): boolean {
  return /x509|\btls\b|certificate|\bssl\b|handshake|PKIX|\bPEM\b/i.test(line.slice(0, LONGEST));
}

const RENAMED: Readonly<Record<string, Clue>> = { host6: 'host' };

function cluesIn(groups: Readonly<Record<string, string | undefined>> | undefined): Clues {
  const found = Object.entries(groups ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(found.map(([name, value]) => [RENAMED[name] ?? name, value]));
}
