/** Certificates in words, and what checks ask of them again and again. */
import type { Use } from '../view/uses.ts';
import { CLIENTS, SERVERS } from '../view/uses.ts';
import { perView } from '../view/per-view.ts';
import type { Held, Used, View } from '../view/types.ts';
import { type Certificate, commonName, generalNameText, nameText } from '../../x509/index.ts';

/** `"kube-apiserver"`: the common name, or the whole subject. */
export function named({ subject }: Certificate): string {
  return JSON.stringify(commonName(subject) || nameText(subject) || 'without a name');
}

export function issuerNamed({ issuer }: Certificate): string {
  return JSON.stringify(commonName(issuer) || nameText(issuer));
}

export function dnsNames({ subjectAltNames = [] }: Certificate): string[] {
  return subjectAltNames.flatMap((name) => (name.kind === 'dns' ? [name.value.toLowerCase()] : []));
}

export function ipAddresses({ subjectAltNames = [] }: Certificate): string[] {
  return subjectAltNames.flatMap((name) => (name.kind === 'ip' ? [name.value] : []));
}

export function allNames({ subjectAltNames = [] }: Certificate): string {
  return subjectAltNames.map(generalNameText).join(', ') || 'none';
}

export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return Buffer.compare(subject.der, issuer.der) === 0;
}

/** Without the extension a certificate is good for everything (RFC 5280, 4.2.1.12). */
export function mayBe({ extendedKeyUsage }: Certificate, usage: 'serverAuth' | 'clientAuth'): boolean {
  return (
    extendedKeyUsage === undefined || extendedKeyUsage.includes(usage) || extendedKeyUsage.includes('any')
  );
}

const NONE: readonly Used[] = [];

/** Certificates in files of these uses. */
export function usedAs(view: View, ...uses: readonly Use[]): readonly Used[] {
  const [only, ...others] = uses;
  if (only !== undefined && others.length === 0) return view.byUse.get(only) ?? NONE;
  return uses.flatMap((use) => view.byUse.get(use) ?? NONE);
}

export const servers = perView((view) => usedAs(view, ...SERVERS));
export const clients = perView((view) => usedAs(view, ...CLIENTS));

/** Whom kube-apiserver lets in as a user: etcd's clients are none, and the front proxy speaks for others. */
const NO_USERS: ReadonlySet<Use> = new Set<Use>([
  'apiserver-etcd-client',
  'etcd-healthcheck',
  'front-proxy-client',
]);

export const users = perView((view) =>
  clients(view).filter(({ place: { use } }) => use !== undefined && !NO_USERS.has(use)),
);

/** The name of the node that a machine is; undefined for another. */
export function nodeOf(machine: string): string | undefined {
  return machine.startsWith('nodes/') ? machine.slice('nodes/'.length) : undefined;
}

/** Each certificate once. */
export function once(used: readonly Used[]): readonly Held[] {
  return [...new Set(used.map(({ held }) => held))];
}

/** `a, b and 3 more` */
export function listed(words: readonly string[], most = 4): string {
  const shown = words.slice(0, most).join(', ');
  return words.length > most ? `${shown} and ${words.length - most} more` : shown;
}
