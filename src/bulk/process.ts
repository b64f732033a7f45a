/** The program of a process: told once what signs, then given chunks of drafts, one answer for each. */
import { expectedFailure } from '../base/index.ts';
import { type Authority, signerFor } from '../issue/index.ts';
import { parseCertificate, readPrivateKey } from '../x509/index.ts';
import { make } from './make.ts';
import type { Answer, Introduction, Question } from './types.ts';
import { answerOf, draftsIn } from './wire.ts';

process.once('message', ({ certificate, pkcs8 }: Introduction) => {
  const key = readPrivateKey(pkcs8);
  pkcs8.fill(0);
  const authority = { certificate: parseCertificate(certificate), signer: signerFor(key) };
  process.on('message', (question: Question) => process.send?.(answerTo(question, authority)));
});

/** All of a chunk, or the first refusal. A defect of ours is thrown, and ends the process. */
function answerTo(question: Question, authority: Authority): Answer {
  try {
    return { packed: answerOf(make(draftsIn(question), authority, question.now)) };
  } catch (error) {
    const { code, message, where, hint } = expectedFailure(error);
    return { refused: { code, message, ...(where && { where }), ...(hint !== undefined && { hint }) } };
  }
}

// Whoever asked is done, or has died: nothing is left to do, and no key stays behind.
process.once('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the one that asks decides what becomes of it.
process.on('SIGINT', () => {});
