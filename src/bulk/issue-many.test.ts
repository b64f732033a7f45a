import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITY, LEAF } from '../../test/judges/templates.ts';
import { systemKeys, systemRandom } from '../apply/index.ts';
import { type Random, toHex } from '../base/index.ts';
import { issueAuthority, issueCertificate, signerFor } from '../issue/index.ts';
import type { KeyAlgorithm } from '../x509/index.ts';
import { type BulkOptions, type BulkOrder, issueMany, openBulk } from './index.ts';

const NOW = Date.UTC(2026, 10, 23);
const directory = mkdtempSync(join(tmpdir(), 'kubetls-bulk-'));
const program = join(directory, 'process.cjs');
beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, 'process.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  }),
);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function authorityOf(algorithm: KeyAlgorithm): BulkOptions['authority'] {
  const key = systemKeys().generate(algorithm);
  const order = { template: AUTHORITY, signer: signerFor(key), now: NOW, random: systemRandom() };
  return { certificate: issueAuthority(order), key };
}

/** The same numbers every time. */
function counted(): Random {
  let draws = 0;
  const octets = () => createHash('sha512').update(String(draws++)).digest();
  return {
    bytes: (count) => Uint8Array.from(Buffer.concat([octets(), octets()]).subarray(0, count)),
  };
}

const orders = (count: number): BulkOrder[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `worker-${i}`,
    template: { ...LEAF, dnsNames: [`worker-${i}.example.test`] },
    key: 'ecdsa-p256',
  }));

async function collect(list: Iterable<BulkOrder>, options: BulkOptions) {
  const all = [];
  for await (const each of issueMany(list, options)) all.push(each);
  return all;
}

async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  return work.then(
    () => ({ code: 'none', message: '' }),
    (error: unknown) => error as { code: string; message: string },
  );
}

