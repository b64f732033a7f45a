/** Files whose names promise a certificate, a key or a kubeconfig, and that are none that can be read. */
import { asBuffer } from '../../base/index.ts';
import type { View } from '../view/types.ts';
import type { Spotted } from './types.ts';

const KUBECONFIG = /\.kubeconfig$/;
const MATERIAL = /\.(?:crt|cert|cer|key|pem|pub)$/;
/** kubeadm calls kubeconfigs so, and every second program on a machine its own settings. */
const SETTINGS = /\.conf$/;

/** That a key is encrypted is a finding of its own. */
export const ENCRYPTED = 'x509/key-needs-passphrase';

export function brokenPromises({ entries, useOf, lists }: View): Spotted[] {
  return entries.flatMap(({ path, content, bytes }): Spotted[] => {
    if (content.kind !== 'unreadable') return [];
    const known = useOf(path) ?? useOf(path.replace(/\.key$/, '.crt'));
    const promises = KUBECONFIG.test(path) || MATERIAL.test(path) || (SETTINGS.test(path) && known);
    const { code, message } = content.failure;
    if (!promises || code === ENCRYPTED || lists.some((list) => list.path === path)) return [];
    if (!known && isSshKey(bytes)) return [];
    // Whatever is nothing else is read as a kubeconfig, in whose words the reason says nothing here.
    const isOther = code.startsWith('kubeconfig/') && MATERIAL.test(path);
    const why = isOther ? 'holds no certificate, key, request or revocation list' : message;
    return [{ places: [path], message: why, ...(known === undefined && { severity: 'warning' }) }];
  });
}

/** Every machine has some in /etc/ssh: `ssh-ed25519 AAAA… root@cp1` (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
function isSshKey(bytes: Uint8Array): boolean {
  return /^(?:ssh-|ecdsa-sha2-|sk-(?:ssh|ecdsa)-)/.test(asBuffer(bytes).toString('latin1', 0, 16));
}
