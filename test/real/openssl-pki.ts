// Certificates made by openssl, so that a test of the real programs does not lean on kubetls' own.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from './run-program.ts';

export interface OpensslPair {
  cert: string;
  key: string;
}

/** A self-signed authority, ECDSA P-256, in `directory`/`name`.crt and .key. */
export async function opensslAuthority(directory: string, name: string): Promise<OpensslPair> {
  const pair = pairIn(directory, name);
  const usage = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
  const out = ['-keyout', pair.key, '-out', pair.cert];
  await mustRun('openssl', [
    'req',
    '-x509',
    ...NEW_KEY,
    '-subj',
    `/CN=${name}`,
    '-days',
    '30',
    ...usage,
    ...out,
  ]);
  return pair;
}

/** A leaf that may serve and call, as etcd's members must. `sans` in openssl's words: DNS:localhost, IP:127.0.0.1 */
export async function opensslLeaf(
  directory: string,
  name: string,
  authority: OpensslPair,
  sans: readonly string[] = [],
): Promise<OpensslPair> {
  const pair = pairIn(directory, name);
  const [request, extensions] = [path.join(directory, `${name}.csr`), path.join(directory, `${name}.cnf`)];
  const lines = [
    'extendedKeyUsage=serverAuth,clientAuth',
    ...(sans.length > 0 ? [`subjectAltName=${sans.join(',')}`] : []),
  ];
  await writeFile(extensions, `${lines.join('\n')}\n`);
  await mustRun('openssl', [
    'req',
    '-new',
    ...NEW_KEY,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    pair.key,
    '-out',
    request,
  ]);
  const by = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial'];
  await mustRun('openssl', [
    'x509',
    '-req',
    '-in',
    request,
    ...by,
    '-days',
    '10',
    '-extfile',
    extensions,
    '-out',
    pair.cert,
  ]);
  return pair;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function pairIn(directory: string, name: string): OpensslPair {
  return { cert: path.join(directory, `${name}.crt`), key: path.join(directory, `${name}.key`) };
}
