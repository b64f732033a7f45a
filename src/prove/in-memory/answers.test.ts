import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, mint, rootDraft } from '../../../test/judges/mint.ts';
import { writePem } from '../../x509/index.ts';
import { keysIn, leaderIn, processIn, read, rootsIn } from './answers.ts';

describe('what running programs answer', () => {
  it('is when one started, and how often it looked at its authorities', () => {
    const lines = [
      'process_start_time_seconds 1.79564093812e+09',
      'rest_client_transport_ca_reload_total{reason="unchanged",result="success"} 4',
      'rest_client_transport_ca_reload_total{reason="updated",result="success"} 1',
      'rest_client_transport_ca_reload_total{reason="read_error",result="failure"} 7',
    ];
    expect(processIn(`${lines.join('\n')}\n`)).toEqual({ value: { started: 1_795_640_938_120, looks: 5 } });
    expect(processIn('process_start_time_seconds 17\n')).toEqual({ value: { started: 17_000, looks: 0 } });
  });

  it.each([
    '',
    'process_start_time_seconds 0\n',
    'process_start_time_seconds NaN\n',
    'process_start_time_seconds e\n',
  ])('says nothing with %j', (body) =>
    expect(processIn(body)).toEqual({ why: 'the answer has no process_start_time_seconds' }),
  );

  it('is the keys, the authority that pods are given, and who leads', () => {
    expect(keysIn('{"keys":[{"kid":"a"},{"kid":7},null,{"kid":"b"}]}')).toEqual({ value: ['a', 'b'] });
    const root = mint(rootDraft('root', keyOf('answers root')));
    const config = { data: { 'ca.crt': writePem('CERTIFICATE', root.der) } };
    expect(rootsIn(JSON.stringify(config))).toMatchObject({ value: [{ der: root.der }] });
    const spec = { holderIdentity: 'cp1.example.test_8f3a-1', acquireTime: '2026-11-28T14:49:25.123456Z' };
    expect(leaderIn(JSON.stringify({ spec }))).toEqual({
      value: { host: 'cp1.example.test', since: Date.parse('2026-11-28T14:49:25.123Z') },
    });
    expect(leaderIn('{"spec":{"holderIdentity":""}}')).toEqual({ why: 'the answer has no leader' });
  });

  it('may be anything', () => {
    const readers = [processIn, keysIn, rootsIn, leaderIn];
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
        for (const reader of readers) reader(body);
      }),
    );
    expect(read({ why: 'away' }, keysIn)).toEqual({ why: 'away' });
    expect(read(undefined, keysIn)).toEqual({ why: 'it was not asked' });
  });
});