describe('issueMany', () => {
  const count = 260;
  const authority = authorityOf('ed25519');
  /** What the single path makes of the same numbers: made once, since that is most of the work. */
  let single: (readonly [string, string])[];
  beforeAll(() => {
    const random = counted();
    const keys = systemKeys(random);
    const by = { certificate: authority.certificate, signer: signerFor(authority.key) };
    single = orders(count).map(({ template }) => {
      const { publicKey, pkcs8 } = keys.generate('ecdsa-p256');
      const { der } = issueCertificate({ template, publicKey, authority: by, now: NOW, random });
      return [toHex(der), toHex(pkcs8.reveal())];
    });
  });

  it.each([1, 2, 3])('%i processes: the bytes of the single path, in its order', async (processes) => {
    const seen: number[] = [];
    const options = { authority, now: NOW, random: counted(), processes, program };
    const many = await collect(orders(count), { ...options, onProgress: (done) => seen.push(done) });
    expect(many.map(({ certificate, key }) => [toHex(certificate.der), toHex(key!.pkcs8.reveal())])).toEqual(
      single,
    );
    expect(many.map(({ id }) => id)).toEqual(orders(count).map(({ id }) => id));
    expect(seen).toEqual([128, 256, 260]);
  });

  it('signs what is given by ECDSA: what is signed is the same', async () => {
    const authority = authorityOf('ecdsa-p256');
    const { publicKey } = systemKeys().generate('rsa-2048');
    const given = orders(70).map((order) => ({ ...order, key: publicKey }));
    const signed = async (processes: number) => {
      const options = { authority, now: NOW, random: counted(), processes, program };
      return (await collect(given, options)).map(({ certificate, key }) => [toHex(certificate.tbs), key]);
    };
    expect(await signed(2)).toEqual(await signed(1));
  });

  it('waits for a slow caller: orders are taken as their certificates are', async () => {
    let taken = 0;
    function* endless(): Generator<BulkOrder> {
      for (const order of orders(10_000)) {
        taken++;
        yield order;
      }
    }
    const options = { authority: authorityOf('ed25519'), now: NOW, random: counted(), processes: 2, program };
    for await (const { id } of issueMany(endless(), options)) {
      expect(id).toBe('worker-0');
      break;
    }
    expect(taken).toBeLessThanOrEqual((2 * 16 + 1) * 128);
    const before = taken;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken).toBe(before);
  });

  it('ends wherever it is left, also with half an answer read', async () => {
    const options = { authority: authorityOf('ed25519'), now: NOW, random: counted(), processes: 2, program };
    for (let i = 0; i < 12; i++) {
      for await (const { id } of issueMany(orders(3_000), options)) {
        expect(id).toBe('worker-0');
        break;
      }
    }
  }, 120_000);

  it.each([1, 2])('%i processes: ends when it is told to, and says how far it came', async (processes) => {
    const abort = new AbortController();
    const work = collect(orders(2_000), {
      authority: authorityOf('ed25519'),
      now: NOW,
      random: counted(),
      processes,
      program,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    expect(await failureOf(work)).toMatchObject({
      code: 'bulk/interrupted',
      message: 'interrupted after 128 certificates',
    });
  });

  it.each([1, 2])(
    '%i processes: templates that differ in any field are each taken whole',
    async (processes) => {
      const templates = [
        LEAF,
        { ...LEAF, backdate: 7_000 },
        LEAF,
        { ...LEAF, backdate: undefined, ipAddresses: ['10.0.0.1'] },
        { ...LEAF, serialBits: 64, subject: [{ type: 'CN' as const, value: 'other' }] },
      ];
      const list = templates.map((template, i) => ({ ...orders(1)[0]!, id: `order-${i}`, template }));
      const authority = authorityOf('ed25519');
      // The first chunk is another process': two of them.
      const many = await collect([...list, ...orders(200)] as BulkOrder[], {
        authority,
        now: NOW,
        random: counted(),
        processes,
        program,
      });
      const random = counted();
      const keys = systemKeys(random);
      const by = { certificate: authority.certificate, signer: signerFor(authority.key) };
      const single = templates.map((template) => {
        const { publicKey } = keys.generate('ecdsa-p256');
        const order = { template: template as typeof LEAF, publicKey, authority: by, now: NOW, random };
        return toHex(issueCertificate(order).der);
      });
      expect(many.slice(0, 5).map(({ certificate }) => toHex(certificate.der))).toEqual(single);
    },
  );

  it.each([1, 2])(
    '%i processes: what goes wrong with whoever orders comes after what was ordered',
    async (processes) => {
      function* failing(): Generator<BulkOrder> {
        yield* orders(128);
        throw new Error('no more names');
      }
      const options = { authority: authorityOf('ed25519'), now: NOW, random: counted(), processes, program };
      const ids: string[] = [];
      await expect(async () => {
        for await (const { id } of issueMany(failing(), options)) ids.push(id);
      }).rejects.toThrow('no more names');
      expect(ids).toHaveLength(128);
    },
  );

  it('processes that are kept issue again, each time under the terms of the time', async () => {
    const issuer = openBulk({ authority: authorityOf('ed25519'), processes: 2, program });
    for (const now of [NOW, NOW + 86_400_000]) {
      const ends = new Set<number>();
      for await (const { certificate } of issuer.issue(orders(300), { now, random: counted() })) {
        ends.add(certificate.notAfter);
      }
      expect([...ends]).toEqual([now + LEAF.lifetime]);
    }
    await issuer.close();
  });

  it.each([1, 2])('%i processes: an order that is refused is refused as by itself', async (processes) => {
    const list = orders(200);
    list[100] = { ...list[100]!, template: { ...LEAF, extendedKeyUsage: [] } };
    const options = { authority: authorityOf('ed25519'), now: NOW, random: counted(), processes, program };
    expect((await failureOf(collect(list, options))).code).toBe('issue/no-usage');
  });

  it('a process that dies is an error that names what was not issued, and no key', async () => {
    const dying = join(directory, 'dying.cjs');
    writeFileSync(
      dying,
      `process.once('message', ({ pkcs8 }) =>
         process.on('message', () => { throw new Error(Buffer.from(pkcs8).toString('base64')); }));`,
    );
    const authority = authorityOf('ecdsa-p256');
    const options = { authority, now: NOW, random: counted(), processes: 2, program: dying };
    const error = await failureOf(collect(orders(100), options));
    expect(error).toMatchObject({
      code: 'bulk/process-ended',
      message:
        'a process ended early (it ended with 1): from worker-0, worker-1, worker-2 and 97 more on nothing was issued',
    });
    const key = Buffer.from(authority.key.pkcs8.reveal());
    for (const form of ['base64', 'hex'] as const) {
      expect(inspect(error, { showHidden: true })).not.toContain(key.toString(form).slice(-80));
    }
  });
});
