/**
 * Trees of files as a value: each certificate and each key once with all their places, which flag points at
 * which file, and what could not be read. Files are handed in one by one; of those without anything in them
 * nothing is kept.
 */
import type { Failure } from '../base/index.ts';
import { type Certificate, fingerprint, type PublicKey } from '../x509/index.ts';
import { isEmpty, nothingYet, problem } from './gathered.ts';
import { readMaterial } from './material.ts';
import { type FileReference, referencesIn } from './references.ts';
import type { Material, SurveyedFile, TreeFile } from './types.ts';

export interface SurveyPlace {
  readonly root: string;
  readonly path: string;
  /** Where in the file: a line, the name of a kubeconfig's entry, a field of an object. */
  readonly inside: string | undefined;
}

export interface SurveyedCertificate {
  readonly certificate: Certificate;
  /** Of its DER, lower-case hex. */
  readonly sha256: string;
  /** In the order in which the files came; a file may hold it twice. */
  readonly places: readonly SurveyPlace[];
}

export interface SurveyedKey {
  readonly publicKey: PublicKey;
  readonly places: readonly (SurveyPlace & { readonly private: boolean })[];
}

export interface Survey {
  /** Names of the trees, in the order in which they came. */
  readonly roots: readonly string[];
  /** Files that hold something, or that could not be read. */
  readonly files: readonly SurveyedFile[];
  /** How many files there were in all. */
  readonly seen: number;
  readonly certificates: readonly SurveyedCertificate[];
  readonly keys: readonly SurveyedKey[];
  readonly references: readonly FileReference[];
  /** Everything that could not be read, each with its file. */
  readonly problems: readonly Failure[];
  /** A file of a tree by its path below the root; undefined when it is not there, or holds nothing. */
  at(root: string, path: string): SurveyedFile | undefined;
  /** The key that belongs to a certificate, wherever it was found. */
  keyFor(certificate: Certificate): SurveyedKey | undefined;
}

/** `cp1:etc/kubernetes/pki/ca.crt, line 20`. The names in it are the tree's own: print them escaped. */
export function placeText({
  root,
  path,
  inside,
}: Omit<SurveyPlace, 'inside'> & { inside?: string | undefined }): string {
  return inside === undefined ? `${root}:${path}` : `${root}:${path}, ${inside}`;
}

/** Every problem is told up to here, and then how many more there are. Ours: three screens a node of 30. */
const MOST_PROBLEMS = 10_000;

/** Takes files one by one, in any order, and knows of all of them when it is asked. */
export class Surveyor {
  readonly #roots = new Set<string>();
  readonly #files = new Map<string, SurveyedFile>();
  readonly #certificates = new Map<
    string,
    { certificate: Certificate; sha256: string; places: SurveyPlace[] }
  >();
  readonly #keys = new Map<string, { publicKey: PublicKey; places: SurveyedKey['places'][number][] }>();
  readonly #problems: Failure[] = [];
  #seen = 0;

  /** Reads it at once. Never throws for what is in a file: that is among `problems`. */
  add(file: TreeFile): void {
    this.#seen++;
    this.#roots.add(file.root);
    const material = file.bytes ? readMaterial(file.bytes, file.path) : nothingYet();
    const problems = [...(file.failure ? [file.failure] : []), ...material.problems];
    if (problems.length === 0 && isEmpty(material) && file.bytes && NAMED.test(file.path)) {
      problems.push(nothingIn(file.bytes));
    }
    for (const one of problems) this.#tell(one, file);
    if (isEmpty(material) && problems.length === 0) return;
    this.#files.set(idOf(file), { ...file, material });
    this.#index(file, material);
  }

  /** What was found so far; more may be added after it. */
  done(): Survey {
    const files = this.#files;
    const at = (root: string, path: string) => files.get(idOf({ root, path }));
    return {
      roots: [...this.#roots],
      files: [...files.values()],
      seen: this.#seen,
      certificates: [...this.#certificates.values()],
      keys: [...this.#keys.values()],
      references: [...files.values()].flatMap((file) => referencesIn(file, at)),
      problems: this.#problems,
      at,
      keyFor: ({ publicKey }) => this.#keys.get(keyId(publicKey)),
    };
  }

  #index({ root, path }: TreeFile, { certificates, keys }: Material): void {
    for (const { value, place } of certificates) {
      const sha256 = fingerprint(value.der);
      const known = this.#certificates.get(sha256);
      const here = { root, path, inside: place };
      if (known) known.places.push(here);
      else this.#certificates.set(sha256, { certificate: value, sha256, places: [here] });
    }
    for (const { value, place, private: isPrivate } of keys) {
      const id = keyId(value);
      const here = { root, path, inside: place, private: isPrivate };
      const known = this.#keys.get(id);
      if (known) known.places.push(here);
      else this.#keys.set(id, { publicKey: value, places: [here] });
    }
  }

  #tell({ code, message, where, hint }: Failure, file: TreeFile): void {
    if (this.#problems.length === MOST_PROBLEMS) {
      this.#problems.push(problem('survey/too-much', `more than ${MOST_PROBLEMS} things could not be read`));
    }
    if (this.#problems.length > MOST_PROBLEMS) return;
    const placed = { ...where, file: placeText({ root: file.root, path: file.path }) };
    this.#problems.push({ code, message, where: placed, ...(hint !== undefined && { hint }) });
  }
}

function idOf({ root, path }: Pick<TreeFile, 'root' | 'path'>): string {
  return `${root}\0${path}`;
}

function keyId({ spki }: PublicKey): string {
  return Buffer.from(spki).toString('latin1');
}

/** Endings by which people and tools call certificates, keys, requests and lists of revoked ones. */
const NAMED = /\.(crt|cer|cert|der|pem|key|pub|csr|crl|p12|pfx|jks)$/i;

function nothingIn(bytes: Uint8Array): Failure {
  const what = bytes.length === 0 ? 'is empty' : 'holds no certificate, key, request or revocation list';
  return problem('survey/nothing', `${what}, whatever its name says`);
}
