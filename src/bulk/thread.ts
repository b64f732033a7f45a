/** The program of a thread: told once what signs, then given chunks of drafts, one answer for each. */
import { parentPort } from 'node:worker_threads';
import { signerFor } from '../issue/index.ts';
import { parseCertificate, readPrivateKey } from '../x509/index.ts';
import { answerTo } from './answer.ts';
import { makerFor } from './make.ts';
import type { Draft, Introduction } from './types.ts';

const port = parentPort;

port?.once('message', ({ certificate, pkcs8, now }: Introduction) => {
  const key = readPrivateKey(pkcs8);
  pkcs8.fill(0);
  const authority = { certificate: parseCertificate(certificate), signer: signerFor(key) };
  const make = makerFor(authority, now);
  port.on('message', (drafts: readonly Draft[] | 'close') => {
    if (drafts === 'close') {
      key.pkcs8.reveal().fill(0);
      port.close();
      return;
    }
    const answer = answerTo(drafts, make);
    // Keys are given away, not copied: none stays behind here.
    const keys =
      'made' in answer ? answer.made.flatMap((made) => (made.key ? [made.key.pkcs8.buffer] : [])) : [];
    port.postMessage(answer, keys as ArrayBuffer[]);
  });
});
