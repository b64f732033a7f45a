import { asBuffer, expectedFailure, type Failure, type Where } from '../base/index.ts';
import { parseCertificate } from './certificate.ts';
import { failureAt, type X509Code } from './codes.ts';
import { Tag } from './der.ts';
import { readPem, readPemAsGo } from './pem.ts';
import type { Certificate, PemBlock } from './types.ts';

const LABEL = 'CERTIFICATE';
/** Labels that hold a certificate for OpenSSL; Go reads only CERTIFICATE. */
const OTHER_LABELS: ReadonlySet<string> = new Set(['TRUSTED CERTIFICATE', 'X509 CERTIFICATE']);

export interface Bundle {
  /** In order. */
  readonly certificates: readonly Certificate[];
  /** What was passed over, with lines for PEM and offsets (in the DER of the block) inside a certificate. */
  readonly problems: readonly Failure[];
}

/**
 * Certificates from PEM with any number of blocks, or from the DER of one, for whoever looks at them. A block that is
 * no good certificate, or that has headers, is passed over; other kinds of blocks (keys) are no problem; one behind a
 * byte order mark is read, with a problem. What Go would trust of it: `readPoolPem`.
 */
export function readCertificates(bytes: Uint8Array): Bundle {
  const problems: Failure[] = [];
  const certificates: Certificate[] = [];
  const take = (der: Uint8Array, where: Where) => {
    try {
      certificates.push(parseCertificate(der));
    } catch (error) {
      problems.push(failureAt(expectedFailure(error), where));
    }
  };
  try {
    if (bytes[0] === Tag.sequence && !asBuffer(bytes).includes('-----BEGIN ')) {
      take(bytes, {});
    } else {
      for (const block of readPem(bytes, problems)) {
        const problem = blockProblem(block);
        if (problem) problems.push(problem);
        else if (block.label === LABEL) take(block.bytes, { line: block.line });
      }
    }
  } catch (error) {
    problems.push(failureAt(expectedFailure(error), {}));
  }
  if (certificates.length === 0 && problems.length === 0) problems.push(EMPTY);
  return { certificates, problems };
}

/**
 * The blocks that Go's CertPool would try to add (crypto/x509 cert_pool.go, AppendCertsFromPEM): of label CERTIFICATE,
 * without headers, and not behind a byte order mark, where encoding/pem sees none.
 */
export function readPoolPem(bytes: Uint8Array, problems: Failure[] = []): PemBlock[] {
  return readPemAsGo(bytes, problems).filter((block) => {
    const problem = blockProblem(block);
    if (problem) problems.push(problem);
    return !problem && block.label === LABEL;
  });
}

const EMPTY: Failure<X509Code> = { code: 'x509/bundle-empty', message: 'there is no certificate in it' };

function blockProblem(block: PemBlock): Failure<X509Code> | undefined {
  const where = { line: block.line };
  if (OTHER_LABELS.has(block.label)) {
    const message = `Go programs pass over a block of label ${block.label}`;
    return { code: 'x509/pem-label', message, where, hint: 'convert it with openssl x509' };
  }
  if (block.label === LABEL && Object.keys(block.headers).length > 0) {
    const message = 'Go programs pass over a certificate that has PEM headers';
    return { code: 'x509/pem-header', message, where };
  }
  return undefined;
}
