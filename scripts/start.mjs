/** `npm start`: all set-up, then the main job in the directory where npm was called. */
import { spawn } from 'node:child_process';
import { bundle, ensureBuilt, ensureInstalled } from './setup.mjs';

ensureInstalled();
await ensureBuilt();
// Ctrl-C reaches the whole process group: the child ends by itself and tells its exit code.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
const child = spawn(process.execPath, [bundle, 'up', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
