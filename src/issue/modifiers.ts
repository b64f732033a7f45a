import { type GeneralName, generalNameText, type KeyUsage } from '../x509/index.ts';
import type { Context, Draft } from './draft.ts';
import { distinct } from './names.ts';

/** Makes a draft fit; each returns the draft anew, or as it was. */
type Modifier = (draft: Draft, context: Context) => Draft;

export const MODIFIERS: readonly Modifier[] = [usagesOfTheKey, namesOnce, dnsNamesSorted];

/** Encipherment with the certified key itself exists for RSA alone: RFC 8813, 3 (ECDSA); RFC 9295, 3 (Ed25519). */
const RSA_ONLY: ReadonlySet<KeyUsage> = new Set(['keyEncipherment', 'dataEncipherment']);

function usagesOfTheKey(draft: Draft, { template }: Context): Draft {
  if (template.exactUsages || draft.publicKey.kind === 'rsa') return draft;
  if (!draft.keyUsage.some((usage) => RSA_ONLY.has(usage))) return draft;
  return { ...draft, keyUsage: draft.keyUsage.filter((usage) => !RSA_ONLY.has(usage)) };
}

function namesOnce(draft: Draft): Draft {
  const names = distinct(draft.names);
  return names === draft.names ? draft : { ...draft, names };
}

/** As kubeadm's NewSignedCert does (cmd/kubeadm/app/util/pkiutil/pki_helpers.go); the others keep their order. */
function dnsNamesSorted(draft: Draft, { template }: Context): Draft {
  if (!template.sortDnsNames) return draft;
  const isDns = ({ kind }: GeneralName) => kind === 'dns';
  const sorted = draft.names
    .filter(isDns)
    .toSorted((a, b) => (generalNameText(a) < generalNameText(b) ? -1 : 1));
  return { ...draft, names: [...sorted, ...draft.names.filter((name) => !isDns(name))] };
}
