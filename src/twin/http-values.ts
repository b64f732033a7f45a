/** A request as the components' answers see it: no sockets. */
export interface TwinRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Names in lower case; each with all its values, in order. */
export type Headers = Readonly<Record<string, readonly string[] | undefined>>;

export interface TwinResponse {
  readonly status: number;
  readonly type: 'application/json' | 'text/plain; charset=utf-8';
  readonly body: string;
}

export function json(value: unknown, status = 200): TwinResponse {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

export function text(body: string, status = 200): TwinResponse {
  return { status, type: 'text/plain; charset=utf-8', body };
}

/** Go's http.NotFound. */
export function notFound(): TwinResponse {
  return text('404 page not found\n', 404);
}

/** A metav1.Status that says no. */
export function failureStatus(
  code: number,
  reason: string,
  message: string,
  details: Readonly<Record<string, string>> = {},
): TwinResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return json(
    { ...status, message, reason, ...(Object.keys(details).length > 0 && { details }), code },
    code,
  );
}

export function unauthorized(): TwinResponse {
  return failureStatus(401, 'Unauthorized', 'Unauthorized');
}
