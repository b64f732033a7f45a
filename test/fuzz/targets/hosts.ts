import { parseHostAddress } from '../../../src/cluster/index.ts';
import { filesIn, standingIn } from '../../../src/hosts/ssh/answers.ts';
import { listed, mustHold, target, type Target } from '../target.ts';

const PATHS = ['etc/a', 'etc/b'];

/** What a node answers over ssh, and how a file says that one is reached. */
export const hostTargets: Readonly<Record<string, Target>> = {
  'host-answer': target('text', readAnswer, {
    words: listed(
      'F /etc/a\n¦M /etc/b\n¦O /etc/a\n¦L \n¦X /etc\n¦644 0 0 1\n¦600 3\n¦AAAA\n¦.\n¦\n\n¦\\¦/../¦\u001b[2J',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  /etc/a\n¦9999999999999999',
    ),
  }),
  'host-address': target('text', readAddress, {
    words: listed('ssh://¦@¦:¦[¦]¦-o¦ProxyCommand=¦/¦..¦root¦::1¦65535¦%¦$(id)'),
  }),
};

function readAnswer(bytes: Uint8Array): void {
  const answer = { body: Buffer.from(bytes), end: '', stderr: Buffer.alloc(0) };
  if (bytes.length % 2 === 0) {
    const found = standingIn('node', PATHS, answer);
    mustHold(found.length === PATHS.length, 'each path is answered');
    for (const { target: path, stood } of found) {
      mustHold(path !== '' && !path.startsWith('/') && !/\p{Cc}/u.test(path), 'a target is a path');
      mustHold(!stood || /^[0-9a-f]{64}$/.test(stood.sha256), 'a digest is one');
    }
    return;
  }
  const files = filesIn('node', PATHS, answer);
  mustHold(
    files.every(({ path }) => PATHS.includes(path)),
    'nothing is read that was not asked for',
  );
}

function readAddress(bytes: Uint8Array): void {
  const address = parseHostAddress(Buffer.from(bytes).toString());
  if (address?.kind === 'directory') mustHold(!address.path.split('/').includes('..'), 'it does not climb');
  if (address?.kind !== 'ssh') return;
  const { host, user = 'x', port = 1 } = address;
  mustHold(/^[\p{L}\p{N}]/u.test(host) || host.startsWith(':'), 'a host is no option');
  mustHold(/^\w/.test(user) && port >= 1 && port <= 65_535, 'neither is a user');
}
