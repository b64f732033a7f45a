/** What programs that are not Go say to kube-apiserver: agents in Python and Java talk to it, too. */
import { type Family, judge } from '../../families/index.ts';
import type { Held, Used, View } from '../view/types.ts';
import { groupOf, type Spotted, spotAt, type TreeCheck } from './types.ts';
import { named, usedAs } from './words.ts';

interface Row {
  readonly id: string;
  readonly family: Family;
  /** When this one refuses, too, its row tells it. */
  readonly unless: Family;
  readonly program: string;
  readonly why: string;
  readonly source: string;
}

const ROWS: readonly Row[] = [
  {
    id: 'openssl-refuses',
    family: 'python',
    unless: 'go',
    program: 'programs on OpenSSL',
    why: 'Python, Ruby and many others verify by OpenSSL, which is stricter than Go in some things',
    source: 'OpenSSL crypto/x509/x509_vfy.c',
  },
  {
    id: 'python-strict-refuses',
    family: 'python-strict',
    unless: 'python',
    program: 'Python 3.13 and later',
    why: 'they set VERIFY_X509_STRICT by default: operators and agents in Python end, while kubectl and curl go on',
    source: 'Python 3.13, ssl.create_default_context; OpenSSL X509_V_FLAG_X509_STRICT',
  },
  {
    id: 'java-refuses',
    family: 'java',
    unless: 'go',
    program: 'Java',
    why: "its PKIX checks and those of its TLS engine look at what Go does not, such as a leaf's key usage",
    source: 'OpenJDK sun/security/validator/EndEntityChecker.java',
  },
];

export const strictChecks: readonly TreeCheck[] = groupOf(
  'strict',
  ROWS.map(({ id, family, unless, program, why, source }) => ({
    id,
    severity: 'warning',
    title: `${program} would refuse kube-apiserver, though Go does not`,
    why,
    remedy: 'issue what lacks something anew: an authority with the same key keeps what it signed',
    source,
    look: (view) =>
      chains(view).flatMap(({ used, intermediates, roots }): Spotted[] => {
        const leaf = used.held.certificate;
        const request = { leaf, intermediates, roots, at: view.at, usage: 'server' } as const;
        if (judge('go', request).ok !== true || judge(unless, request).ok !== true) return [];
        const judgement = judge(family, request);
        return judgement.ok === false ? [spotAt(used, `${named(leaf)}: ${judgement.error}`)] : [];
      }),
  })),
);

interface Served {
  readonly used: Used;
  readonly intermediates: readonly Held['certificate'][];
  readonly roots: readonly Held['certificate'][];
}

/** What each kube-apiserver shows, with the authorities of its own node. */
function chains(view: View): Served[] {
  const anchors = new Map<string, Held['certificate'][]>();
  for (const { held, place } of usedAs(view, 'cluster-authority')) {
    anchors.set(place.machine, [...(anchors.get(place.machine) ?? []), held.certificate]);
  }
  return usedAs(view, 'apiserver').flatMap((used) => {
    const roots = anchors.get(used.place.machine);
    const intermediates = view.inFile(used.place.path).slice(1);
    return roots ? [{ used, roots, intermediates: intermediates.map(({ certificate }) => certificate) }] : [];
  });
}
