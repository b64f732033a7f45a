/** What both sides of a handshake print of a refusal (crypto/tls), when both are programs of Go. */
import { clientDirection, serverDirection } from '../../trust/index.ts';
import { alertOfClient, alertOfServer, alertOfSigner, alertText, createPool } from '../../verify/index.ts';
import { certificatesOf, type Given } from './material.ts';
import type { Report } from './report.ts';

export interface HandshakeWords {
  readonly client: string;
  readonly server: string;
}

/** In TLS 1.3, with a server that verifies in the handshake. Undefined when nobody refuses, or either side might. */
export function handshakeWords(report: Report): HandshakeWords | undefined {
  const ofServer = report.usage === 'server';
  const error = report.usage === 'any' ? undefined : refusal(report, ofServer);
  if (error === undefined) return undefined;
  const unsigned = alertOfSigner(error);
  const answer = alertText(unsigned ?? (ofServer ? alertOfClient(error) : alertOfServer(error, true)));
  // Who cannot sign with its own key says so itself.
  const saidByServer = ofServer === (unsigned !== undefined);
  return saidByServer ? { client: answer, server: error } : { client: error, server: answer };
}

function refusal({ asked, stage, error }: Report, ofServer: boolean): string | undefined {
  if (error === undefined) return undefined;
  if (stage === 'parse-leaf' || stage === 'parse-intermediate') {
    return `tls: failed to parse ${ofServer ? 'certificate from server' : 'client certificate'}: ${error}`;
  }
  const [leaf, ...intermediates] = plain([...asked.leaf, ...asked.intermediates]);
  const chain = { leaf: leaf!, intermediates, unreadable: undefined };
  const roots = createPool(plain(asked.roots));
  const moment = { at: asked.at, rules: asked.release?.rules };
  const direction = ofServer
    ? serverDirection(chain, roots, asked.name ?? '', moment)
    : clientDirection(chain, roots, 'handshake', moment);
  return direction.error;
}

function plain(given: readonly Given[]) {
  return certificatesOf(given, new Map());
}
