/** Certificates of people: of the cluster's authority, for clients, and of no component. */
import { posix } from 'node:path';
import { equalBytes } from '../base/index.ts';
import type { FileRole } from '../layouts/index.ts';
import { placeText, type Survey, type SurveyedFile } from '../survey/index.ts';
import { attributeValues, type Certificate, commonName, Oid, organizations } from '../x509/index.ts';
import { isIssuedBy } from './authorities.ts';
import type { Tree } from './trees.ts';

export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
  readonly id?: 'none';
  readonly certificate: SurveyedFile;
  readonly key: SurveyedFile;
  readonly kubeconfig: SurveyedFile | undefined;
  /** The authority's certificate beside the person's own. */
  readonly authority: SurveyedFile | undefined;
}

/** Pairs of files beside each other, `admin.crt` and `admin.key`; of several of one name the newest. */
export function peopleIn(survey: Survey, trees: readonly Tree[], authority: Certificate): Person[] {
  const components = new Set(filesOfLayouts(trees).flatMap(({ role, id }) => (role === 'admin' ? [] : [id])));
  const people = new Map<string, Person & { readonly since: number }>();
  for (const file of survey.files) {
    const [leaf] = file.material.certificates;
    if (!leaf || components.has(`${file.root}\0${file.path}`)) continue;
    const person = personIn(file, leaf.value, survey, authority);
    const known = person && people.get(person.name);
    if (person && (!known || known.since < leaf.value.notBefore)) {
      people.set(person.name, { ...person, since: leaf.value.notBefore });
    }
  }
  return [...people.values()];
}

function personIn(
  certificate: SurveyedFile,
  leaf: Certificate,
  survey: Survey,
  authority: Certificate,
): Person | undefined {
  const { root, path, material } = certificate;
  const usages = leaf.extendedKeyUsage;
  const name = commonName(leaf.subject);
  const isClient = !usages || (usages.includes('clientAuth') && !usages.includes('serverAuth'));
  if (material.certificates.length !== 1 || material.keys.length > 0 || !isClient) return undefined;
  if (!PERSON.test(name) || NOT_A_PERSON.test(name) || leaf.basicConstraints?.ca) return undefined;
  const stem = path.replace(/\.[a-z]+$/, '');
  const key = [`${stem}.key`, `${stem}-key.pem`].map((other) => survey.at(root, other)).find((one) => one);
  if (!key || survey.keyFor(leaf) === undefined || !isIssuedBy(leaf, authority)) return undefined;
  const beside = (file: string) => survey.at(root, posix.join(posix.dirname(path), file));
  return {
    name,
    groups: organizations(leaf.subject),
    ...(attributeValues(leaf.subject, Oid.kubernetesUid).length === 0 && { id: 'none' }),
    certificate,
    key,
    kubeconfig: survey.at(root, `${stem}.kubeconfig`) ?? survey.at(root, `${stem}.conf`),
    authority: beside('ca.crt'),
  };
}

/** Of kubeconfigs that no layout names: each with whose certificate it embeds. Pairs of files are told above. */
export function peopleInKubeconfigs(
  survey: Survey,
  trees: readonly Tree[],
  authority: Certificate,
): { readonly name: string; readonly groups: readonly string[]; readonly place: string }[] {
  const known = new Set(filesOfLayouts(trees).map(({ id }) => id));
  return survey.files.flatMap(({ root, path, material }) => {
    if (material.kubeconfigs.length === 0 || known.has(`${root}\0${path}`)) return [];
    const own = material.certificates.filter(({ place }) => place?.startsWith('user '));
    return own.flatMap(({ value }) => {
      const name = commonName(value.subject);
      const alone = survey.certificates.some(
        ({ certificate, places }) =>
          equalBytes(certificate.der, value.der) && places.some(({ inside }) => !inside?.startsWith('user ')),
      );
      if (alone || !PERSON.test(name) || NOT_A_PERSON.test(name) || !isIssuedBy(value, authority)) return [];
      return [{ name, groups: organizations(value.subject), place: placeText({ root, path }) }];
    });
  });
}

function filesOfLayouts(trees: readonly Tree[]): { readonly role: FileRole; readonly id: string }[] {
  return trees.flatMap(({ root, prefix, layouts }) =>
    layouts.flatMap(({ files }) =>
      files.map(({ role, path }) => ({ role, id: `${root}\0${prefix}${path}` })),
    ),
  );
}

/** What `users` of a kubetls.yaml takes. */
const PERSON = /^[A-Za-z0-9]([-._@+A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const NOT_A_PERSON =
  /^(ca|etcd|kubelet|healthcheck|front-proxy.*|kube-(?!admin$).*|kubernetes(-(super-)?admin)?)$/;
