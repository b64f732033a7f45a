/** From bytes of unknown kind to the values in them: PEM with anything in it, DER, a kubeconfig, a dump, flags. */
import { asBuffer, KubetlsError, type Secret, utf8 } from '../base/index.ts';
import { isJavaKeystore, readJavaKeystore } from '../keystores/index.ts';
import { readPem } from '../x509/index.ts';
import { readBlock } from './blocks.ts';
import { readDer } from './der.ts';
import { documents } from './documents.ts';
import { holdings, mayHold } from './dumps.ts';
import { attempt, type Gathered, isEmpty, nothingYet, problem } from './gathered.ts';
import { readKeystore } from './keystore.ts';
import { mayBeKubeconfig, readKubeconfig } from './kubeconfigs.ts';
import { bareBase64, repairedPem } from './pasted.ts';
import { mayBeSettings, settingsInDocument, settingsInLines } from './settings.ts';
import type { Material } from './types.ts';

/**
 * `source` is its name: a path, whose last part may tell which component a file of flags is for. With a password
 * containers and encrypted keys are opened, too. Never throws.
 */
export function readMaterial(bytes: Uint8Array, source: string, password?: Secret): Material {
  const found = nothingYet();
  attempt(found, () => readAny(bytes, { source, place: undefined, depth: 0, password }, found));
  return found;
}

interface Context {
  readonly source: string;
  readonly place: string | undefined;
  /** Of what is encoded in each other: a kubeconfig in a Secret in a dump. */
  readonly depth: number;
  readonly password: Secret | undefined;
}

/** A dump, a Secret in it, a kubeconfig in that, PEM in that. */
const DEEPEST = 3;

const DER_SEQUENCE = 0x30;

function readAny(bytes: Uint8Array, context: Context, found: Gathered): void {
  const { place, password } = context;
  const passedOver: Gathered['problems'] = [];
  const blocks = readPem(bytes, passedOver);
  for (const block of blocks) {
    attempt(found, () => readBlock(block, found, place ?? `line ${block.line}`, password), block.line);
  }
  if (blocks.length > 0) found.problems.unshift(...passedOver);
  else if (isJavaKeystore(bytes)) readKeystore(readJavaKeystore(bytes, password), found, place);
  else if (bytes[0] === DER_SEQUENCE) readDer(bytes, found, place, password);
  else {
    readText(bytes, context, found);
    // What keeps a text from being PEM is of no interest when it is YAML with PEM inside.
    if (isEmpty(found) && found.problems.length === 0) found.problems.push(...passedOver);
  }
}

function readText(bytes: Uint8Array, context: Context, found: Gathered): void {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const buffer = asBuffer(bytes);
  if (!utf16 && buffer.includes(0)) return;
  const text = buffer.toString(utf16 ? 'utf16le' : 'utf8');
  if (utf16 && text.includes('-----BEGIN ')) {
    const more = { where: { line: 1 }, hint: 'save it as UTF-8' };
    found.problems.push(problem('survey/utf16', 'is PEM in UTF-16: Go programs read nothing in it', more));
    return;
  }
  const prefix = context.place === undefined ? '' : `${context.place}, `;
  if (mayBeKubeconfig(text) && readKubeconfig(bytes, context.source, found, prefix)) return;
  if (isYaml(text) && (mayHold(text) || mayBeSettings(text))) readDocuments(text, context, found);
  else found.settings.push(...settingsInLines(text, context.source));
  if (isEmpty(found)) readPasted(text, context, found);
}

/** A mapping or a list begins some line, or a document (and no PEM, whose line breaks are lost), or the text is JSON. Blanks of one line: over many the search would be quadratic. */
function isYaml(text: string): boolean {
  return /^[ \t]*(?:- +)?["']?[A-Za-z][\w./-]*["']?:(?:\s|$)|^[ \t]*[{[]|^---(?:\s|$)/m.test(text);
}

function readDocuments(text: string, context: Context, found: Gathered): void {
  const { depth, source, password } = context;
  for (const document of documents(text)) {
    if (document instanceof KubetlsError) {
      attempt(found, () => {
        throw document;
      });
      continue;
    }
    found.settings.push(...settingsInDocument(document));
    if (depth >= DEEPEST) continue;
    for (const { bytes, place } of holdings(document)) {
      const inner = context.place === undefined ? place : `${context.place}, ${place}`;
      readHolding(bytes, { source, place: inner, depth: depth + 1, password }, found);
    }
  }
}

/** A problem inside of an object says which. */
function readHolding(
  bytes: Uint8Array,
  context: Context & { readonly place: string },
  found: Gathered,
): void {
  const before = found.problems.length;
  const inner = nothingYet();
  attempt(inner, () => readAny(bytes, context, inner));
  for (const key of Object.keys(inner) as (keyof Gathered)[]) {
    for (const one of inner[key]) (found[key] as unknown[]).push(one);
  }
  for (let at = before; at < found.problems.length; at++) {
    const one = found.problems[at];
    if (one) found.problems[at] = { ...one, where: { path: context.place } };
  }
}

function readPasted(text: string, { place }: Context, found: Gathered): void {
  const repaired = text.includes('-----BEGIN ') ? repairedPem(text) : '';
  const bare = repaired === '' ? bareBase64(text) : undefined;
  if (bare) readDer(bare, found, place);
  for (const block of readPem(utf8(repaired))) attempt(found, () => readBlock(block, found, place));
  if (isEmpty(found)) return;
  const message = bare
    ? 'is base64 without the lines around it: programs read nothing in it'
    : 'its line breaks are not as PEM wants them: programs read nothing in it';
  found.problems.push(problem('survey/pasted', message, { hint: 'here it was put right for reading' }));
}
