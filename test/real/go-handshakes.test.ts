/**
 * What both sides of a Go handshake print when one of them refuses the other's chain, and what we predict:
 * TLS 1.2 and 1.3. Each run has a seed of its own; KUBETLS_SEED repeats one.
 */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer, KubetlsError } from '../../src/base/index.ts';
import { chainOf, clientDirection, serverDirection } from '../../src/trust/index.ts';
import {
  alertOfClient,
  alertOfServer,
  alertOfSigner,
  alertText,
  createPool,
  goRules,
  newestRules,
  NO_CERTIFICATE,
  parseRefusal,
  unfitKey,
} from '../../src/verify/index.ts';
import { type Certificate, parseCertificate, type PrivateKey, readPrivateKey } from '../../src/x509/index.ts';
import { hugeKey } from '../judges/huge-key.ts';
import { type Draft, keyOf, leafDraft, mintDer, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { chanceOf } from './chance.ts';
import { type Case, caseOf } from './differential.ts';
import { kubernetesScene } from './kubernetes-chains.ts';
import { goHandshake, type HandshakeQuestion, type Shown } from './oracle.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

type Side = 'server' | 'client';

interface Trial {
  readonly shown: Case;
  /** Whose chain it is. The other side's is good, at any time. */
  readonly by: Side;
  readonly key: PrivateKey;
  readonly version: '1.2' | '1.3';
}

const base64 = (der: Uint8Array) => asBuffer(der).toString('base64');
const keyText = (key: PrivateKey) => base64(key.pkcs8.reveal());

const goodRoot = endless(rootDraft('good', keyOf('good root')));
const goodLeaf = endless(leafDraft(nameOf('good'), keyOf('good leaf'), goodRoot, ['good']));
goodLeaf.extendedKeyUsage = ['serverAuth', 'clientAuth'];
const good = { root: mintDer(goodRoot), leaf: mintDer(goodLeaf), key: goodLeaf.key };

function endless(draft: Draft): Draft {
  return { ...draft, notBefore: Date.UTC(2000, 0), notAfter: Date.UTC(2049, 0) };
}

/** RSA of 512, 768 and 1016 bits, which is too short since Go 1.24, of 1024, and P-224. */
function unfitKeys(): readonly PrivateKey[] {
  const rsa = [512, 768, 1016, 1024].map((modulusLength) => generateKeyPairSync('rsa', { modulusLength }));
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-224' });
  return [...rsa, curve].map(({ privateKey }) =>
    readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'der' })),
  );
}

function trialOf(number: number): Trial {
  const chance = chanceOf(number);
  const scene = kubernetesScene(chance);
  // A client of crypto/tls dials nobody without a name.
  const by = scene.name === '' ? 'client' : chance.pick(['server', 'server', 'client'] as const);
  if (chance.oneIn(2)) scene.leaf.extendedKeyUsage = [by === 'server' ? 'serverAuth' : 'clientAuth'];
  const { key } = scene.leaf;
  return { shown: caseOf(scene), by, key, version: chance.pick(['1.2', '1.3']) };
}

function questionOf({ shown, by, key, version }: Trial): HandshakeQuestion {
  const chain = [shown.leaf, ...shown.intermediates].map(base64);
  const trial: Shown = { chain, key: keyText(key), roots: [base64(good.root)] };
  const other: Shown = {
    chain: [base64(good.leaf)],
    key: keyText(good.key),
    roots: shown.roots.map(base64),
  };
  const [server, client] = by === 'server' ? [trial, other] : [other, trial];
  const name = by === 'server' ? shown.name : 'good';
  return { at: new Date(shown.at).toISOString(), name, handshake: { server, client, version } };
}

function read(der: Uint8Array): Certificate | string {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof KubetlsError) return parseRefusal(error);
    throw error;
  }
}

const isCertificate = (value: Certificate | string) => typeof value !== 'string';

/** What the side prints that is shown the chain, and what the one that shows it is told. */
function predicted(
  { shown, by, key, version }: Trial,
  rules = newestRules,
): { server: string; client: string } | undefined {
  const leaf = read(shown.leaf);
  // A leaf that cannot be read: no component serves or presents one (tls.X509KeyPair). Whoever cannot sign says
  // so in other words in TLS 1.2, which no component speaks when it need not.
  const unfit = unfitKey(key.publicKey, rules);
  if (!isCertificate(leaf) || (unfit && version === '1.2')) return undefined;
  const chain = chainOf(leaf, shown.intermediates.map(read));
  const pool = createPool(shown.roots.map(read).filter(isCertificate));
  const moment = { at: shown.at, rules };
  if (by === 'client') {
    const { error: server = '' } = clientDirection(chain, pool, 'handshake', moment);
    const signer = alertOfSigner(server);
    if (signer !== undefined) return { server: alertText(signer), client: server };
    const told = server && alertText(alertOfServer(server, version === '1.3'));
    return { server, client: unfit?.error ?? told };
  }
  const { error: client = '' } = serverDirection(chain, pool, shown.name, moment);
  const signer = alertOfSigner(client);
  if (signer !== undefined) return { server: client, client: alertText(signer) };
  return { server: unfit?.error ?? (client && alertText(alertOfClient(client))), client };
}

