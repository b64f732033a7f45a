/** Public suites as cases, from where the Go tree and a Go module hold them. Nothing of them stands here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Instant, KubetlsError } from '../../src/base/index.ts';
import { readPem } from '../../src/x509/index.ts';
import type { Case } from './differential.ts';

/* oxlint-disable typescript/no-unsafe-type-assertion -- files of others: a field that is missing shows as a wrong answer */
const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/** NIST PKITS, as Go's own tests keep it (crypto/x509/testdata/nist-pkits): each path from its anchor on. */
export function pkitsCases(goRoot: string, at: Instant): Case[] {
  const directory = join(goRoot, 'src', 'crypto', 'x509', 'testdata', 'nist-pkits');
  const tests = json(join(directory, 'vectors.json')) as { Name: string; CertPath: string[] }[];
  const read = (name: string) => new Uint8Array(readFileSync(join(directory, 'certs', name)));
  return tests.map(({ Name: id, CertPath: [anchor = '', ...path] }) => {
    const [leaf = new Uint8Array(), ...intermediates] = path.map(read).reverse();
    return { id, leaf, intermediates, roots: [read(anchor)], at, usage: 'any', name: '' };
  });
}

interface BetterTls {
  trustRoot: string;
  suites: Record<string, { testCases: { id: number; certificates: string[]; hostname: string }[] }>;
}

/** BetterTLS, as its `export-tests` writes it. */
export function betterTlsCases(file: string, at: Instant): Case[] {
  const { trustRoot, suites } = json(file) as BetterTls;
  return Object.entries(suites).flatMap(([suite, { testCases }]) =>
    testCases.map(({ id, certificates, hostname: name }) => {
      const [leaf = new Uint8Array(), ...intermediates] = certificates.map(base64);
      const roots = [base64(trustRoot)];
      return { id: `${suite} ${id}`, leaf, intermediates, roots, at, usage: 'server' as const, name };
    }),
  );
}

interface Limbo {
  testcases: {
    id: string;
    peer_certificate: string;
    untrusted_intermediates: string[];
    trusted_certs: string[];
    validation_time: string | null;
    validation_kind: 'SERVER' | 'CLIENT';
    expected_peer_name: { value: string } | null;
  }[];
}

/** x509-limbo's limbo.json. */
export function limboCases(file: string, at: Instant): Case[] {
  return (json(file) as Limbo).testcases.map((test) => ({
    id: test.id,
    leaf: firstBlock(test.peer_certificate),
    intermediates: test.untrusted_intermediates.map(firstBlock),
    roots: test.trusted_certs.map(firstBlock),
    at: test.validation_time === null ? at : Date.parse(test.validation_time),
    usage: test.validation_kind === 'SERVER' ? 'server' : 'client',
    name: test.expected_peer_name?.value ?? '',
  }));
}

function firstBlock(pem: string): Uint8Array {
  try {
    return readPem(pem)[0]?.bytes ?? new Uint8Array();
  } catch (error) {
    if (error instanceof KubetlsError) return new Uint8Array();
    throw error;
  }
}
