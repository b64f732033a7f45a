import { KubetlsError } from '../base/index.ts';
import type { ApiRequest, Json, KubeCode, KubeError } from './types.ts';

/** Enough for what a person reads; a Status may quote the object that it refuses. */
const LONGEST_MESSAGE = 2_000;

const CODES: Readonly<Record<number, KubeCode>> = {
  401: 'kube/unauthorized',
  403: 'kube/forbidden',
  404: 'kube/not-found',
  409: 'kube/conflict',
  410: 'kube/gone',
  422: 'kube/invalid',
  429: 'kube/throttled',
};

function codeOfStatus(status: number): KubeCode {
  return CODES[status] ?? (status >= 500 ? 'kube/server' : 'kube/refused');
}

/** The server's own words: its Status (apimachinery pkg/apis/meta/v1/types.go), or else what else it sent. */
export function refusalOf(status: number, body: string, { method, path }: Asked): KubeError {
  const asked = `${method} ${path.split('?', 1)[0]}`;
  return refusal(status, statusMessage(parsed(body)) ?? plainText(body), asked);
}

type Asked = Pick<ApiRequest, 'method' | 'path'>;

/** A Status that came as an event of a watch. */
export function refusalInEvent(object: Json | undefined, path: string): KubeError {
  const code = isObject(object) && typeof object['code'] === 'number' ? object['code'] : 500;
  return refusal(code, statusMessage(object) ?? '', `watching ${path.split('?', 1)[0]}`);
}

function refusal(status: number, said: string, asked: string): KubeError {
  const message = said === '' ? `${asked}: the server answered ${status}` : `${asked}: ${shortened(said)}`;
  const hint = HINTS[status];
  return new KubetlsError<KubeCode>({
    code: codeOfStatus(status),
    message,
    where: { path: `HTTP ${status}` },
    ...(hint !== undefined && { hint }),
  });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'the server does not take this credential: kubetls kubeconfig doctor --ask-server',
  403: 'the server knows this user, and its roles do not allow it: kubectl auth can-i --list',
};

function statusMessage(value: Json | undefined): string | undefined {
  if (!isObject(value) || value['kind'] !== 'Status') return undefined;
  const { message, reason } = value;
  if (typeof message === 'string' && message !== '') return message;
  return typeof reason === 'string' ? reason : undefined;
}

/** A proxy's page is no text for people. */
function plainText(body: string): string {
  return /^\s*</.test(body) ? '' : body.trim();
}

function shortened(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}

function parsed(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
