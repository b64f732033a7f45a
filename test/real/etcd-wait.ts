import { setTimeout as sleep } from 'node:timers/promises';
import type { EtcdMember } from './etcd-cluster.ts';

const POLL = 50; // milliseconds
const TO_LISTEN = 20_000; // milliseconds; half a second on an idle machine

/** Waits until each member listens or has ended; true when one ended because its port was taken. */
export async function portTaken(members: readonly EtcdMember[]): Promise<boolean> {
  const end = Date.now() + TO_LISTEN;
  for (const member of members) {
    while (!member.ended() && !(await member.listening()) && Date.now() < end) await sleep(POLL);
  }
  return members.some((member) => member.ended() && member.log().includes('address already in use'));
}

/** Resolves when each of `names` is ready; throws its log's TLS errors after `timeout` ms or when it has ended. */
export async function waitReady(
  members: readonly EtcdMember[],
  names: readonly string[] = members.map(({ name }) => name),
  timeout = 60_000,
): Promise<void> {
  const waited = members.filter(({ name }) => names.includes(name));
  const end = Date.now() + timeout;
  for (; ; await sleep(POLL)) {
    const states = await Promise.all(waited.map((member) => member.ready()));
    const late = waited.filter((_, index) => !states[index]);
    if (late.length === 0) return;
    if (Date.now() < end && !late.some((member) => member.ended())) continue;
    throw new Error(late.map(lastWords).join('\n'));
  }
}

function lastWords(member: EtcdMember): string {
  const refusals = member.tlsErrors().slice(-3);
  const lines =
    refusals.length > 0 ? refusals.map((line) => JSON.stringify(line)) : member.log().split('\n').slice(-5);
  return `etcd ${member.name} ${member.ended() ? 'has ended' : 'is not ready'}:\n${lines.join('\n')}`;
}
