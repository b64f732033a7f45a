/** What ssh, or the other side before our script, said: and what a person can do about it. */
import { hostError, lastWords } from '../errors.ts';

interface Row {
  readonly says: RegExp;
  readonly hint: (at: string) => string;
}

/** OpenSSH's own words: sshconnect.c, sshconnect2.c, ssh.c; and sudo's. */
const REFUSALS: readonly Row[] = [
  {
    says: /host key verification failed|host identification has changed/i,
    hint: (at) => `see whose key it is, and connect once by hand: ssh ${at}`,
  },
  {
    says: /permission denied \(/i,
    hint: (at) =>
      `let ssh log in without a question, by ssh-agent or IdentityFile: ssh -o BatchMode=yes ${at}`,
  },
  {
    says: /^sudo: /im,
    hint: () => 'let this user run sh by sudo without a password (NOPASSWD), or log in as root',
  },
  { says: /could not resolve hostname/i, hint: () => 'see to the name, or to ssh_config' },
  {
    says: /connection (refused|timed out)|no route/i,
    hint: (at) => `see that sshd listens there: ssh ${at}`,
  },
];

export function refusalOf(at: string, status: number, stderr: string): Error {
  const words = lastWords(stderr);
  return hostError({
    code: 'hosts/unreachable',
    message: words === '' ? `ssh ended with status ${status} and no word` : words,
    at,
    hint: REFUSALS.find(({ says }) => says.test(stderr))?.hint(at) ?? `try by hand: ssh ${at}`,
  });
}
