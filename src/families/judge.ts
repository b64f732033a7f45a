import { verifyChain } from '../verify/index.ts';
import { requirePlainName } from './dialled-name.ts';
import { judgeByJava } from './java/judge.ts';
import { opensslVerify } from './openssl/verify.ts';
import { type Program, PROGRAMS } from './programs.ts';
import type { Family, Judgement, JudgeRequest } from './types.ts';
import { reasonOf, unmodelled } from './unmodelled.ts';

/**
 * What programs of this family say to a chain. Where the verdict hangs on a rule that is not re-created it
 * is unknown, with the reason: never a guess.
 */
export function judge(family: Family, request: JudgeRequest): Judgement {
  if (family === 'go') return verifyChain(request);
  try {
    if (family === 'java') return byJava(request);
    return byProgram(PROGRAMS[family], request);
  } catch (error) {
    return { ok: undefined, reason: reasonOf(error) };
  }
}

function byProgram(program: Program, request: JudgeRequest): Judgement {
  const { leaf, usage } = request;
  const { limits, settings, nameRefusal } = program;
  const name = request.name || undefined;
  if (!limits.includes('no handshake')) requireHandshake(request, limits);
  if (name !== undefined) requirePlainName(name);
  const asked = { ...request, purpose: usage, name: nameRefusal ? undefined : name };
  const answer = opensslVerify(asked, settings);
  if (answer.problems.length > 0) return program.refusal(answer, name);
  const refusal = name === undefined ? undefined : nameRefusal?.(leaf, name);
  return refusal ?? { ok: true, chains: [answer.chain] };
}

function byJava(request: JudgeRequest): Judgement {
  requireHandshake(request, []);
  if (request.name) requirePlainName(request.name);
  return judgeByJava(request);
}

function requireHandshake({ usage, name, roots }: JudgeRequest, limits: Program['limits']): void {
  if (usage === 'any') unmodelled('a usage: each side of a handshake asks for one');
  if (usage === 'client' && limits.includes('client only')) unmodelled('a server of this family');
  if (usage === 'client' && name) unmodelled('the name of a client: no server checks one');
  if (roots.length === 0 && limits.includes('needs a root')) unmodelled('a CA file without a certificate');
}
