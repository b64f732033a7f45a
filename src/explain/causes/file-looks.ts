/** Causes that the texts of the loaders and of the components' own rules tell, with the files that they are about. */
import { commonName } from '../../x509/index.ts';
import { placed, type Refused } from '../refused.ts';
import type { Evidence } from '../evidence.ts';

type Look = (refused: Refused) => Evidence | undefined;

export const fileLooks = {
  keyMismatch: saying(/^tls: private key (type )?does not match public key/, ({ pairFiles }) => ({
    text: [`${pairFiles.join(' and ')} do not belong together`],
    files: pairFiles,
  })),
  missing: saying(
    /(no such file or directory|unable to read )/,
    ({ error, pairFiles, anchorFiles, inventory }) => {
      const files = [...pairFiles, ...anchorFiles].filter((file) => inventory.get(file) === undefined);
      return { text: [files.length > 0 ? `${files.join(', ')}: not there` : error], files };
    },
  ),
  unreadable: saying(
    /(PEM|failed to parse|missing content|error loading|does not contain any valid|malformed|illegal base64)/,
    ({ error, pairFiles, anchorFiles }) => {
      const files = /CA bundle|root certificates/.test(error) ? anchorFiles : pairFiles;
      return { text: [`${files.join(', ')}: ${error}`], files };
    },
  ),
  weakKey: saying(
    /(insecure|key size too small|larger than \d+ bits|unsupported certificate curve|insecure algorithm)/,
    about,
  ),
  selfSigned: (refused: Refused) =>
    refused.direction === 'server' && refused.edge.endpoint.serves === 'self-signed'
      ? { text: [`${refused.edge.endpoint.id} makes its certificate itself at each start`], files: [] }
      : undefined,
  noCertificate: (refused: Refused) =>
    refused.direction === 'client' && refused.shows !== undefined
      ? {
          text: [`${refused.edge.client.name} shows no certificate: ${refused.shows}`],
          files: refused.pairFiles,
        }
      : undefined,
  noUser: (refused: Refused) =>
    refused.direction === 'client' && refused.chain && commonName(refused.chain.leaf.subject) === ''
      ? about(refused, 'has no common name')
      : undefined,
  peerAddress: saying(/does not match any of DNSNames/, about),
  frontProxyName: saying(/is not in the allowed list/, about),
} satisfies Readonly<Record<string, Look>>;

function saying(pattern: RegExp, say: (refused: Refused) => Evidence): Look {
  return (refused) => (pattern.test(refused.error) ? say(refused) : undefined);
}

function about(refused: Refused, text = `is refused: ${refused.error}`): Evidence {
  const { chain, pairFiles } = refused;
  return {
    text: [`${chain ? placed(refused, chain.leaf) : pairFiles.join(', ')} ${text}`],
    files: pairFiles.slice(0, 1),
  };
}
