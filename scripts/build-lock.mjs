// One process at a time does a piece of work; a lock whose owner died is taken over.
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const POLL = 500; // milliseconds
const PATIENCE = 45 * 60_000; // milliseconds; the slowest cold build seen took a small part of it

/**
 * Runs `work` while `file`, which holds the owner's process id, is ours. `work` must look again whether
 * there is still something to do. `bury(pid)` removes what a dead owner left.
 */
export async function withLock(file, { log, bury }, work) {
  await mkdir(path.dirname(file), { recursive: true });
  const started = Date.now();
  for (let told = false; !(await take(file)); told = true) {
    const owner = await ownerOf(file);
    if (owner !== undefined && !alive(owner)) {
      log(`real tools: process ${owner} died at its build; taking over`);
      await discard(file, owner);
      await bury(owner);
      continue;
    }
    if (Date.now() - started > PATIENCE) throw new Error(`${file} is held by process ${owner} for too long`);
    if (!told) log(`real tools: waiting for the build of process ${owner}`);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Written first and linked then, so that a lock is never seen without its owner. */
async function take(file) {
  const own = `${file}.of-${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Undefined when the lock has just gone. */
async function ownerOf(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}

/**
 * Two waiters may both see the dead owner, and the slower one may move away the faster one's new lock.
 * So the work may run twice; it must not be torn by that.
 */
async function discard(file, owner) {
  const aside = `${file}.dead-${owner}-${process.pid}`;
  await rename(file, aside).catch(() => {});
  await rm(aside, { force: true });
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
