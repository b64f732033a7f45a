/** As many handshakes as a proof makes, by a bare loop of `tls.connect`: no rules, nothing judged. */
import { createSecureContext, connect, type SecureContext } from 'node:tls';
import type { Endpoint } from '../../src/cluster/index.ts';
import type { Inventory } from '../../src/inventory/index.ts';
import { type ProbeRequest, requestFor } from '../../src/probe/index.ts';
import type { ProofReport } from '../../src/prove/index.ts';
import { credentialOf } from '../../src/trust/index.ts';

/** What the bare loop needs to know: PEM once a credential, and the handshakes to make. */
export interface Jobs {
  readonly credentials: readonly { readonly cert: string; readonly key: string }[];
  readonly handshakes: readonly Handshake[];
}

interface Handshake {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  /** Undefined: no certificate is shown. */
  readonly credential?: number;
  /** HTTP, whole. */
  readonly request: string;
}

/** The small one, which every server answers; or what the proof itself asks. */
export type Asking = 'version' | 'as the proof';

export function jobsOf(
  { edges, refusals }: ProofReport,
  inventory: Inventory,
  addressOf: (endpoint: Endpoint) => Endpoint['address'],
  asking: Asking,
): Jobs {
  const indexes = new Map<unknown, number>();
  const credentials: { cert: string; key: string }[] = [];
  const handshakes: Handshake[] = [];
  const add = (edge: (typeof edges)[number]['edge'], shows: boolean): void => {
    const material = shows ? credentialOf(edge, inventory) : undefined;
    const speaker = material?.kind === 'material' ? edge.as : 'anonymous';
    const asked = asking === 'version' ? VERSION : requestFor(edge.endpoint, speaker);
    const at = addressOf(edge.endpoint);
    const handshake = { ...at, servername: edge.name, request: textOf(asked, at.host) };
    if (material?.kind !== 'material') {
      handshakes.push(handshake);
      return;
    }
    const index = indexes.get(material) ?? credentials.length;
    if (index === credentials.length) {
      const [cert, key] = [material.certificate, material.key.reveal()].map((pem) =>
        Buffer.from(pem).toString(),
      );
      credentials.push({ cert: cert ?? '', key: key ?? '' });
    }
    indexes.set(material, index);
    handshakes.push({ ...handshake, credential: index });
  };
  for (const { edge } of edges) add(edge, true);
  for (const { refusal, endpoint } of refusals) {
    const edge = edges.find((proof) => proof.edge.endpoint.id === endpoint.id)?.edge;
    if (edge) add(edge, refusal !== 'no-certificate');
  }
  return { credentials, handshakes };
}

const VERSION = { method: 'GET', path: '/version', headers: {}, body: undefined } as const;

function textOf({ method, path, headers, body }: Omit<ProbeRequest, 'accepts'>, host: string): string {
  const all = {
    Host: host,
    Connection: 'close',
    ...headers,
    ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

export async function dialAll(jobs: Jobs, concurrency: number): Promise<void> {
  const contexts = jobs.credentials.map((credential) => createSecureContext(credential));
  const none = createSecureContext();
  const left = jobs.handshakes.values();
  const worker = async (): Promise<void> => {
    for (const handshake of left) {
      const { credential } = handshake;
      await dial(handshake, credential === undefined ? none : (contexts[credential] ?? none));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Ends with the first bytes of an answer, or with the refusal. */
function dial({ host, port, servername, request }: Handshake, secureContext: SecureContext): Promise<void> {
  return new Promise((resolve) => {
    const name = /^[\d.]+$/.test(servername) ? {} : { servername };
    const socket = connect({ host, port, secureContext, rejectUnauthorized: false, ...name });
    const end = (): void => {
      socket.destroy();
      resolve();
    };
    socket
      .on('secureConnect', () => socket.write(request))
      .on('error', end)
      .on('end', end)
      .once('data', end);
  });
}
