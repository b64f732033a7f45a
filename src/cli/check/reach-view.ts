/** The blast radius: what breaks without a certificate, and who one could become with a key. */
import {
  askCompromised,
  askWithout,
  type Authority,
  type Compromised,
  type Identity,
  placeText,
  type TreeInput,
  type Without,
} from '../../audit/index.ts';
import { toRfc3339 } from '../../base/index.ts';
import { commonName, nameText } from '../../x509/index.ts';
import type { Console } from '../console.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printLine } from '../inspect/lines.ts';
import { number, plural, printable } from '../text.ts';

/** Edges and places that a list holds; -v has all. */
const SHOWN = 6;

/** 1 when an edge breaks. */
export function answerWithout({ console, at }: Context, input: TreeInput, words: string): number {
  const found = askWithout(input, words);
  if (console.json) console.printJson(withoutJson(found, at));
  else printWithout(console, found);
  return found.breaks.length > 0 ? Exit.no : Exit.ok;
}

function withoutJson({ gone, breaks, touched, edges }: Without, at: number): object {
  return {
    schema: 'kubetls/check-without/v1',
    at: toRfc3339(at),
    certificates: gone.map(({ certificate, sha256, places }) => ({
      subject: nameText(certificate.subject),
      sha256,
      places: [...new Set(places.map(({ path }) => path))],
    })),
    breaks: breaks.map(({ edge, error }) => ({ edge: edge.id, error })),
    summary: { edges, evaluated: touched, breaks: breaks.length },
  };
}

function printWithout(console: Console, { gone, files, breaks, edges }: Without): void {
  const { colors, symbols, verbose } = console;
  const names = gone.map(
    ({ certificate, sha256 }) => `${nameOf(certificate)} (sha256:${sha256.slice(0, 12)})`,
  );
  console.print(`Without ${printable(names.join(', '))}, in ${plural(files.length, 'file')}:`);
  const byError = new Map<string, string[]>();
  for (const { edge, error } of breaks) byError.set(error, [...(byError.get(error) ?? []), edge.id]);
  for (const [error, ids] of byError) {
    console.print(`  ${colors.red(symbols.failed)} ${printable(folded(ids, verbose))}`);
    console.print(colors.dim(`      ${printable(error)}`));
  }
  const count = `${number(breaks.length)} of ${plural(edges, 'edge')}`;
  const verdict =
    breaks.length === 0 ? colors.green(`${symbols.ok} no edge breaks`) : colors.red(`${count} break`);
  console.print(`${verdict} (predicted).`);
}

export function answerCompromised({ console, at }: Context, input: TreeInput, words: string): number {
  const found = askCompromised(input, words);
  if (console.json) console.printJson(compromisedJson(found, at));
  else printCompromised(console, found);
  return Exit.ok;
}

function compromisedJson(
  { key, spkiSha256, places, tokens, identities, authorities }: Compromised,
  at: number,
): object {
  const certificateJson = ({ held: { certificate, sha256 } }: Identity | Authority) => ({
    subject: nameText(certificate.subject),
    sha256,
    notAfter: toRfc3339(certificate.notAfter),
  });
  return {
    schema: 'kubetls/check-compromised/v1',
    at: toRfc3339(at),
    key: { keyAlgorithm: key.name, spkiSha256, places: places.map(placeText) },
    tokens,
    identities: identities.map((one) => ({
      ...certificateJson(one),
      ended: one.ended,
      user: one.user ?? null,
      groups: one.groups,
      power: one.power ?? null,
      enters: one.enters,
      deceives: one.deceives.map(({ id }) => id),
    })),
    authorities: authorities.map((one) => ({
      ...certificateJson(one),
      enters: one.enters,
      speaksAt: one.speaksAt,
      deceives: one.deceives,
    })),
  };
}

function printCompromised(console: Console, found: Compromised): void {
  const { key, spkiSha256, places, tokens, identities, authorities } = found;
  const { colors, symbols } = console;
  const line = (label: string, text: string) => printLine(console, [label, printable(text)]);
  console.print(
    `Whoever has this ${key.name} key (sha256:${spkiSha256.slice(0, 12)}), in ${plural(places.length, 'file')}, is`,
  );
  for (const { held, ended, user, groups, power, enters, deceives } of identities) {
    const until = `${ended ? 'until it ended' : 'until'} ${toRfc3339(held.certificate.notAfter)}`;
    console.print(`\n${colors.bold(printable(nameOf(held.certificate)))}, ${until}`);
    if (user !== undefined) line('user', groups.length > 0 ? `${user}, in ${groups.join(', ')}` : user);
    if (power !== undefined) line('may', power);
    if (enters.length > 0) line('let in by', folded(enters, console.verbose));
    const servers = [...new Set(deceives.map(({ endpoint }) => endpoint.id))];
    if (servers.length > 0)
      line('passes for', `${folded(servers, console.verbose)}, to ${plural(deceives.length, 'edge')}`);
  }
  for (const { held, enters, speaksAt, deceives } of authorities) {
    console.print(
      `\n${colors.red(`${symbols.failed} the authority`)} ${colors.bold(printable(nameOf(held.certificate)))}`,
    );
    if (enters.length > 0)
      line('any user', `in any group, system:masters too: ${folded(enters, console.verbose)}`);
    if (speaksAt.length > 0) line('for anybody', `as the front proxy: ${folded(speaksAt, console.verbose)}`);
    if (deceives.length > 0) line('any server', `to ${folded(deceives, console.verbose)}`);
  }
  if (tokens)
    console.print(`\n${colors.red(`${symbols.failed} every service account`)}: it signs their tokens`);
  if (identities.length + authorities.length === 0 && !tokens)
    console.print('\nnobody: nothing here is certified for it');
  console.print(`\n${remedy(found)}`);
}

/** Kubernetes reads no revocation lists: what was signed stays good until it ends. */
function remedy({ identities, authorities, tokens }: Compromised): string {
  if (authorities.length > 0)
    return 'To take it back: rotate the authority; nothing else ends what it may have signed.';
  if (tokens) return 'To take it back: rotate the service-account keys.';
  return identities.length > 0
    ? 'To take it back: issue with a new key, and take its rights; Kubernetes itself revokes no certificate before it ends.'
    : 'Remove it, when nothing needs it.';
}

function nameOf({ subject }: Identity['held']['certificate']): string {
  return JSON.stringify(commonName(subject) || nameText(subject));
}

function folded(words: readonly string[], all: boolean): string {
  const shown = all ? words : words.slice(0, SHOWN);
  const more = words.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${number(more)} more` : shown.join(', ');
}
