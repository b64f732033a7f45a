/**
 * What programs print of each alert that the other side sends: as clients and as servers in a handshake, and as
 * clients of a Go server that refuses their certificate. And what a Go server logs when they refuse its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer, DAY } from '../../src/base/index.ts';
import {
  alertHeard,
  clientHears,
  type Family,
  judge,
  KNOWN_ALERTS,
  serverHears,
} from '../../src/families/index.ts';
import { NO_CERTIFICATE } from '../../src/verify/index.ts';
import type { Certificate } from '../../src/x509/index.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, rootDraft, san } from '../judges/mint.ts';
import { DIALS, nodeText, opensslAlert } from './families/dialling.ts';
import { base64, keyPem, pemOf } from './families/judged.ts';
import { alertRecord, alertServer, type GoServers, goServers } from './families/listeners.ts';
import type { Shown } from './oracle.ts';

const tools = await realTools();
const has = (program: string) => spawnSync(program, ['-version'], { stdio: 'ignore' }).error === undefined;
const PROGRAMS = { openssl: 'openssl', curl: 'curl', node: 'node', python: 'python3', java: 'java' } as const;
const FAMILIES = Object.entries(PROGRAMS) as readonly (readonly [keyof typeof PROGRAMS, string])[];

const NAME = 'kubernetes';
/** Programs go by the clock of the machine. */
const now = Date.now();
const valid = { notBefore: now - DAY, notAfter: now + 300 * DAY };
const own = { ...rootDraft('own', keyOf('own')), ...valid };
const other = { ...rootDraft('other', keyOf('other')), ...valid };
const root = mint(own);
const key = keyOf('leaf');
const leaf = (changes: Partial<Draft>, parent = own) =>
  mint({ ...leafDraft(nameOf('it'), key, parent, [NAME]), ...valid, ...changes });
const goodLeaf = leaf({});
const expired = { notAfter: now - 1_000 };
const client = { extendedKeyUsage: ['clientAuth'] } as const;

function served(certificate: Certificate): Shown {
  const secret = asBuffer(key.pkcs8.reveal()).toString('base64');
  return { chain: [base64(certificate)], key: secret, roots: [base64(root)] };
}

describe.each(FAMILIES)('alerts: %s as a client (needs %s)', (family, program) => {
  it.skipIf(!has(program))(
    'prints each so, in a handshake',
    async () => {
      const servers = await Promise.all(KNOWN_ALERTS.map(alertServer));
      const heard = await DIALS[family](servers.map(({ port }) => ({ port, name: NAME })));
      for (const server of servers) server.close();
      expect(heard).toEqual(KNOWN_ALERTS.map((alert) => alertHeard(family, alert, 'handshake')));
    },
    120_000,
  );
});

describe.skipIf('missing' in tools).each(FAMILIES)(
  'alerts: %s and Go (needs %s and Go)',
  (family, program) => {
    let servers: GoServers;
    beforeAll(() => (servers = goServers('missing' in tools ? '' : tools.oracle)));
    afterAll(() => servers?.close());

    it.skipIf(!has(program))(
      'prints so what a Go server thinks of its certificate',
      async () => {
        const port = await servers.listen(served(goodLeaf), { version: '1.3', demands: true });
        const shown = [
          leaf(client, other),
          leaf({ ...client, ...expired }),
          leaf({}),
          leaf({ ...client, tampered: true }),
        ];
        const heard = await DIALS[family](
          shown.map((one) => ({ port, name: NAME, shown: { leaf: one, key } })),
        );
        const ours = shown.map((one) => {
          const request = {
            leaf: one,
            intermediates: [],
            roots: [root],
            at: Date.now(),
            usage: 'client',
          } as const;
          const answer = judge('go', request);
          return answer.ok === false ? clientHears(family, request, answer.error) : '';
        });
        expect(heard).toEqual(ours);
        expect(new Set(heard).size).toBeGreaterThanOrEqual(3);
      },
      120_000,
    );

    it.skipIf(!has(program))('prints so that it should have shown one', async () => {
      const port = await servers.listen(served(goodLeaf), { version: '1.3', demands: true });
      expect(await DIALS[family]([{ port, name: NAME }])).toEqual([alertHeard(family, 116, 'content')]);
      expect(await servers.heard(port)).toBe(NO_CERTIFICATE);
    });

    it.skipIf(!has(program))(
      'makes a Go server log this when it refuses its certificate',
      async () => {
        const refused = [
          leaf({}, other),
          leaf(expired),
          leaf(client),
          leaf({ tampered: true }),
          leaf({ names: [san('nobody.example')] }),
        ];
        const ports = await Promise.all(
          refused.map((one) => servers.listen(served(one), { version: '1.3', demands: false })),
        );
        await DIALS[family](ports.map((port) => ({ port, name: NAME, root })));
        const heard = await Promise.all(ports.map((port) => servers.heard(port)));
        const ours = refused.map((one) => {
          const question = { leaf: one, intermediates: [], roots: [root], at: now, usage: 'server' } as const;
          const answer = judge(family, { ...question, name: NAME });
          return answer.ok === false ? (serverHears(family, answer) ?? '') : 'accepted';
        });
        expect(heard).toEqual(ours);
      },
      120_000,
    );
  },
);

