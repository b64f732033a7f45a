/** What is issued now is no good where it is not now. */
import { type Clock, KubetlsError, MINUTE, SECOND, toRfc3339 } from '../../base/index.ts';
import type { Host } from '../../hosts/index.ts';

/** As far as certificates are dated back (cmd/kubeadm/app/constants/constants.go, CertificateBackdate). */
const TOLERATED = 5 * MINUTE;
const TIMEOUT = 10 * SECOND;
/** Connections at a time. */
const AT_ONCE = 16;

export interface Clocks {
  /** Sentences on nodes whose clocks differ; one where no command runs is passed over. */
  readonly texts: readonly string[];
  /** Of those that could be asked more than half differ: then it is this machine's that is wrong. */
  readonly mostDiffer: boolean;
}

export async function wrongClocks(
  machines: ReadonlyMap<string, { readonly host: Pick<Host, 'run'> }>,
  clock: Clock,
): Promise<Clocks> {
  let asked = 0;
  const found = new Map<string, string>();
  const left = machines.entries();
  const worker = async (): Promise<void> => {
    for (const [node, { host }] of left) {
      const there = await timeOf(host);
      if (there !== undefined) asked++;
      const distance = there === undefined ? 0 : there - clock.now();
      if (there === undefined || Math.abs(distance) <= TOLERATED) continue;
      const way = distance < 0 ? 'behind' : 'ahead';
      found.set(
        node,
        `the clock of ${node} says ${toRfc3339(there)}, ${Math.round(Math.abs(distance) / MINUTE)} minutes ${way}: set it first (timedatectl set-ntp true), or what is issued now does not hold there`,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const texts = [...machines.keys()].flatMap((node) => found.get(node) ?? []);
  return { texts, mostDiffer: texts.length > asked / 2 };
}

async function timeOf(host: Pick<Host, 'run'>): Promise<number | undefined> {
  try {
    const { status, stdout } = await host.run(['date', '+%s'], { timeout: TIMEOUT });
    return status === 0 && /^\d{1,12}\n?$/.test(stdout) ? Number(stdout) * SECOND : undefined;
  } catch (error) {
    // It was read a moment ago: whoever cannot say what time it is keeps nobody dead.
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}
