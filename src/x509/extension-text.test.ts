import { describe, expect, it } from 'vitest';
import { extendedKeyUsageText, extensionText, keyUsageText } from './extension-text.ts';

describe('words for people', () => {
  it('are those of openssl, and the OID where there are none', () => {
    expect(keyUsageText('keyCertSign')).toBe('Certificate Sign');
    expect(['serverAuth', '1.2.3'].map(extendedKeyUsageText)).toEqual([
      'TLS Web Server Authentication',
      '1.2.3',
    ]);
    expect(['2.5.29.17', '1.2.3'].map(extensionText)).toEqual(['X509v3 Subject Alternative Name', '1.2.3']);
  });
});
