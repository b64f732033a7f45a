import { asBuffer, grouped } from '../../base/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import type { Entry } from '../../inventory/index.ts';
import type { Material } from '../../survey/index.ts';
import { signatureRefusal } from '../../verify/index.ts';
import {
  type Certificate,
  fingerprint,
  isOldAuthority,
  readCertificates,
  readPrivateKey,
} from '../../x509/index.ts';
import { type Beyond, beyondIn, referencesOf } from './beyond.ts';
import { insideOf } from './inside.ts';
import { listsIn } from './lists.ts';
import { machineOf } from './machine.ts';
import { placeId } from './place-id.ts';
import { toldUses } from './told-uses.ts';
import type { Held, HeldKey, Place, TreeInput, Used, View } from './types.ts';
import { type Use, useOf, useOfRole } from './uses.ts';

/** Octets as the key of a map. */
export function octets(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

/** Indexed when it is first asked for: of one input there is one view. */
export function viewOf(input: TreeInput): View {
  let view = known.get(input);
  if (!view) known.set(input, (view = indexed(input)));
  return view;
}

const known = new WeakMap<TreeInput, View>();

function indexed(input: TreeInput): View {
  const { inventory, password } = input;
  const entries = [...inventory.entries.values()];
  const beyond = beyondIn(entries, password);
  const references = referencesOf(beyond, inventory);
  const told = toldUses(references);
  const use = (path: StatePath) =>
    useOf(path, machineOf(path)) ?? told.get(path) ?? useOfRole(input.roles?.get(path));
  const found = new Collector(beyond, use);
  for (const entry of entries) found.add(entry);
  const certificates = [...found.certificates.values()];
  const bySubject = grouped(certificates, ({ certificate }) => octets(certificate.subject.der));
  return {
    ...input,
    entries,
    beyond,
    references,
    useOf: use,
    certificates,
    leaves: certificates.filter(({ isAuthority }) => !isAuthority),
    bySubject,
    byKey: grouped(certificates, ({ key }) => key),
    byUse: usesOf(certificates),
    holders: { [Symbol.iterator]: () => found.files.keys() },
    inFile: (path) => found.files.get(path) ?? [],
    anchorsIn: (path) => found.anchors.get(path) ?? [],
    keys: found.keys,
    keyIn: (path) => found.keyFiles.get(path),
    lists: listsIn(beyond, inventory),
    controlPlanes: controlPlanesOf(input, entries, use),
    issuersOf: issuerSearch(bySubject),
  };
}

interface Growing<T> {
  readonly places: T[];
}

/** Reads entry by entry, in order of path. What is embedded is parsed once for all its places. */
class Collector {
  readonly certificates = new Map<string, Held & Growing<Place>>();
  readonly files = new Map<StatePath, Held[]>();
  readonly anchors = new Map<StatePath, readonly Held[]>();
  readonly keys = new Map<string, HeldKey & Growing<StatePath>>();
  readonly keyFiles = new Map<StatePath, HeldKey>();
  readonly #embedded = new Map<string, readonly Certificate[]>();
  readonly #known = new WeakMap<Certificate, Held & Growing<Place>>();

  readonly #beyond: Beyond;
  readonly #useOf: View['useOf'];

  constructor(beyond: Beyond, useOf: View['useOf']) {
    this.#beyond = beyond;
    this.#useOf = useOf;
  }

  add({ path, content, bytes }: Entry): void {
    const machine = machineOf(path);
    const use = this.#useOf(path);
    const hold = (certificates: readonly Certificate[], as: (i: number) => Place['as']) => {
      const held = certificates.map((one, i) => this.#hold(one, { path, machine, as: as(i), use }));
      this.files.set(path, (this.files.get(path) ?? []).concat(held));
      return held;
    };
    if (content.kind === 'certificates') {
      hold(content.certificates, (i) => (i === 0 ? 'first' : 'further'));
      if (asBuffer(bytes).includes('PRIVATE KEY-----')) this.#keyOf(bytes, path);
    } else if (content.kind === 'private-key') {
      this.#addKey(content.key.publicKey, path);
    } else if (content.kind === 'kubeconfig') {
      const anchors = content.config.clusters.flatMap(({ cluster: { certificateAuthorityData: pem } }) =>
        pem ? hold(this.#read(pem), () => 'anchor') : [],
      );
      this.anchors.set(path, anchors);
      for (const { user } of content.config.users) {
        if (user.clientCertificateData)
          hold(this.#read(user.clientCertificateData), (i) => (i === 0 ? 'client' : 'further'));
        if (user.clientKeyData) this.#keyOf(user.clientKeyData.reveal(), path);
      }
    } else {
      const material = this.#beyond.get(path);
      if (material) this.#addMaterial(material, { path, machine, use });
    }
  }

  /** A place inside of the file counts as a file of its own, of which nobody knows what reads it. */
  #addMaterial({ certificates, keys }: Material, file: Omit<Place, 'as'>): void {
    for (const { value, place } of certificates) {
      const inside = insideOf(place);
      const id = placeId(file.path, inside);
      const before = this.files.get(id) ?? [];
      const as = before.length === 0 ? 'first' : 'further';
      const held = this.#hold(value, {
        ...file,
        as,
        ...(inside !== undefined && { inside, use: undefined }),
      });
      if (before.length === 0) this.files.set(id, [held]);
      else before.push(held);
    }
    for (const { value, place, private: isPrivate } of keys) {
      if (isPrivate) this.#addKey(value, placeId(file.path, insideOf(place)));
    }
  }

  #hold(certificate: Certificate, place: Place): Held {
    let held = this.#known.get(certificate);
    if (!held) {
      const sha256 = fingerprint(certificate.der);
      held = this.certificates.get(sha256) ?? {
        certificate,
        sha256,
        key: octets(certificate.publicKey.spki),
        isAuthority: certificate.basicConstraints?.ca ?? isOldAuthority(certificate),
        places: [],
      };
      this.certificates.set(sha256, held);
      this.#known.set(certificate, held);
    }
    held.places.push(place);
    return held;
  }

  #read(pem: Uint8Array): readonly Certificate[] {
    const text = octets(pem);
    let certificates = this.#embedded.get(text);
    if (!certificates) this.#embedded.set(text, (certificates = readCertificates(pem).certificates));
    return certificates;
  }

  /** One that cannot be read is what other checks tell. */
  #keyOf(pem: Uint8Array, path: StatePath): void {
    try {
      this.#addKey(readPrivateKey(pem).publicKey, path);
    } catch {
      // Nothing is known of it.
    }
  }

  #addKey(publicKey: HeldKey['publicKey'], path: StatePath): void {
    const key = octets(publicKey.spki);
    const held = this.keys.get(key) ?? { publicKey, key, places: [] };
    held.places.push(path);
    this.keys.set(key, held);
    this.keyFiles.set(path, held);
  }
}

