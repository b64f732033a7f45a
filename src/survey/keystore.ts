/** The entries of a PKCS#12 container or a Java keystore, once it is open. */
import type { Keystore } from '../keystores/index.ts';
import { parseCertificate, parseRevocationList, readPrivateKey } from '../x509/index.ts';
import { attempt, type Gathered, problem } from './gathered.ts';

export function readKeystore(store: Keystore, found: Gathered, place: string | undefined): void {
  const at = (name: string | undefined) => {
    const entry = name === undefined ? undefined : `entry ${name}`;
    return place === undefined || entry === undefined ? (place ?? entry) : `${place}, ${entry}`;
  };
  for (const { der, name } of store.certificates) {
    attempt(found, () => found.certificates.push({ value: parseCertificate(der), place: at(name) }));
  }
  for (const { pkcs8, name } of store.keys) {
    attempt(found, () => {
      const { publicKey } = readPrivateKey(pkcs8.reveal());
      found.keys.push({ value: publicKey, place: at(name), private: true });
    });
  }
  for (const der of store.revocationLists) {
    attempt(found, () => found.revocationLists.push({ value: parseRevocationList(der), place }));
  }
  for (const name of store.shut) {
    const message = `the key of the entry ${name} is encrypted and was not opened`;
    found.problems.push(problem('survey/encrypted-key', message));
  }
}
