/** Names and name constraints of a few labels, so that they meet: asked of Go, and of us. */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer } from '../../src/base/index.ts';
import { verifyChain } from '../../src/verify/index.ts';
import { type Certificate, type GeneralName, ipName } from '../../src/x509/index.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import type { Draw } from './chain-faults.ts';
import { seeded } from './kubernetes-chains.ts';
import { goVerify } from './oracle.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const COUNT = 1_500;

interface Asked {
  readonly leaf: Certificate;
  readonly root: Certificate;
  readonly name: string;
}

const repeat = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Makers of names over one source of chance. */
function makers(pick: Draw) {
  const labels = () => repeat(pick([1, 2, 2, 3, 4]), () => pick(['a', 'b', 'A', 'a-a', 'svc', '_s']));
  const domain = () => labels().join('.');
  const host = () => pick(['', '', '*.', '-', 'a*.']) + domain() + pick(['', '', '.']);
  const address = () =>
    pick(['10.0.0.', '10.0.1.', '192.168.0.', 'fd00::', 'fd00::1:', '::ffff:10.0.0.']) + pick([0, 1, 2, 3]);
  const mailbox = () => `${pick(['a', 'b.c', '"q q"', 'A'])}@${domain()}`;
  const uri = () =>
    `${pick(['spiffe', 'HTTPS', 'x'])}://${pick(['', 'u@', 'u:p@'])}${domain()}${pick(['', ':1', ':', '/p', '?q'])}`;
  const dns = (value: string): GeneralName => ({ kind: 'dns', value });
  const range = (): GeneralName => {
    const name = ipName(address());
    const octets = name.kind === 'ip' ? name.bytes : new Uint8Array();
    const bits = pick([0, 7, 8, 12, 24, 31, 32, octets.length * 8]);
    const mask = octets.map((_, i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - 8 * i))));
    return { kind: 'ip', value: '', bytes: Uint8Array.of(...octets, ...mask) };
  };
  const suffix = () => pick(['', '', '.']) + domain();
  const text = (kind: 'email' | 'uri', value: string): GeneralName => ({ kind, value });
  const name = (): GeneralName =>
    pick([
      () => dns(pick(['', '', '*.']) + domain()),
      () => text('email', mailbox()),
      () => text('uri', uri()),
      () => ipName(address()),
    ])();
  const constraint = (): GeneralName =>
    pick([
      () => dns(pick([suffix, suffix, suffix, () => ''])()),
      () => text('email', pick([suffix, mailbox])()),
      () => text('uri', suffix()),
      range,
    ])();
  return { host, domain, address, dns, name, constraint };
}

const root = rootDraft('root', keyOf('root'));
const anchor = mint(root);
const leafOf = (issuer: Draft, change: Partial<Draft>) =>
  mint({ ...leafDraft(nameOf('x'), keyOf('leaf'), issuer, ['x']), ...change });

function hostQuestions(pick: Draw): Asked[] {
  const { host, domain, address, dns } = makers(pick);
  return repeat(COUNT, () => {
    const names = repeat(pick([0, 1, 1, 2, 3]), () => pick([() => dns(host()), () => ipName(address())])());
    const subject = nameOf(pick([domain, address])());
    const leaf = leafOf(root, { subject, names: pick([names, names, names, undefined]) });
    const odd = [
      '[::1',
      'fd00::1%x',
      '010.0.0.1',
      '1.2.3',
      '::',
      '.',
      '*',
      'é.a',
      `[${address()}]`,
      `${address()}.`,
    ];
    return { leaf, root: anchor, name: pick([host, host, address, () => pick(odd)])() };
  });
}

function constraintQuestions(pick: Draw): Asked[] {
  const { name, constraint } = makers(pick);
  return repeat(COUNT, () => {
    const permitted = repeat(pick([0, 1, 2, 3]), constraint);
    const excluded = repeat(pick([1, 1, 2, 3]), constraint);
    const issuer = { ...root, nameConstraints: { critical: pick([true, false]), permitted, excluded } };
    const leaf = leafOf(issuer, { names: repeat(pick([1, 1, 2]), name) });
    return { leaf, root: mint(issuer), name: '' };
  });
}

const base64 = ({ der }: Certificate) => asBuffer(der).toString('base64');

async function differences(asked: readonly Asked[], oracle: string) {
  const questions = asked.map(({ leaf, root: trusted, name }) => ({
    leaf: base64(leaf),
    roots: [base64(trusted)],
    at: new Date(NOW).toISOString(),
    usage: 'any' as const,
    name,
  }));
  const answers = await goVerify(oracle, questions);
  expect(answers.some(({ ok }) => ok)).toBe(true);
  expect(new Set(answers.map(({ error }) => error)).size).toBeGreaterThan(200);
  return asked.flatMap(({ leaf, root: trusted, name }, i) => {
    const request = { leaf, intermediates: [], roots: [trusted], at: NOW, usage: 'any', name } as const;
    const answer = verifyChain(request);
    const ours = answer.ok ? '' : answer.error;
    return ours === answers[i]?.error ? [] : [{ name, ours, go: answers[i]?.error }];
  });
}

describe.skipIf('missing' in tools)('names against Go (needs Go)', () => {
  const oracle = 'missing' in tools ? '' : tools.oracle;

  it(`${COUNT} hosts (KUBETLS_SEED=${seed})`, async () => {
    expect(await differences(hostQuestions(seeded(seed)), oracle)).toEqual([]);
  });

  it(`${COUNT} chains with name constraints (KUBETLS_SEED=${seed})`, async () => {
    expect(await differences(constraintQuestions(seeded(seed)), oracle)).toEqual([]);
  });
});
