import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { storeContract } from '../contract.ts';
import { directoryStore } from './index.ts';

const base = mkdtempSync(join(tmpdir(), 'kubetls-stores-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

storeContract('directoryStore', () => directoryStore(join(mkdtempSync(join(base, 's-')), 'state')));
