/** What no plan made here can rescue, and what a person does about it. */
import { DAY, equalBytes, KubetlsError, toRfc3339 } from '../base/index.ts';
import type { AuthorityId, AuthorityItem, Item } from '../cluster/index.ts';
import { signsItself } from '../issue/index.ts';
import { nameText } from '../x509/index.ts';
import { authoritiesOf, type PlanInput } from './plan.ts';
import { issuerOf } from './renewal.ts';
import type { Action } from './types.ts';
import { certificateAt, keyAt } from './world.ts';

export type RescueCode = 'plan/authority-elsewhere' | 'plan/clock';

export function hasKey(id: AuthorityId | undefined, input: PlanInput): boolean {
  const item = id === undefined ? undefined : authoritiesOf(input.cluster).get(id);
  return item === undefined || keyTrouble(item, input) === undefined;
}

/** Why nothing can be issued with it, after "the key of the authority". */
function keyTrouble({ key, certificate }: AuthorityItem, { inventory }: PlanInput): string | undefined {
  const entry = inventory.get(key.path);
  if (!entry) return 'is not here';
  const found = keyAt(entry);
  if (!found)
    return `cannot be read: ${entry.content.kind === 'unreadable' ? entry.content.failure.message : `it is a ${entry.content.kind}`}`;
  const own = certificateAt(inventory.get(certificate.path));
  return own && !equalBytes(own.publicKey.spki, found.publicKey.spki)
    ? 'is not the one of the certificate beside it'
    : undefined;
}

/** A certificate of tomorrow says that it is not today: what were issued now would be as wrong. */
export function refuseClock({ cluster, inventory, at }: PlanInput): void {
  for (const item of cluster.items) {
    if (item.kind !== 'authority' && item.kind !== 'pair') continue;
    const { path } = item.certificate;
    const begins = certificateAt(inventory.get(path))?.notBefore;
    if (begins === undefined || begins <= at + (item.kind === 'authority' ? 0 : DAY)) continue;
    throw new KubetlsError<RescueCode>({
      code: 'plan/clock',
      message: `begins on ${toRfc3339(begins)}, and the clock of this machine says ${toRfc3339(at)}`,
      where: { file: path },
      hint: 'set the clock first: date, timedatectl set-ntp true; if it is right, whoever made the certificate had a wrong one: kubetls renew --all',
    });
  }
}

/** Authorities that have ended, and that nobody here can sign anew. */
export function refuseAuthorities(input: PlanInput): void {
  for (const item of authoritiesOf(input.cluster).values()) {
    const certificate = certificateAt(input.inventory.get(item.certificate.path));
    if (!certificate || certificate.notAfter >= input.at) continue;
    const since = `expired on ${toRfc3339(certificate.notAfter)}`;
    if (!signsItself(certificate)) {
      const parent = nameText(certificate.issuer);
      throw elsewhere(
        item.certificate.path,
        `${since}; ${parent} must sign it anew`,
        requestHint(item, parent),
      );
    }
    const trouble = keyTrouble(item, input);
    if (trouble === undefined) continue;
    throw elsewhere(
      item.certificate.path,
      `${since}, and the key of this authority ${trouble}`,
      `put its key, unencrypted, at ${item.key.path} for this run; or have the certificate signed anew where the key is kept, for the same key and name, put it there, and go on`,
    );
  }
}

/** Certificates that have ended, of authorities whose key is kept elsewhere. */
export function refuseKeyless(
  asked: readonly Action[],
  hasEnded: (item: Item) => boolean,
  input: PlanInput,
): void {
  const blocked = asked.filter(
    ({ item, reason, verb }) =>
      item &&
      (reason.code === 'expired' || verb === 'create' || hasEnded(item)) &&
      !hasKey(issuerOf(item), input),
  );
  const [first] = blocked;
  const id = first?.item && issuerOf(first.item);
  const authority = id && authoritiesOf(input.cluster).get(id);
  if (!first || !authority) return;
  const count = blocked.length === 1 ? 'a certificate needs' : `${blocked.length} certificates need`;
  throw elsewhere(
    authority.key.path,
    `the key of the authority ${authority.authority} ${keyTrouble(authority, input) ?? 'is not here'}, and ${count} it: ${first.id} ${first.reason.text}`,
    `put the key there, unencrypted, for this run; or have a request for each signed where it is kept (kubetls openssl ${first.id} shows one), put the certificates in their places, and go on`,
  );
}

function requestHint({ certificate, key }: AuthorityItem, parent: string): string {
  return `ask for it: openssl x509 -x509toreq -copy_extensions copyall -in ${certificate.path} -signkey ${key.path} -out ca.csr; have ${parent} sign it, put the certificate in its place, and go on`;
}

function elsewhere(file: string, message: string, hint: string): KubetlsError<RescueCode> {
  return new KubetlsError({ code: 'plan/authority-elsewhere', message, where: { file }, hint });
}
