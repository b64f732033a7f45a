import { parseIp } from '../x509/index.ts';
import { unmodelled } from './unmodelled.ts';

const LABEL = '[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?';
const HOST = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
/** Some read such a name as an IPv4 address of another form. */
const LOOKS_LIKE_ADDRESS = /(^|\.)(\d+|0[xX][0-9a-fA-F]*)$/;

/**
 * Programs rewrite or refuse odd names before a certificate is looked at: IDNA, trailing dots, zones,
 * addresses in octal. We judge plain ones only.
 */
export function requirePlainName(name: string): void {
  if (parseIp(name) && !/^::ffff:/i.test(name)) return;
  if (name.length > 253 || !HOST.test(name) || LOOKS_LIKE_ADDRESS.test(name)) {
    unmodelled(`the name ${JSON.stringify(name)}, which the program changes or refuses before it dials`);
  }
}
