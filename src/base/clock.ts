/** Milliseconds since the Unix epoch, UTC. X.509 dates have whole seconds; Go compares with nanoseconds. */
export type Instant = number;

export interface Clock {
  now(): Instant;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** The year of kubeadm and of certificates: 365 days (kubeadm constants.go, 8760 h). */
export const YEAR = 365 * DAY;

/** `2026-11-23T05:14:00Z`: RFC 3339, whole seconds, as Go prints it. */
export function toRfc3339(at: Instant): string {
  return `${new Date(Math.floor(at / SECOND) * SECOND).toISOString().slice(0, -5)}Z`;
}
