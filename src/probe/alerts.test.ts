import { expect, it } from 'vitest';
import { alertNumber } from './alerts.ts';

it('alerts are read from OpenSSL’s errors, old and new', () => {
  const old =
    'C0:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1590:SSL alert number 42\n';
  expect(alertNumber(new Error(old))).toBe(42);
  expect(alertNumber(new Error('read ECONNRESET'))).toBeUndefined();
  // Ours to the server: OpenSSL names no number then.
  expect(alertNumber(new Error('error:0A000086:SSL routines::certificate verify failed'))).toBeUndefined();
});