describe.skipIf('missing' in tools)(`handshakes of Go (needs Go; KUBETLS_SEED=${seed})`, () => {
  const oracle = 'missing' in tools ? '' : tools.oracle;

  it.each(['1.2', '1.3'] as const)('TLS %s, nothing shown', async (version) => {
    const [root, leaf] = [base64(good.root), base64(good.leaf)];
    const side: Shown = { chain: [leaf], key: keyText(good.key), roots: [root] };
    const ask = (client: Shown): HandshakeQuestion => ({
      at: new Date(NOW).toISOString(),
      name: 'good',
      handshake: { server: side, client, version },
    });
    const [well, nothing] = await goHandshake(oracle, [ask(side), ask({ ...side, chain: [] })]);
    expect(well).toMatchObject({ ok: true, error: '' });
    expect(nothing).toMatchObject({
      server: NO_CERTIFICATE,
      client: alertText(alertOfServer(NO_CERTIFICATE, version === '1.3')),
    });
  });

  it.each([
    [37, undefined],
    [31, 'rsa1024min=0'],
  ])('keys that cannot sign, by the rules of Kubernetes 1.%i', async (minor, godebug) => {
    const other = endless(rootDraft('other', keyOf('other root')));
    const trials = unfitKeys().flatMap((key) =>
      (['server', 'client'] as const).flatMap((by) =>
        [goodRoot, other].map((issuer): Trial => {
          const leaf = endless(leafDraft(nameOf('unfit'), key, issuer, ['good']));
          leaf.extendedKeyUsage = [by === 'server' ? 'serverAuth' : 'clientAuth'];
          const question = {
            intermediates: [],
            roots: [good.root],
            at: NOW,
            usage: by,
            name: 'good',
          } as const;
          return {
            shown: { id: key.publicKey.name, leaf: mintDer(leaf), ...question },
            by,
            key,
            version: '1.3',
          };
        }),
      ),
    );
    const go = await goHandshake(oracle, trials.map(questionOf), godebug);
    const ours = trials.map((trial) => predicted(trial, goRules(minor)));
    expect(ours).toEqual(go.map(({ server, client }) => ({ server, client })));
    expect(ours.filter((one) => one?.server !== '').length).toBeGreaterThan(trials.length / 2);
  });

  it('what is sent is read and measured one after the other', async () => {
    const large = { ...rootDraft('large', keyOf('large')), key: { ...keyOf('large'), publicKey: hugeKey() } };
    const rest = { large: mintDer(large), broken: Uint8Array.of(0x30, 0x00), sound: good.root };
    const orders: readonly (readonly (keyof typeof rest)[])[] = [
      ['large'],
      ['sound', 'large', 'broken'],
      ['sound', 'broken', 'large'],
    ];
    const trials = orders.flatMap((order) =>
      (['server', 'client'] as const).map((by): Trial => {
        const intermediates = order.map((one) => rest[one]);
        const question = { roots: [good.root], at: NOW, usage: by, name: 'good' } as const;
        const shown = { id: order.join(), leaf: good.leaf, intermediates, ...question };
        return { shown, by, key: good.key, version: '1.3' };
      }),
    );
    const go = await goHandshake(oracle, trials.map(questionOf));
    expect(trials.map((trial) => predicted(trial))).toEqual(
      go.map(({ server, client }) => ({ server, client })),
    );
    const texts = go.flatMap(({ server, client }) => [server, client]);
    expect(texts.filter((text) => text.includes('larger than 8192 bits'))).toHaveLength(4);
    expect(texts.filter((text) => text.includes('failed to parse'))).toHaveLength(2);
  });

  it('600 with faults: both sides print what we say', async () => {
    const trials = Array.from({ length: 600 }, (_, i) => trialOf(seed * 1_000 + i));
    const go = await goHandshake(oracle, trials.map(questionOf));
    const differing = trials.flatMap((trial, i) => {
      const ours = predicted(trial);
      const { error, server, client } = go[i]!;
      if (!ours || error !== '') return [];
      return ours.server === server && ours.client === client
        ? []
        : [{ id: trial.shown.id, by: trial.by, version: trial.version, ours, go: { server, client } }];
    });
    expect(differing).toEqual([]);
    expect(go.some(({ ok }) => ok)).toBe(true);
    const told = new Set(go.flatMap(({ server, client }) => [`server: ${server}`, `client: ${client}`]));
    for (const alert of [
      'server: remote error: tls: bad certificate',
      'client: remote error: tls: bad certificate',
      'client: remote error: tls: expired certificate',
      'client: remote error: tls: unknown certificate authority',
    ])
      expect(told).toContain(alert);
  }, 120_000);
});
