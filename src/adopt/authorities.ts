/** Which certificate is an authority's, when nodes disagree; and where its key is. */
import type { AuthorityId } from '../cluster/index.ts';
import type { FileRole } from '../layouts/index.ts';
import type { Survey, SurveyedFile } from '../survey/index.ts';
import { signatureRefusal } from '../verify/index.ts';
import { equalBytes } from '../base/index.ts';
import { type Certificate, fingerprint } from '../x509/index.ts';
import type { Tree } from './trees.ts';

export interface FoundAuthority {
  readonly id: AuthorityId;
  readonly certificate: Certificate;
  /** A file that holds exactly this certificate; undefined when it only stands among others. */
  readonly file: SurveyedFile | undefined;
  /** A file that holds exactly its key, wherever that was found. Undefined: the key is kept elsewhere. */
  readonly key: SurveyedFile | undefined;
  /** How many others stand in its place on some node. */
  readonly rivals: number;
}

const ROLES: Readonly<Record<AuthorityId, FileRole>> = {
  cluster: 'cluster-ca',
  etcd: 'etcd-ca',
  'front-proxy': 'front-proxy-ca',
};

/** The one that most certificates of the cluster come from; of equals the one whose key is here, then the newest. */
export function findAuthority(
  id: AuthorityId,
  trees: readonly Tree[],
  survey: Survey,
): FoundAuthority | undefined {
  const files = trees.flatMap((tree) => tree.file(ROLES[id], 'certificate') ?? []);
  const candidates = new Map<string, Certificate>();
  for (const { material } of files) {
    const [first] = material.certificates;
    if (first) candidates.set(fingerprint(first.value.der), first.value);
  }
  const leaves = survey.certificates.map(({ certificate }) => certificate);
  const ranked = [...candidates.values()].map((certificate) => ({
    certificate,
    issued: leaves.filter((leaf) => isIssuedBy(leaf, certificate)).length,
    key: keyFile(certificate, ROLES[id], trees, survey),
  }));
  ranked.sort(
    (a, b) =>
      b.issued - a.issued ||
      Number(b.key !== undefined) - Number(a.key !== undefined) ||
      b.certificate.notBefore - a.certificate.notBefore,
  );
  const [best] = ranked;
  if (!best) return undefined;
  const file = files.find(({ material }) => holdsOnly(material, best.certificate));
  return { id, certificate: best.certificate, key: best.key, file, rivals: ranked.length - 1 };
}

export function isIssuedBy(leaf: Certificate, authority: Certificate): boolean {
  return (
    leaf !== authority &&
    equalBytes(leaf.issuer.der, authority.subject.der) &&
    signatureRefusal(leaf, authority) === undefined
  );
}

function holdsOnly({ certificates, keys }: SurveyedFile['material'], { der }: Certificate): boolean {
  const [only] = certificates;
  return (
    certificates.length === 1 && keys.length === 0 && equalBytes(only?.value.der ?? new Uint8Array(), der)
  );
}

/** A file with the key and nothing else: it is copied as it is. An encrypted one is taken at its place's word. */
function keyFile(
  certificate: Certificate,
  role: FileRole,
  trees: readonly Tree[],
  survey: Survey,
): SurveyedFile | undefined {
  for (const { root, path, private: isPrivate } of survey.keyFor(certificate)?.places ?? []) {
    const file = survey.at(root, path);
    const alone = file?.material.certificates.length === 0 && file.material.keys.length === 1;
    if (isPrivate && alone) return file;
  }
  return trees
    .map((tree) => tree.file(role, 'key'))
    .find((file) => file?.material.problems.some(({ code }) => code === 'survey/encrypted-key'));
}
