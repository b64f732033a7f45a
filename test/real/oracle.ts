// Go's own crypto/x509 and crypto/tls, asked over JSON lines (oracle/*.go).
import { mustRun } from './run-program.ts';

/** Certificates are PEM (the first block counts) or base64 DER. */
export interface VerifyQuestion {
  leaf: string;
  intermediates?: readonly string[];
  roots: readonly string[];
  /** RFC 3339; absent: now. */
  at?: string;
  /** absent: server */
  usage?: 'server' | 'client' | 'any';
  /** A DNS name or an IP address; absent or empty: no name is checked. */
  name?: string;
}

/** The shape of `go` in the test vectors. Go's text; what is not UTF-8 in it arrives as U+FFFD. */
export interface VerifyAnswer {
  ok: boolean;
  error: string;
  stage: 'question' | 'parse-leaf' | 'parse-intermediate' | 'parse-root' | 'verify';
  chains: number;
  chain_lengths: number[];
  skipped_roots: number;
  root_errors?: string[];
  /** Each chain in Verify's order, leaf first: SHA-256 of each certificate's DER, hex. */
  paths?: string[][];
}

/** What Go read, or why not. Absent: empty, zero or false. The fields are explained in oracle/parse.go. */
export interface ParseAnswer {
  ok: boolean;
  error: string;
  version?: number;
  subject?: string;
  issuer?: string;
  serial?: string;
  notBefore?: string;
  notAfter?: string;
  dnsNames?: string[];
  ips?: string[];
  uris?: string[];
  emails?: string[];
  keyUsage?: number;
  extKeyUsage?: string[];
  isCA?: boolean;
  maxPathLen?: number;
  subjectKeyId?: string;
  authorityKeyId?: string;
  signatureAlgorithm?: string;
  publicKeyAlgorithm?: string;
  keySize?: number;
  spki?: string;
  signatureError?: string;
  thisUpdate?: string;
  nextUpdate?: string;
  number?: string;
  revoked?: { serial: string; at: string; reason: number }[];
  extensions?: string[];
  blocks?: { label: string; headers: Record<string, string>; bytes: string }[];
}

/**
 * x509.Certificate.Verify: one answer for each question, in order. Thousands take a second. `godebug`:
 * settings of GODEBUG, `rsa1024min=0`.
 */
export function goVerify(
  oracle: string,
  questions: readonly VerifyQuestion[],
  godebug?: string,
): Promise<VerifyAnswer[]> {
  return ask<VerifyAnswer>(oracle, questions, godebug);
}

/**
 * x509.ParseCertificate, ParseCertificateRequest and ParseRevocationList (with what their signature checks
 * say; a CRL's issuer is `cert`), a private key as crypto/tls reads it, or the blocks of a PEM text.
 */
export function goParse(
  oracle: string,
  questions: readonly {
    parse: 'certificate' | 'request' | 'key' | 'crl' | 'pem';
    der: string;
    cert?: string;
  }[],
): Promise<ParseAnswer[]> {
  return ask<ParseAnswer>(oracle, questions);
}

/** tls.X509KeyPair, by which every component loads its files. */
export function goKeyPair(
  oracle: string,
  questions: readonly { cert: string; key: string }[],
): Promise<{ ok: boolean; error: string }[]> {
  return ask<{ ok: boolean; error: string }>(oracle, questions);
}

/** A bundle (base64) as a component loads it: the subjects that it trusts then, or its error. */
export function goLoad(
  oracle: string,
  questions: readonly { load: string; der: string }[],
): Promise<{ ok: boolean; error: string; subjects: string[] }[]> {
  return ask(oracle, questions);
}

/** A request with this chain, asked of kube-apiserver's own authenticators; `roots` is its client authority. */
export interface AuthenticateQuestion
  extends Required<Pick<VerifyQuestion, 'leaf' | 'intermediates' | 'roots' | 'at'>> {
  authenticate: { frontProxy?: { roots: readonly string[]; allowed: readonly string[] } };
}

/** Neither ok nor an error: no authenticator has an opinion. */
export function goAuthenticate(
  oracle: string,
  questions: readonly AuthenticateQuestion[],
): Promise<{ ok: boolean; error: string; user: string; groups: string[] }[]> {
  return ask(oracle, questions);
}

/** Leaf first; no chain: shows nothing. The key is PEM or base64, and need not belong to the leaf. */
export interface Shown {
  chain: readonly string[];
  key: string;
  roots: readonly string[];
}

/** A server that demands a client certificate, and a client that dials it by `name`. */
export interface HandshakeQuestion {
  at: string;
  name: string;
  handshake: { server: Shown; client: Shown; version: '1.2' | '1.3' };
}

/** What each side prints, empty when it is content; `error`: the question could not be asked. */
export interface HandshakeAnswer {
  ok: boolean;
  error: string;
  server: string;
  client: string;
}

/** crypto/tls on both sides of a connection. */
export function goHandshake(
  oracle: string,
  questions: readonly HandshakeQuestion[],
  godebug?: string,
): Promise<HandshakeAnswer[]> {
  return ask(oracle, questions, godebug);
}

async function ask<Answer>(
  oracle: string,
  questions: readonly object[],
  godebug?: string,
): Promise<Answer[]> {
  const stdin = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const env = { ...process.env, ...(godebug !== undefined && { GODEBUG: godebug }) };
  const { stdout } = await mustRun(oracle, [], { stdin, env });
  const lines = stdout.split('\n').slice(0, -1);
  if (lines.length !== questions.length) {
    throw new Error(`the oracle answered ${lines.length} of ${questions.length} questions`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own program, shapes in oracle/*.go
  return lines.map((line) => JSON.parse(line) as Answer);
}
