// Certificates made by openssl for the tests of probe and twin: made once, with any fault that a test needs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Made {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly der: Buffer;
}

export interface Wish {
  /** In openssl's words: `/O=system:masters/CN=kube-admin`. */
  readonly subject: string;
  readonly issuer?: Made;
  /** Lines of an openssl extension section. */
  readonly extensions?: readonly string[];
  /** Days from now to its end; negative: it has ended. */
  readonly days?: number;
}

export function has(program: string, argument = 'version'): boolean {
  try {
    execFileSync(program, [argument], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** An authority when `extensions` says so; ECDSA P-256. */
export function make({ subject, issuer, extensions = [], days = 10 }: Wish): Made {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubetls-openssl-'));
  const at = (name: string): string => path.join(directory, name);
  try {
    const openssl = (...words: string[]): Buffer => execFileSync('openssl', words, { stdio: 'pipe' });
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('key'));
    writeFileSync(at('cnf'), CONFIG);
    openssl(
      'req',
      '-new',
      '-utf8',
      '-config',
      at('cnf'),
      '-key',
      at('key'),
      '-subj',
      subject,
      '-out',
      at('csr'),
    );
    writeFileSync(at('ext'), extensions.join('\n'));
    if (issuer) {
      writeFileSync(at('ca'), issuer.certificate);
      writeFileSync(at('ca.key'), issuer.key);
    }
    const by = issuer
      ? ['-CA', at('ca'), '-CAkey', at('ca.key'), '-set_serial', `0x${serial()}`]
      : ['-signkey', at('key')];
    const rest = ['-days', String(days), '-extfile', at('ext'), '-out', at('crt')];
    openssl('x509', '-req', '-in', at('csr'), ...by, ...rest);
    const certificate = readFileSync(at('crt'), 'utf8');
    return { certificate, key: readFileSync(at('key'), 'utf8'), der: derOf(certificate) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A subject may name `kubernetesUid`, which openssl does not know. */
const CONFIG = `oid_section = oids
[oids]
kubernetesUid = 1.3.6.1.4.1.57683.2
[req]
distinguished_name = dn
[dn]
`;

export const CA = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature,keyCertSign'];

let serials = 0;
function serial(): string {
  serials += 1;
  return `1${serials.toString(16).padStart(7, '0')}`;
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}
