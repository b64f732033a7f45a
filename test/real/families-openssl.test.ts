/** The engine against libcrypto itself: every call of the verification callback, and the chain's length. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/families/openssl/errors.ts';
import { type OpensslRequest, opensslVerify, type Settings } from '../../src/families/openssl/verify.ts';
import { PROGRAMS } from '../../src/families/programs.ts';
import { reasonOf } from '../../src/families/unmodelled.ts';
import { type Certificate, parseCertificate, parseIp, readPem } from '../../src/x509/index.ts';
import { KubetlsError, toHex } from '../../src/base/index.ts';
import { askProgram, base64 } from './families/judged.ts';
import { questions } from './families/questions.ts';

const python = spawnSync('python3', [
  '-c',
  'import ctypes.util; exit(not ctypes.util.find_library("crypto"))',
]);
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const SCRIPT = join(import.meta.dirname, 'families/libcrypto.py');
const vectors = resolve(import.meta.dirname, '../../../shared/vectors');

/** X509_V_FLAG_*, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS (include/openssl/x509_vfy.h.in, x509v3.h.in) */
const FLAGS = { trustedFirst: 0x8000, partialChain: 0x8_0000, strict: 0x20, wholeWildcards: 4 };
const ALL = Object.values(ERRORS).map(([number]) => number);

interface Answer {
  /** Absent when OpenSSL does not read a certificate. */
  readonly problems?: readonly (readonly [number, number])[];
  readonly chain?: number;
}

function forOpenssl({ leaf, intermediates, roots, at, purpose, name }: OpensslRequest, settings: Settings) {
  const ip = name ? parseIp(name) : undefined;
  const { partialChain, strict, level, partialWildcards, leafIsSent } = settings;
  const flags = (partialChain ? FLAGS.partialChain : 0) | (strict ? FLAGS.strict : 0) | FLAGS.trustedFirst;
  return {
    leaf: base64(leaf),
    untrusted: [...(leafIsSent ? [leaf] : []), ...intermediates].map(base64),
    trusted: roots.map(base64),
    at: Math.floor(at / 1_000),
    purpose,
    host: ip || !name ? undefined : Buffer.from(name).toString('latin1'),
    ip: ip && toHex(ip),
    flags,
    level,
    hostFlags: partialWildcards ? 0 : FLAGS.wholeWildcards,
    on: Object.values(ERRORS).flatMap(([number], i) =>
      settings.goesOn(Object.keys(ERRORS)[i] as keyof typeof ERRORS) ? [number] : [],
    ),
  };
}

function ours(request: OpensslRequest, settings: Settings): Answer | string {
  try {
    const { chain, problems } = opensslVerify(request, settings);
    return { problems: problems.map(({ error, depth }) => [ERRORS[error][0], depth]), chain: chain.length };
  } catch (error) {
    return reasonOf(error);
  }
}

/** The rows of the programs, and all that can be heard, strictly and with no level. */
const SETTINGS: Readonly<Record<string, Settings>> = {
  ...Object.fromEntries(Object.entries(PROGRAMS).map(([name, { settings }]) => [name, settings])),
  'strict, to the end': { ...PROGRAMS['python-strict'].settings, level: 0, goesOn: () => true },
  'strict, without partial chains': {
    ...PROGRAMS['python-strict'].settings,
    level: 3,
    partialChain: false,
    goesOn: () => true,
  },
};

async function differing(cases: readonly (OpensslRequest & { readonly id: string })[]) {
  const asked = cases.flatMap(({ id, ...request }) =>
    Object.entries(SETTINGS).map(([row, settings]) => ({ id: `${id}, ${row}`, request, settings })),
  );
  const texts = asked.map(({ request, settings }) => forOpenssl(request, settings));
  const { answers: lines } = await askProgram(['python3', SCRIPT], texts);
  const answers = lines as readonly Answer[];
  let unknown = 0;
  const differences = asked.flatMap(({ id, request, settings }, i) => {
    const our = ours(request, settings);
    if (typeof our === 'string') unknown++;
    if (typeof our === 'string' || JSON.stringify(our) === JSON.stringify(answers[i])) return [];
    return [{ id, name: request.name, our, openssl: answers[i] }];
  });
  const kinds = new Set(answers.flatMap(({ problems }) => problems ?? []).map(([number]) => number));
  return { differences, unknown: unknown / asked.length, kinds };
}

function parsed(text: string): Certificate | undefined {
  const der = text.includes('-----BEGIN') ? readPem(text)[0]?.bytes : Buffer.from(text, 'base64');
  try {
    return parseCertificate(new Uint8Array(der ?? []));
  } catch (error) {
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

interface Vector extends Record<'id' | 'leaf' | 'at' | 'name', string> {
  readonly intermediates: readonly string[];
  readonly roots: readonly string[];
  readonly usage: 'server' | 'client' | 'any';
}

/** Those of which all certificates parse; with a root that does not the program would end early. */
function vectorCases(file: string): readonly (OpensslRequest & { readonly id: string })[] {
  const text = readFileSync(join(vectors, `${file}.json`), 'utf8');
  const { cases } = JSON.parse(text) as { readonly cases: readonly Vector[] };
  return cases.flatMap(({ id, at, usage, name, ...texts }) => {
    const leaf = parsed(texts.leaf);
    const [intermediates, roots] = [texts.intermediates.map(parsed), texts.roots.map(parsed)];
    const isWhole = (all: readonly (Certificate | undefined)[]): all is readonly Certificate[] =>
      !all.includes(undefined);
    if (!leaf || !isWhole(intermediates) || !isWhole(roots)) return [];
    return [{ id, leaf, intermediates, roots, at: Date.parse(at), purpose: usage, name }];
  });
}

describe.skipIf(python.status !== 0)('families against libcrypto (needs python3 and libcrypto)', () => {
  it(`hears what OpenSSL tells of generated chains (KUBETLS_SEED=${seed})`, async () => {
    const cases = questions(300, seed)
      .filter(({ name }) => !/^[[.]/.test(name))
      .map((question) => ({ ...question, purpose: question.usage }));
    const { differences, unknown, kinds } = await differing(cases);
    expect(differences).toEqual([]);
    expect(unknown).toBeLessThan(0.02);
    expect(kinds.size, `as many errors as show that the faults arrive, of ${ALL.length}`).toBeGreaterThan(15);
  }, 300_000);

  it.skipIf(!existsSync(vectors)).each(['limbo-rfc5280', 'go-mutations'])(
    'hears what OpenSSL tells of the shared vectors: %s (needs the shared vectors)',
    async (file) => {
      const { differences, unknown } = await differing(vectorCases(file));
      expect(differences).toEqual([]);
      expect(unknown).toBeLessThan(0.08);
    },
    600_000,
  );
});
