/** What is owed, as text: what `STATE/rollout` holds. */
import { KubetlsError } from '../base/index.ts';
import type { Owed } from '../rollout/index.ts';
import type { CarryCode } from './types.ts';

const SCHEMA = 'kubetls/rollout/v1';

/** From what weighs most: a restart is done, then seen, and a gate alone only seen. */
export const STAGES: readonly Owed['stage'][] = ['restart', 'restarted', 'gate'];

export function owedText(owed: readonly Owed[]): string {
  return `${JSON.stringify({ schema: SCHEMA, owed }, null, 2)}\n`;
}

/** @throws KubetlsError `carry/owed-unreadable` */
export function parseOwed(text: string, file: string): Owed[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw unreadable(file, 'it is no JSON');
  }
  const { schema, owed } = (read ?? {}) as { schema?: unknown; owed?: unknown };
  if (schema !== SCHEMA || !Array.isArray(owed) || !owed.every(isOwed)) {
    throw unreadable(file, `it is not of schema ${SCHEMA}`);
  }
  return owed;
}

function isOwed(value: unknown): value is Owed {
  const { node, component, stage, because, down } = (value ?? {}) as Record<string, unknown>;
  return (
    [node, component, because].every((text) => typeof text === 'string') &&
    STAGES.some((one) => one === stage) &&
    (down === undefined || down === true)
  );
}

export function unreadable(file: string, why: string): KubetlsError<CarryCode> {
  return new KubetlsError({
    code: 'carry/owed-unreadable',
    message: `what an earlier run left undone cannot be read: ${why}`,
    where: { file },
    hint: 'restart what it may have been about, prove the cluster, then remove the file',
  });
}
