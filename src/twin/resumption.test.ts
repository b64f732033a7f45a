import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';

let fixture: TwinFixture;
beforeAll(async () => (fixture = await twinFixture()));
afterAll(() => fixture.end());

interface Seen {
  readonly socket: TLSSocket;
  readonly shown: string;
  /** What it may resume with; TLS 1.3 sends it after the handshake, with the answer at the latest. */
  readonly session: Buffer | undefined;
}

/** Until the answer to a request. */
function dial(version: 'TLSv1.2' | 'TLSv1.3', resumed?: Buffer): Promise<Seen> {
  const { host, port } = fixture.twin.address('kube-apiserver@master');
  const versions = { minVersion: version, maxVersion: version };
  return new Promise((resolve, reject) => {
    let session: Buffer | undefined;
    const options = { host, port, rejectUnauthorized: false, ...versions };
    const socket = connect({ ...options, ...(resumed && { session: resumed }) });
    socket.on('session', (one: Buffer) => (session = one)).once('error', reject);
    socket.once('data', () =>
      resolve({ socket, session, shown: socket.getPeerCertificate().fingerprint256 }),
    );
    socket.write('GET /version HTTP/1.1\r\nHost: x\r\n\r\n');
  });
}

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'whoever brings a session of %s along is served, by a handshake that shows the certificates',
  async (version) => {
    const first = await dial(version);
    const session = first.session ?? first.socket.getSession();
    first.socket.destroy();
    expect(session).toBeDefined();
    const { socket, shown } = await dial(version, session);
    expect(socket.isSessionReused()).toBe(false);
    expect(shown).toBe(first.shown);
    socket.destroy();
  },
);
