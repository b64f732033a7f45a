import { expect, it } from 'vitest';
import { Tag } from './der.ts';
import { timeProblem } from './time-problem.ts';

const problem = (tag: number, text: string) => timeProblem(tag, Buffer.from(text, 'latin1'));
const unlike = (given: string, again: string) =>
  `asn1: time did not serialize back to the original value and may be invalid: given "${given}", but serialized as "${again}"`;
const unread = (layout: string, text: string, rest: string, element: string) =>
  `parsing time "${text}" as "${layout}": cannot parse "${rest}" as "${element}"`;
const UTC = '060102150405Z0700';
const LONG = '20060102150405.999999999Z0700';

// Printed by Go 1.26, asn1.Unmarshal into an `any`.
it.each([
  ['2601010000Z', undefined],
  ['520229000000Z', undefined],
  ['260101000000+2400', undefined],
  ['260101000000+2460', unlike('260101000000+2460', '260101000000+2500')],
  ['260101000000.5Z', unlike('260101000000.5Z', '260101000000Z')],
  ['+50101000000Z', unlike('+50101000000Z', '050101000000Z')],
  ['-10101000000Z', unlike('-10101000000Z', '990101000000Z')],
  ['261301000000Z', 'parsing time "261301000000Z": month out of range'],
  ['260230000000Z', 'parsing time "260230000000Z": day out of range'],
  ['260101', unread(UTC, '260101', '', '15')],
  ['260101000000*0100', unread(UTC, '260101000000*0100', '*0100', 'Z0700')],
  ['260101000000+2561', 'parsing time "260101000000+2561": time zone offset minute out of range'],
  ['260101000000Zz', 'parsing time "260101000000Zz": extra text: "z"'],
  ['26010100"\x01\xe4', unread(UTC, String.raw`26010100\"\x01\xe4`, String.raw`\"\x01\xe4`, '04')],
])('UTCTime %j', (text, expected) => {
  expect(problem(Tag.utcTime, text)).toBe(expected);
});

it.each([
  ['20260101000000.5Z', undefined],
  ['20260101000000.123456789Z', undefined],
  ['20260101000000.5+0130', undefined],
  ['20260101000000,5Z', unlike('20260101000000,5Z', '20260101000000.5Z')],
  ['20260101000000.50Z', unlike('20260101000000.50Z', '20260101000000.5Z')],
  ['20260101000000.1234567891Z', unlike('20260101000000.1234567891Z', '20260101000000.123456789Z')],
  ['20260101240000Z', 'parsing time "20260101240000Z": hour out of range'],
  ['2o260101000000Z', unread(LONG, '2o260101000000Z', '2o260101000000Z', '2006')],
  ['', unread(LONG, '', '', '2006')],
])('GeneralizedTime %j', (text, expected) => {
  expect(problem(Tag.generalizedTime, text)).toBe(expected);
});
