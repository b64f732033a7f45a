import { type Certificate, serialDecimal } from '../x509/index.ts';

/** apiserver pkg/authentication/request/x509/x509.go: what the authenticator says of a chain that is no good. */
export function verifyingFailed(
  { serial, subjectKeyId, authorityKeyId }: Certificate,
  error: string,
): string {
  const identifier = `SN=${serialDecimal(serial)}, SKID=${colons(subjectKeyId)}, AKID=${colons(authorityKeyId)}`;
  return `verifying certificate ${identifier} failed: ${error}`;
}

function colons(bytes: Uint8Array | undefined): string {
  return [...(bytes ?? [])].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

/** Go's utilerrors.NewAggregate: one error as it is, several in brackets, each text once. */
export function aggregate(errors: readonly string[]): string {
  const once = [...new Set(errors)];
  return once.length === 1 ? (once[0] ?? '') : `[${once.join(', ')}]`;
}
