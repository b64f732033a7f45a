/** The program of a process: told once what signs, then given chunks of drafts, one answer for each. */
import { signerFor } from '../issue/index.ts';
import { parseCertificate, readPrivateKey } from '../x509/index.ts';
import { answerTo } from './answer.ts';
import { makerFor } from './make.ts';
import type { Draft, Introduction } from './types.ts';

process.once('message', ({ certificate, pkcs8, now }: Introduction) => {
  const key = readPrivateKey(pkcs8);
  pkcs8.fill(0);
  const authority = { certificate: parseCertificate(certificate), signer: signerFor(key) };
  const make = makerFor(authority, now);
  process.on('message', (drafts: readonly Draft[]) => process.send?.(answerTo(drafts, make)));
});

// Whoever asked is done, or has died: nothing is left to do, and no key stays behind.
process.once('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the one that asks decides what becomes of it.
process.on('SIGINT', () => {});
