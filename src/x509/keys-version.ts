import { type DerReader, Tag } from './der.ts';
import { keyError } from './keys-errors.ts';

/** The version that every private key structure starts with. */
export function readVersion(reader: DerReader, path: string, known: readonly number[]): void {
  const at = reader.at;
  const content = reader.content(Tag.integer, path);
  if (content.length !== 1 || !known.includes(content[0]!)) {
    throw keyError('x509/key-unsupported', 'a version of this structure that is not read', {
      offset: at,
      path,
    });
  }
}
