import { circumstanceTable } from './circumstances.ts';
import { stripPrefix } from './prefix.ts';
import { symptomOf } from './symptoms/table.ts';
import type { Clue, Clues, Reading } from './types.ts';
import { writtenIn } from './written.ts';

/**
 * In characters; what is longer is cut. Go names up to 100 names of a certificate (crypto/x509 verify.go,
 * HostnameError), each of up to 253 octets.
 */
const LONGEST = 32 * 1024;

/** What a line says; undefined when it says nothing of TLS, or nothing that is known here. */
export function readLine(line: string): Reading | undefined {
  const { text, clues, stamps } = stripPrefix(line.slice(0, LONGEST));
  const found = symptomOf(text);
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
    clues: groups.reduce<Clues>((all, one) => ({ ...all, ...cluesIn(one) }), clues),
    circumstances: circumstances.map(({ row }) => row),
  };
}

/** Whether it is worth saying that a line is not known: it speaks of TLS. */
export function speaksOfTls(line: string): boolean {
  return /x509|\btls\b|certificate|\bssl\b|handshake|PKIX|\bPEM\b/i.test(line.slice(0, LONGEST));
}

const RENAMED: Readonly<Record<string, Clue>> = { host6: 'host' };

function cluesIn(groups: Readonly<Record<string, string | undefined>> | undefined): Clues {
  const found = Object.entries(groups ?? {}).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(found.map(([name, value]) => [RENAMED[name] ?? name, value]));
}
