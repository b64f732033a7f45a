// What the objects hold, as PEM.
import { randomBytes } from 'node:crypto';
import { DAY, YEAR } from '../../../../src/base/index.ts';
import { writePem } from '../../../../src/x509/index.ts';
import { keyFile } from '../../../judges/audited-tree.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, rootDraft } from '../../../judges/mint.ts';
import { ended } from '../symptoms/plants.ts';

const holding = (): Partial<Draft> => ({ notBefore: Date.now() - DAY, notAfter: Date.now() + YEAR / 2 });

/** Long enough to be of nobody's concern. */
export const serial = (): Uint8Array => Buffer.concat([Buffer.of(0x4b), randomBytes(15)]);

const pemOf = (draft: Draft, dates: Partial<Draft>): string =>
  writePem('CERTIFICATE', mint({ ...draft, ...dates, serial: serial() }).der);

const authority = (name: string): Draft => ({
  ...rootDraft(name, keyOf(name)),
  keyUsage: ['keyCertSign', 'cRLSign'],
});
const stranger = authority('somebody else');

export const foreign = (): string => pemOf(stranger, holding());
export const endedAuthority = (own = authority('somebody of old')): string => pemOf(own, ended());

/** Signed by itself, as charts make them. */
const web: Draft = {
  ...leafDraft(nameOf('web'), keyOf('web'), authority('web'), ['web.example.com']),
  keyUsage: ['digitalSignature'],
};
export const endedLeaf = (): string => pemOf(web, ended());
export const leaf = (): string => pemOf(web, holding());

export const keyPem = (name: string): string => Buffer.from(keyFile('', keyOf(name)).bytes).toString('utf8');

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
