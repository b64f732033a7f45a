/** `host:port`: what a server shows to a client that has no certificate. */
import { isIP } from 'node:net';
import { type Failure, SECOND } from '../../base/index.ts';
import {
  probe,
  probeAlpn,
  type ProbeProtocol,
  type ProbeResult,
  type ProbeTarget,
} from '../../probe/index.ts';
import { nameText, parseCertificate, parseName } from '../../x509/index.ts';
import { type EndpointShown, type Inspected, NOTHING_IN_IT } from './read.ts';

const TIMEOUT = 5 * SECOND;
const VERSIONS: readonly ProbeProtocol[] = ['TLSv1.2', 'TLSv1.3'];

/** `localhost:6443`, `[::1]:6443`; undefined when the word has not the form. */
export function endpointIn(word: string): Pick<ProbeTarget, 'host' | 'port'> | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(word) ?? [];
  const host = bracketed ?? plain;
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

export async function inspectEndpoint(
  word: string,
  { host, port }: Pick<ProbeTarget, 'host' | 'port'>,
  signal: AbortSignal,
): Promise<Inspected> {
  const request = { method: 'GET', path: '/version', headers: { Accept: '*/*' }, body: undefined } as const;
  const target: ProbeTarget = { host, port, request, ...(isIP(host) === 0 && { serverName: host }) };
  const seen = await Promise.all(
    VERSIONS.map((version) =>
      probe(target, undefined, { timeout: TIMEOUT, minVersion: version, maxVersion: version, signal }),
    ),
  );
  const shown = seen.filter(({ presented }) => presented.length > 0);
  const best = shown.at(-1);
  if (!best) return { ...NOTHING_IN_IT, source: word, problems: [unseen(seen)] };
  const problems: Failure[] = [];
  const certificates = best.presented.flatMap((der, i) => {
    const place = i === 0 ? 'presented' : `presented, ${i + 1}`;
    try {
      return [{ value: parseCertificate(der), place }];
    } catch (error) {
      const { code, message } = error as Failure;
      problems.push({ code, message, where: { path: place } });
      return [];
    }
  });
  const endpoint: EndpointShown = {
    host,
    port,
    protocols: VERSIONS.filter((_, i) => (seen[i]?.presented.length ?? 0) > 0),
    cipher: best.cipher,
    alpn: await probeAlpn(target, { timeout: TIMEOUT }),
    acceptableAuthorities: best.acceptableAuthorities?.map((der) => nameOf(der)),
    withoutCertificate: answerText(best),
  };
  return { ...NOTHING_IN_IT, source: word, certificates, problems, endpoint };
}

function nameOf(der: Uint8Array): string {
  try {
    return nameText(parseName(der));
  } catch {
    return '(no name)';
  }
}

/** What becomes of a client that shows no certificate, in the words that it would print. */
function answerText({ result }: ProbeResult): string {
  if (result.kind === 'accepted')
    return `answered${result.status === undefined ? '' : ` (HTTP ${result.status})`}`;
  return result.text;
}

function unseen(seen: readonly ProbeResult[]): Failure {
  const [text] = seen.flatMap(({ result }) => ('text' in result ? [result.text] : []));
  const message = text ?? 'it presented no certificate';
  const [, hint] = NEXT.find(([words]) => words.test(message)) ?? [];
  return { code: 'cli/unseen', message, ...(hint !== undefined && { hint }) };
}

/** What to look at next, by the words of Go's net and crypto/tls. */
const NEXT: readonly (readonly [words: RegExp, hint: string])[] = [
  [/no such host/, 'write its address, or look at DNS and /etc/hosts'],
  [/connection refused/, 'nothing listens there: look at the port, and whether the program runs'],
  [
    /i\/o timeout|deadline|no route|unreachable/,
    'nothing answers: look at the address, the route and firewalls',
  ],
  [/does not look like a TLS handshake/, 'it begins in the clear: another port, or another protocol'],
];