/** What a file is for is what its first certificate is for; all of them, when it is a bundle of anchors. */
function usesOf(certificates: readonly Held[]): Map<Use, Used[]> {
  const found = new Map<Use, Used[]>();
  for (const held of certificates) {
    for (const place of held.places) {
      const { use, as } = place;
      if (use === undefined || as === 'anchor' || (as === 'further' && !use.endsWith('-authority'))) continue;
      const group = found.get(use);
      if (group) group.push({ held, place });
      else found.set(use, [{ held, place }]);
    }
  }
  return found;
}

/** Those of `kubetls.yaml`, and every node on which a file stands that only kube-apiserver reads. */
function controlPlanesOf(
  { cluster }: TreeInput,
  entries: readonly Entry[],
  useOf: View['useOf'],
): Set<string> {
  const declared = cluster?.spec.nodes.filter(({ roles }) => roles.includes('control-plane')) ?? [];
  const found = entries.flatMap(({ path }) => {
    const machine = machineOf(path);
    return machine.startsWith('nodes/') && useOf(path) === 'apiserver' ? [machine] : [];
  });
  return new Set([...declared.map(({ name }) => `nodes/${name}`), ...found]);
}

/** Each signature is computed once, for each key that it may be of. */
function issuerSearch(bySubject: ReadonlyMap<string, readonly Held[]>): View['issuersOf'] {
  const known = new Map<Held, readonly Held[]>();
  return (held) => {
    let issuers = known.get(held);
    if (!issuers) {
      const namesakes = bySubject.get(octets(held.certificate.issuer.der)) ?? [];
      issuers = namesakes.filter((one) => signatureRefusal(held.certificate, one.certificate) === undefined);
      known.set(held, issuers);
    }
    return issuers;
  };
}
