/** Lines that certificates and requests share. */
import {
  type Certificate,
  type CertificateRequest,
  type GeneralName,
  generalNameText,
  signatureAlgorithmName,
} from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { plural, printable } from '../text.ts';

/** Label and text; the text has been made printable. */
export type Line = readonly [label: string, text: string];

/** Names that are shown one by one; -v shows all. */
const SHOWN = 24;

/** In order, as openssl words them. */
export function names({ verbose, symbols }: Console, list: readonly GeneralName[], label = 'names'): Line[] {
  const shown = verbose ? list : list.slice(0, SHOWN);
  const more = list.length - shown.length;
  const texts = shown.map((name) => printable(generalNameText(name)));
  if (more > 0) texts.push(`${symbols.more} and ${plural(more, 'more name')} (-v shows all)`);
  return [[label, texts.join(', ') || '(none)']];
}

export function keyText({
  publicKey,
  signatureAlgorithm,
  signatureParameters,
}: Certificate | CertificateRequest): string {
  return `${publicKey.name}, signed with ${signatureAlgorithmName(signatureAlgorithm, signatureParameters)}`;
}
