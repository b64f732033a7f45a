import { alertText } from '../verify/index.ts';
import { alertNumber } from './alerts.ts';
import { closeText, dialText, hostPort, isConnectionLoss, tlsText } from './go-words.ts';
import type { HttpResponse } from './http-response.ts';
import type { ProbeRequest, ProbeResult, ProbeTarget } from './types.ts';

/** How far a connection came before it ended. */
export type Phase = 'dialling' | 'handshake' | 'asking' | 'answering';

/** The facts of an ended connection, from which the result is read. */
export interface Ending {
  readonly phase: Phase;
  readonly why:
    | { readonly kind: 'response'; readonly response: HttpResponse }
    | { readonly kind: 'malformed'; readonly text: string }
    | { readonly kind: 'timeout' }
    | { readonly kind: 'aborted' }
    /** `error` undefined: the other side ended the connection in good order. */
    | { readonly kind: 'closed'; readonly error: Error | undefined };
  /** TLS 1.2 and the server had asked for a certificate: it has seen ours before the handshake ended. */
  readonly certificateSeen: boolean;
  readonly plainHttp: boolean;
}

type Answer = Pick<ProbeResult, 'result' | 'groups' | 'body'>;

/** Pure: what an ending says, in the words of Go's net, crypto/tls and net/http. */
export function resultOf(ending: Ending, target: ProbeTarget): Answer {
  const { phase, why } = ending;
  if (why.kind === 'response') return answerOf(why.response, target.request);
  if (why.kind === 'malformed') return unreachable(why.text);
  if (why.kind === 'aborted') return unreachable('context canceled');
  if (why.kind === 'timeout') return unreachable(TIMEOUTS[phase](target));
  const alert = why.error && alertNumber(why.error);
  if (alert !== undefined) return refused('alert', alertText(alert));
  if (ending.plainHttp) return unreachable('http: server gave HTTP response to HTTPS client');
  if (phase === 'dialling') return unreachable(dialText(why.error, target.host, target.port));
  if (why.error !== undefined && !isConnectionLoss(why.error)) {
    return unreachable(tlsText(why.error));
  }
  const cut = phase === 'asking' || (phase === 'handshake' && ending.certificateSeen);
  return cut ? refused('closed', closeText(why.error)) : unreachable(closeText(why.error));
}

/** Whether the bytes below TLS could say more: a close may hide an alert, a certificate seen, or plain HTTP. */
export function hidesMore({ phase, why }: Ending): boolean {
  return (
    why.kind === 'closed' &&
    phase !== 'dialling' &&
    (why.error === undefined || alertNumber(why.error) === undefined)
  );
}

const TIMEOUTS: Readonly<Record<Phase, (target: ProbeTarget) => string>> = {
  dialling: ({ host, port }) => `dial tcp ${hostPort(host, port)}: i/o timeout`,
  handshake: () => 'net/http: TLS handshake timeout',
  asking: () => 'net/http: timeout awaiting response headers',
  answering: () => 'context deadline exceeded (Client.Timeout or context cancellation while reading body)',
};

function refused(how: 'alert' | 'closed', text: string): Answer {
  return { result: { kind: 'refused', how, text }, groups: [] };
}

function unclear(status: number, text: string): Answer {
  return { result: { kind: 'unclear', status, text: `HTTP ${status}: ${text}` }, groups: [] };
}

function unreachable(text: string): Answer {
  return { result: { kind: 'unreachable', text }, groups: [] };
}

function answerOf({ status, body }: HttpResponse, request: ProbeRequest): Answer {
  const json = parsed(body);
  if (status === 401 || status === 403) {
    return { result: { kind: 'denied', status, text: textOf(json, body, status) }, groups: [] };
  }
  const user = field(field(json, 'status'), 'userInfo');
  const username = field(user, 'username');
  const groups = field(user, 'groups');
  if (request.accepts?.includes(status) === false) return unclear(status, textOf(json, body, status));
  if (request.namesUser === true && typeof username !== 'string') {
    return unclear(status, 'the answer names no user');
  }
  return {
    result: { kind: 'accepted', status, identity: typeof username === 'string' ? username : undefined },
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    ...(request.keep !== undefined && { body }),
  };
}

/** `message` of a Kubernetes Status, else the body's first line. */
function textOf(json: unknown, body: string, status: number): string {
  const message = field(json, 'message');
  if (typeof message === 'string') return message;
  return body.trim().split('\n', 1)[0]?.slice(0, 256) || `HTTP status ${status}`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