let hello: Buffer;
beforeAll(async () => {
  hello = await clientHello();
});

describe('alerts: servers', () => {
  const heardBy = (family: Family) => KNOWN_ALERTS.map((alert) => alertHeard(family, alert, 'handshake'));

  it.skipIf('missing' in tools)('Go logs each so (needs Go)', async () => {
    const servers = goServers('missing' in tools ? '' : tools.oracle);
    const port = await servers.listen(served(goodLeaf), { version: '1.2', demands: false });
    const heard: string[] = [];
    for (const alert of KNOWN_ALERTS) {
      await sendTo(port, alert);
      heard.push(await servers.heard(port));
    }
    servers.close();
    expect(heard).toEqual(heardBy('go'));
  });

  it('Node logs each so', async () => {
    const heard: string[] = [];
    const server = tls.createServer({ cert: pemOf([goodLeaf]), key: keyPem(key) });
    server.on('tlsClientError', (error) => heard.push(nodeText(error)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    for (const alert of KNOWN_ALERTS) await sendTo(portOf(server), alert);
    server.close();
    expect(heard).toEqual(heardBy('node'));
  });

  it.skipIf(!has('openssl'))('openssl s_server logs each so (needs openssl)', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubetls-alerts-'));
    const pair = join(directory, 'pair.pem');
    writeFileSync(pair, pemOf([goodLeaf]) + keyPem(key));
    const text = await serverLog(pair).finally(() => rmSync(directory, { recursive: true }));
    const lines = text.split('\n').filter((line) => line.includes('SSL alert number'));
    expect(lines.map(opensslAlert)).toEqual(heardBy('openssl'));
  });
});

/** Answers what the server on the port first says with this alert; waits until it hangs up. */
function sendTo(port: number, alert: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(hello));
    socket.once('data', () => socket.end(alertRecord(alert)));
    socket.on('error', () => {}).on('close', () => resolve());
  });
}

/** The first record of a client of TLS 1.2, in which a client's alert is not encrypted. */
async function clientHello(): Promise<Buffer> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dialling = tls.connect({ port: portOf(server), host: '127.0.0.1', maxVersion: 'TLSv1.2' });
  dialling.on('error', () => {});
  const socket = await new Promise<net.Socket>((resolve) => server.once('connection', resolve));
  const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  for (const end of [dialling, socket]) end.destroy();
  server.close();
  return first;
}

function portOf(server: net.Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return (server.address() as AddressInfo).port;
}

/** What s_server prints of each alert. */
async function serverLog(pair: string): Promise<string> {
  const count = String(KNOWN_ALERTS.length);
  const args = ['s_server', '-accept', '127.0.0.1:0', '-naccept', count, '-cert', pair, '-key', pair];
  const server = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  server.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const port = await new Promise<number>((resolve) => {
    server.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const found = /ACCEPT .*:(\d+)/.exec(chunk)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  for (const alert of KNOWN_ALERTS) await sendTo(port, alert);
  await ended;
  return text;
}
