import { systemKeys, systemRandom } from '../../src/apply/index.ts';
import type { KeyAlgorithm } from '../../src/x509/index.ts';
import {
  type Authority,
  type CertificateTemplate,
  issueAuthority,
  issueCertificate,
  signerFor,
} from '../../src/issue/index.ts';
import { AUTHORITY, LEAF } from './templates.ts';

export const NOW = Date.UTC(2026, 10, 23, 5, 14, 30) + 250;
export const keys = systemKeys();
export const random = systemRandom();

export function newAuthority(
  over: Partial<CertificateTemplate> = {},
  algorithm: KeyAlgorithm = 'ecdsa-p256',
  parent?: Authority,
): Authority {
  const signer = signerFor(keys.generate(algorithm));
  const template = { ...AUTHORITY, ...over };
  return {
    certificate: issueAuthority({ template, signer, now: NOW, random, ...(parent && { parent }) }),
    signer,
  };
}

export const authority = newAuthority();
export const { publicKey } = keys.generate('ecdsa-p256');

export function leaf(over: Partial<CertificateTemplate> = {}, by = authority, now = NOW) {
  return issueCertificate({ template: { ...LEAF, ...over }, publicKey, authority: by, now, random });
}
