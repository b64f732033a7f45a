import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { type EtcdCluster, startEtcdCluster } from '../../test/real/etcd-cluster.ts';
import { type EtcdLogLine, tlsErrors } from '../../test/real/etcd-member.ts';
import { has, type Made } from '../../test/tls/openssl.ts';
import type { OpensslState } from '../../test/tls/openssl-state.ts';
import { credentialOf, get, type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';
import { probe, type ProbeResult } from '../probe/index.ts';

const tools = await realTools();

describe.skipIf('missing' in tools || !has('openssl'))(
  'the twin of etcd beside the real etcd (needs etcd and openssl)',
  () => {
    let fixture: TwinFixture;
    let real: EtcdCluster;
    beforeAll(async () => {
      fixture = await twinFixture();
      if ('missing' in tools) return;
      const at = (name: string): string => path.join(fixture.state.directory, name);
      const loopback = [
        'extendedKeyUsage=serverAuth,clientAuth',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
      ];
      const own = fixture.state.leaf('etcd', '/CN=master', loopback);
      fixture.state.write('own.crt', own.certificate);
      fixture.state.write('own.key', own.key);
      const pair = { cert: at('own.crt'), key: at('own.key'), trustedCa: at('authorities/etcd/g1/ca.crt') };
      const peer = { peerCert: pair.cert, peerKey: pair.key, peerTrustedCa: pair.trustedCa };
      real = await startEtcdCluster(tools, [{ name: 'master', tls: { ...pair, ...peer } }]);
      await real.waitReady();
    });
    afterAll(async () => {
      await real?.stop();
      await fixture.end();
    });

    type Case = readonly [name: string, made: (state: OpensslState) => Made | undefined];
    const cases: readonly Case[] = [
      ['none', () => undefined],
      ['a good one', (state) => state.leaf('etcd', '/CN=good')],
      ['one of another authority', (state) => state.leaf('cluster', '/CN=stranger')],
      ['one whose life is over', (state) => state.leaf('etcd', '/CN=late', undefined, -1)],
      ['one for servers', (state) => state.leaf('etcd', '/CN=server', ['extendedKeyUsage=serverAuth'])],
      ['one of another address', (state) => state.leaf('etcd', '/CN=away', AWAY)],
      [
        'one with a critical extension',
        (state) => state.leaf('etcd', '/CN=odd', ['1.2.3.4=critical,DER:0500']),
      ],
    ];
    const AWAY = ['extendedKeyUsage=clientAuth', 'subjectAltName=IP:192.0.2.1'];

    /** What an operator would notice: how it ends, with which words, and whom the server says it trusts. */
    function noticed({ result, acceptableAuthorities, protocol }: ProbeResult): object {
      const names = acceptableAuthorities?.map((der) => Buffer.from(der).toString('hex'));
      // A connection that is cut ends in good order or with a reset, as the kernels' timing has it.
      const how = result.kind === 'refused' && result.how === 'closed' ? { kind: 'cut' } : result;
      return { how, names, protocol };
    }

    describe.each(['client', 'peer'] as const)('%s port', (port) => {
      describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
        it.each(cases)('answers %s as the real one does', async (_, made) => {
          const shown = made(fixture.state);
          const [member] = real.members;
          const target = {
            host: '127.0.0.1',
            port: Number(new URL(member?.[port] ?? '').port),
            request: get('/version'),
          };
          const options = { timeout: 5_000, minVersion: version, maxVersion: version };
          const truth = await probe(target, shown && credentialOf(shown), options);
          const id = port === 'peer' ? 'etcd-peer@master' : 'etcd@master';
          const twin = await fixture.ask(id, shown, { version });
          expect(truth.result.kind).not.toBe('unreachable');
          expect(noticed(twin)).toEqual(noticed(truth));
        });
      });
    });

    it('logs what the real one logs', async () => {
      // The last words are a resolver's, which differ from machine to machine, and the clock's.
      const plain = ({ msg, error }: EtcdLogLine): string =>
        `${msg}: ${error}`.replace(/ \(lookup .*|current time \S+ is after \S+/, '');
      const texts = (lines: readonly EtcdLogLine[]): string[] => [...new Set(lines.map(plain))].toSorted();
      const truth = texts(real.members.flatMap((member) => member.tlsErrors()));
      expect(truth.length).toBeGreaterThan(8);
      expect(texts(tlsErrors(fixture.twin.log.map(({ text }) => text).join('\n')))).toEqual(truth);
    });
  },
);
