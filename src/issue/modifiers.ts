import type { GeneralName, KeyUsage } from '../x509/index.ts';
import type { Context, Draft } from './draft.ts';

/** Makes a draft fit; each returns the draft anew, or as it was. */
export type Modifier = (draft: Draft, context: Context) => Draft;

export const MODIFIERS: readonly Modifier[] = [usagesOfTheKey, namesOnce, dnsNamesSorted];

/** Encipherment with the certified key itself exists for RSA alone: RFC 8813, 3 (ECDSA); RFC 9295, 3 (Ed25519). */
const RSA_ONLY: ReadonlySet<KeyUsage> = new Set(['keyEncipherment', 'dataEncipherment']);

function usagesOfTheKey(draft: Draft, { template }: Context): Draft {
  if (template.exactUsages || draft.publicKey.kind === 'rsa') return draft;
  return { ...draft, keyUsage: draft.keyUsage.filter((usage) => !RSA_ONLY.has(usage)) };
}

function namesOnce(draft: Draft): Draft {
  const seen = new Map(draft.names.map((name) => [identityOf(name), name]));
  return seen.size === draft.names.length ? draft : { ...draft, names: [...seen.values()] };
}

/** The builders have brought each name into one form, so that equal names have equal text. */
function identityOf(name: GeneralName): string {
  return name.kind === 'other' ? `other:${name.tag}:${name.der.join()}` : `${name.kind}:${name.value}`;
}

/** As kubeadm does (cmd/kubeadm/app/util/pkiutil/pki_helpers.go, NewSignedCert by way of sets.List). */
function dnsNamesSorted(draft: Draft, { template }: Context): Draft {
  if (!template.sortDnsNames) return draft;
  const dns = draft.names.filter(({ kind }) => kind === 'dns');
  const sorted = dns.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  return { ...draft, names: [...sorted, ...draft.names.filter(({ kind }) => kind !== 'dns')] };
}

function textOf(name: GeneralName): string {
  return name.kind === 'other' ? '' : name.value;
}
