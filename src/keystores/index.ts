export { isJavaKeystore, readJavaKeystore } from './java.ts';
export { isPkcs12, readPkcs12 } from './pkcs12.ts';
export type { Keystore, KeystoreCode } from './types.ts';
