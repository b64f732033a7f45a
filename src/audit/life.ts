import { DAY, HOUR, type Instant, toRfc3339 } from '../base/index.ts';
import type { Certificate } from '../x509/index.ts';
import type { Trouble } from './types.ts';

/** A kubelet renews when 70 to 90 % of the life have gone (client-go certificate_manager.go, jitteryDuration). */
const LATE = 0.8;

/** What a certificate's dates say at an instant; nothing while it is young. */
export function lifeTrouble(
  what: string,
  { notBefore, notAfter }: Certificate,
  at: Instant,
): Trouble | undefined {
  if (at > notAfter) {
    return { message: `${what} ended ${toRfc3339(notAfter)}, ${distance(at - notAfter)} ago` };
  }
  if (at < notBefore) {
    return { message: `${what} is not valid before ${toRfc3339(notBefore)}: is a clock wrong?` };
  }
  if (at - notBefore < LATE * (notAfter - notBefore)) return undefined;
  const left = `${what} ends ${toRfc3339(notAfter)}, in ${distance(notAfter - at)}`;
  return { message: `${left}: more than four fifths of its life are over`, severity: 'warning' };
}

function distance(span: number): string {
  const [size, unit] = span >= 2 * DAY ? [DAY, 'day'] : [HOUR, 'hour'];
  const count = Math.floor(span / size);
  return count === 0 ? 'less than an hour' : `${count} ${unit}${count === 1 ? '' : 's'}`;
}
