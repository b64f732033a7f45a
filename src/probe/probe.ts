import { connect as dial, isIP } from 'node:net';
import { type CipherNameAndProtocol, connect, type SecureContext, type TLSSocket } from 'node:tls';
import { contextFor } from './contexts.ts';
import { hostPort } from './go-words.ts';
import { ResponseReader } from './http-response.ts';
import { type Ending, hidesMore, type Phase, resultOf } from './result.ts';
import { Tap } from './tap.ts';
import { readTranscript } from './transcript.ts';
import type { ProbeCredential, ProbeOptions, ProbeRequest, ProbeResult, ProbeTarget } from './types.ts';

/**
 * Dials an endpoint anew, with no session to resume, presents the credential, asks, and tells what was seen.
 * Judges nothing and never rejects: what fails is a result of its own.
 */
export async function probe(
  target: ProbeTarget,
  credential: ProbeCredential | undefined,
  options: ProbeOptions,
): Promise<ProbeResult> {
  // Node throws at such a port; Go's dialer has this text for it.
  if (!Number.isInteger(target.port) || target.port < 0 || target.port > 65_535) {
    return notDialled(`dial tcp: address ${target.port}: invalid port`);
  }
  let context: SecureContext;
  try {
    context = contextFor(credential, options);
  } catch (error) {
    return notDialled(unloadableText(error));
  }
  const dialled = (tapped: boolean): Promise<Dialled> =>
    new Promise((resolve) => new Connection(target, context, { ...options, tapped }, resolve));
  if (options.resultOnly === true) {
    // Without our own stream under TLS a dial costs a third less, and an answer or an alert says all.
    const { ending, result } = await dialled(false);
    if (!hidesMore(ending)) return result;
  }
  return (await dialled(true)).result;
}

/** A pair that cannot be loaded: no client could dial with it. */
function unloadableText(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.includes('key values mismatch')
    ? 'tls: private key does not match public key'
    : `tls: ${reason}`;
}

function notDialled(text: string): ProbeResult {
  const nothing = {
    presented: [],
    protocol: undefined,
    cipher: undefined,
    acceptableAuthorities: undefined,
    localAddress: undefined,
  };
  return { ...nothing, groups: [], result: { kind: 'unreachable', text } };
}

interface Dialled {
  readonly ending: Ending;
  readonly result: ProbeResult;
}

interface DialOptions extends ProbeOptions {
  /** Whether the bytes below TLS are kept. */
  readonly tapped: boolean;
}

/** One connection from its dial to its only result; the sockets are destroyed with it. */
class Connection {
  readonly #target: ProbeTarget;
  readonly #options: DialOptions;
  readonly #resolve: (dialled: Dialled) => void;
  readonly #tap: Tap | undefined;
  readonly #tls: TLSSocket;
  readonly #timer: NodeJS.Timeout;
  readonly #response: ResponseReader;
  readonly #abort = (): void => this.#end({ kind: 'aborted' });
  #secret: Buffer | undefined;
  #connected = false;
  #localAddress: string | undefined;
  #secured = false;
  #ended = false;

  constructor(
    target: ProbeTarget,
    context: SecureContext,
    options: DialOptions,
    resolve: (dialled: Dialled) => void,
  ) {
    this.#target = target;
    this.#options = options;
    this.#resolve = resolve;
    const { keep } = target.request;
    this.#response = new ResponseReader(typeof keep === 'object' ? keep : undefined);
    const { host, port, localAddress, serverName: name } = target;
    const to = { host, port, ...(localAddress !== undefined && { localAddress }) };
    const socket = options.tapped ? dial({ ...to, noDelay: true }) : undefined;
    this.#tap = socket && new Tap(socket);
    this.#tls = connect({
      ...(this.#tap ? { socket: this.#tap } : to),
      secureContext: context,
      // The verdict is computed by our own rules (Go's), from the chain that is collected here. With
      // OpenSSL's verdict in the way, the certificates that need explaining would never be seen.
      rejectUnauthorized: false,
      ...(name !== undefined && isIP(name) === 0 && { servername: name.replace(/\.$/, '') }),
    });
    const below = socket ?? this.#tls;
    below.once('connect', () => {
      this.#connected = true;
      this.#localAddress = below.localAddress;
    });
    this.#timer = setTimeout(() => this.#end({ kind: 'timeout' }), options.timeout);
    this.#listen();
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted === true) this.#abort();
  }

  #listen(): void {
    if (this.#options.resultOnly !== true) this.#tls.on('keylog', (line: Buffer) => this.#keep(line));
    this.#tls
      .on('secureConnect', () => {
        this.#secured = true;
        this.#tls.write(requestBytes(this.#target));
      })
      .on('data', (chunk: Buffer) => {
        const read = this.#response.push(chunk);
        if (read === undefined) return;
        this.#end(
          'malformed' in read
            ? { kind: 'malformed', text: read.malformed }
            : { kind: 'response', response: read },
        );
      })
      .on('error', (error: Error) => this.#closed(error))
      .on('end', () => this.#closed(undefined))
      .on('close', () => this.#closed(undefined));
    this.#tap?.on('error', (error) => this.#closed(error));
  }

  #keep(line: Buffer): void {
    const [label, , secret = ''] = line.toString('latin1').trim().split(' ');
    if (label === 'SERVER_HANDSHAKE_TRAFFIC_SECRET') this.#secret = Buffer.from(secret, 'hex');
  }

  #closed(error: Error | undefined): void {
    const response = this.#response.end();
    // A failure of TCP explains what TLS can only call an early end.
    if (response === undefined) this.#end({ kind: 'closed', error: this.#tap?.failure ?? endOf(error) });
    else this.#end({ kind: 'response', response });
  }

  #end(why: Ending['why']): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    const wire = this.#tap?.received() ?? Buffer.alloc(0);
    const seen = readTranscript(wire, this.#secret);
    const ending: Ending = {
      phase: this.#phase(),
      why,
      certificateSeen: seen.authorities !== undefined && seen.protocol !== 'TLSv1.3',
      plainHttp: wire.toString('latin1', 0, 5) === 'HTTP/',
    };
    // Null, whatever the types say, once a reset has taken the socket away (_tls_wrap.js).
    const suite = this.#tls.getCipher() as CipherNameAndProtocol | null;
    const cipher = this.#secured ? suite?.standardName : undefined;
    this.#tls.destroy();
    this.#tap?.destroy();
    const result = {
      presented: seen.certificates ?? [],
      protocol: seen.protocol,
      cipher,
      localAddress: this.#localAddress,
      acceptableAuthorities: seen.authorities,
      ...resultOf(ending, this.#target),
    };
    this.#resolve({ ending, result });
  }

  #phase(): Phase {
    if (!this.#connected) return 'dialling';
    if (!this.#secured) return 'handshake';
    return this.#response.silent ? 'asking' : 'answering';
  }
}

/** Node's word for an end of the stream during the handshake (_tls_wrap.js onConnectEnd): an end, no failure. */
function endOf(error: Error | undefined): Error | undefined {
  return error?.message.startsWith('Client network socket disconnected') ? undefined : error;
}

function requestBytes({ host, port, serverName, request }: ProbeTarget): string {
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`,
    `Host: ${hostPort(serverName ?? host, port)}`,
    'User-Agent: kubetls',
    'Connection: close',
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...bodyLines(request),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${request.body ?? ''}`;
}

function bodyLines({ body }: ProbeRequest): string[] {
  return body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
}
