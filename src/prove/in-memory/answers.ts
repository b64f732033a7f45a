/** What the answers say. They come from whoever listens there: anything may be in them. */
import { fieldOf, KubetlsError, parsedJson, SECOND, utf8 } from '../../base/index.ts';
import type { Leader, ProcessSight, Sight } from '../../trust/index.ts';
import { type Certificate, readCertificates } from '../../x509/index.ts';

type Read<T> = (body: string) => Sight<T>;

const nothing = (what: string): { readonly why: string } => ({ why: `the answer has no ${what}` });

/** The text format of Prometheus. */
export const processIn: Read<ProcessSight> = (body) => {
  const [, seconds] = /^process_start_time_seconds ([0-9.e+]{1,32})$/m.exec(body) ?? [];
  const started = Number(seconds) * SECOND;
  if (!Number.isFinite(started) || started <= 0) return nothing('process_start_time_seconds');
  // A counter that never counted is not there.
  const looks = [...body.matchAll(/^rest_client_transport_ca_reload_total\{([^}]*)\} ([0-9.e+]{1,32})$/gm)]
    .filter(([, labels = '']) => labels.includes('result="success"'))
    .map(([, , count]) => Number(count));
  return { value: { started, looks: looks.reduce((sum, count) => sum + count, 0) } };
};

/** A JSON Web Key Set. */
export const keysIn: Read<readonly string[]> = (body) => {
  const keys = fieldOf(parsedJson(body), 'keys');
  if (!Array.isArray(keys)) return nothing('keys');
  return { value: keys.map((key) => fieldOf(key, 'kid')).filter((kid) => typeof kid === 'string') };
};

/** ConfigMap kube-root-ca.crt. */
export const rootsIn: Read<readonly Certificate[]> = (body) => {
  const pem = fieldOf(fieldOf(parsedJson(body), 'data'), 'ca.crt');
  if (typeof pem !== 'string') return nothing('ca.crt');
  try {
    return { value: readCertificates(utf8(pem)).certificates };
  } catch (error) {
    if (error instanceof KubetlsError) return { why: error.message };
    throw error;
  }
};

/** A Lease: who holds it is a host name and something random (app/controllermanager.go). */
export const leaderIn: Read<Leader> = (body) => {
  const spec = fieldOf(parsedJson(body), 'spec');
  const holder = fieldOf(spec, 'holderIdentity');
  const acquired = fieldOf(spec, 'acquireTime');
  const since = typeof acquired === 'string' ? Date.parse(acquired) : Number.NaN;
  if (typeof holder !== 'string' || holder === '' || !Number.isFinite(since)) return nothing('leader');
  return { value: { host: holder.replace(/_[^_]*$/, ''), since } };
};

export function read<T>(answer: Sight<string> | undefined, reader: Read<T>): Sight<T> {
  if (!answer) return { why: 'it was not asked' };
  return 'why' in answer ? answer : reader(answer.value);
}
