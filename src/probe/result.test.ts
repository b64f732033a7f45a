import { describe, expect, it } from 'vitest';
import { type Ending, type Phase, resultOf } from './result.ts';
import type { ProbeTarget } from './types.ts';

const target: ProbeTarget = {
  host: 'fd00::1',
  port: 6443,
  request: { method: 'GET', path: '/', headers: {}, body: undefined },
};

function errorOf(code: string): Error {
  return Object.assign(new Error(`words of Node about ${code}`), { code });
}

function closed(phase: Phase, error?: Error, certificateSeen = false): Ending {
  return { phase, why: { kind: 'closed', error }, certificateSeen, plainHttp: false };
}

const openssl = Object.assign(new Error('error:0A000126:SSL routines::unexpected record\n'), {
  code: 'ERR_SSL_X',
});
const notTls = new Error(
  '802C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/ssl3_record.c:350:\n',
);
const alert = Object.assign(new Error('error:…:sslv3 alert bad certificate:…:SSL alert number 42'), {
  code: 'ERR_SSL_Y',
});

describe('what an ending says', () => {
  it.each<[string, Ending, string, string]>([
    [
      'no route',
      closed('dialling', errorOf('EHOSTUNREACH')),
      'unreachable',
      'dial tcp [fd00::1]:6443: connect: no route to host',
    ],
    [
      'no such name',
      closed('dialling', errorOf('ENOTFOUND')),
      'unreachable',
      'dial tcp: lookup fd00::1: no such host',
    ],
    [
      'name server down',
      closed('dialling', errorOf('EAI_AGAIN')),
      'unreachable',
      'dial tcp: lookup fd00::1: server misbehaving',
    ],
    [
      'an error of no known code',
      closed('dialling', errorOf('EODD')),
      'unreachable',
      'dial tcp [fd00::1]:6443: connect: words of Node about EODD',
    ],
    [
      'reset before our certificate',
      closed('handshake', errorOf('ECONNRESET')),
      'unreachable',
      'read: connection reset by peer',
    ],
    [
      'reset after our certificate',
      closed('handshake', errorOf('ECONNRESET'), true),
      'refused',
      'read: connection reset by peer',
    ],
    [
      'OpenSSL gives up',
      closed('handshake', openssl),
      'unreachable',
      'tls: error:0A000126:SSL routines::unexpected record',
    ],
    [
      'what is no TLS',
      closed('handshake', notTls),
      'unreachable',
      'tls: first record does not look like a TLS handshake',
    ],
    ['alert in the handshake', closed('handshake', alert), 'refused', 'remote error: tls: bad certificate'],
    ['alert at the first read', closed('asking', alert), 'refused', 'remote error: tls: bad certificate'],
    ['end at the first read', closed('asking'), 'refused', 'EOF'],
    ['reset while writing', closed('asking', errorOf('EPIPE')), 'refused', 'write: broken pipe'],
    [
      'reset in the answer',
      closed('answering', errorOf('ECONNRESET')),
      'unreachable',
      'read: connection reset by peer',
    ],
    ['end in the answer', closed('answering'), 'unreachable', 'EOF'],
    [
      'no time',
      { ...closed('dialling'), why: { kind: 'timeout' } },
      'unreachable',
      'dial tcp [fd00::1]:6443: i/o timeout',
    ],
  ])('%s', (_, ending, kind, text) => {
    expect(resultOf(ending, target).result).toMatchObject({ kind, text });
  });

  it.each([
    ['not JSON', 'not JSON'],
    ['null', 'null'],
    ['no user', '{"status":{}}'],
    ['a user of the wrong kind', '{"status":{"userInfo":{"username":7,"groups":"x"}}}'],
    ['a list', '[1,2]'],
  ])('an answer that names nobody: %s', (_, body) => {
    const why = { kind: 'response', response: { status: 200, body } } as const;
    expect(resultOf({ ...closed('answering'), why }, target)).toEqual({
      result: { kind: 'accepted', status: 200, identity: undefined },
      groups: [],
    });
  });
});
