import type { Instant } from '../base/index.ts';
import type { Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { alertOfClient, alertOfServer, alertOfSigner, alertText, type GoRules } from '../verify/index.ts';
import { quote } from '../x509/index.ts';
import { anchorsOfFiles } from './anchors.ts';
import { authenticationError } from './authentication.ts';
import { clientSide } from './client-side.ts';
import { serverLoader } from './loaders.ts';
import type { Chain } from './pair.ts';
import type { Verdict } from './types.ts';

/** What a program writes into its log of an edge that fails. `…` stands for what differs from line to line. */
export interface LogLine {
  /** `kube-apiserver@master`: the endpoint, or the client. */
  readonly component: string;
  readonly text: string;
}

/**
 * The lines to look for on both sides of an edge that is refused: the endpoint's first, as far as it writes
 * one. None for what is wrong with files: the program that reads them says so at its start.
 */
export function logLines(
  edge: Edge,
  inventory: Inventory,
  verdict: Pick<Verdict, 'server' | 'client'>,
  { at, rules }: { readonly at: Instant; readonly rules?: GoRules | undefined },
): readonly LogLine[] {
  const { endpoint } = edge;
  const lines = (there: string | undefined, here: string | undefined): LogLine[] => [
    ...(there === undefined ? [] : [{ component: endpoint.id, text: there }]),
    ...(here === undefined ? [] : [{ component: edge.client.name, text: here }]),
  ];
  const { server, client } = verdict;
  if (server.error !== undefined) {
    const unsigned = alertOfSigner(server.error);
    if (unsigned !== undefined) return lines(handshakeFailed(endpoint, server.error), alertText(unsigned));
    if (!HANDSHAKE.test(server.error)) return [];
    return lines(handshakeFailed(endpoint, alertText(alertOfClient(server.error))), server.error);
  }
  if (client.error === undefined) return [];
  const unsigned = alertOfSigner(client.error);
  if (unsigned !== undefined) return lines(handshakeFailed(endpoint, alertText(unsigned)), client.error);
  if (HANDSHAKE.test(client.error)) {
    const answer = alertText(alertOfServer(client.error, true));
    return lines(handshakeFailed(endpoint, client.error), answer);
  }
  // etcd ends the connection of a peer from elsewhere without a word (listener_tls.go, acceptLoop).
  if (endpoint.clients.verified === 'handshake') {
    return /^(x509|tls): /.test(client.error)
      ? lines(handshakeFailed(endpoint, client.error), undefined)
      : [];
  }
  const { presents } = clientSide(edge, inventory, rules);
  const error =
    presents.kind === 'pair' ? refusedBy(endpoint, presents.chain, inventory, { at, rules }) : undefined;
  const there = error === undefined ? undefined : `${unauthenticated(endpoint)} err=${quote(error)}`;
  const unauthorized = error !== undefined || client.error.startsWith('x509: ');
  return lines(there, unauthorized ? 'Unauthorized' : client.error);
}

/** Refusals in the handshake, which the other side learns by an alert. */
const HANDSHAKE =
  /^tls: (failed to (verify|parse) |.* sent certificate containing RSA key |client didn't provide )/;

/** net/http server.go, and etcd's server/embed/config_logging.go (a line of JSON). */
function handshakeFailed({ component, port }: Endpoint, text: string): string {
  return component === 'etcd'
    ? `"msg":"rejected connection on ${port} endpoint",…,"error":${JSON.stringify(text)}`
    : `http: TLS handshake error from …: ${text}`;
}

/** apiserver pkg/endpoints/filters/authentication.go; kubernetes pkg/kubelet/server/server.go. */
function unauthenticated({ component }: Endpoint): string {
  const error = component === 'kubelet' ? ' due to an error' : '';
  return quote(`Unable to authenticate the request${error}`);
}

/** What the component says of this chain; undefined also when its own anchors cannot be read. */
function refusedBy(
  { component, clients: { anchors, frontProxy } }: Endpoint,
  chain: Chain,
  inventory: Inventory,
  moment: { readonly at: Instant; readonly rules?: GoRules | undefined },
): string | undefined {
  const loader = serverLoader(component);
  const own = anchorsOfFiles(anchors, inventory, loader, moment.rules);
  if (own.kind === 'broken') return undefined;
  const proxies = frontProxy && anchorsOfFiles([frontProxy.anchors], inventory, loader, moment.rules);
  const proxy =
    frontProxy && proxies?.kind === 'anchors'
      ? { roots: proxies.pool, allowedNames: frontProxy.allowedNames }
      : undefined;
  return authenticationError(chain, { roots: own.pool, frontProxy: proxy }, moment);
}
