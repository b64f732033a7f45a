/** Dates as values of a name, in a request: encoding/asn1 reads them, well or badly written. */
import { der } from '../judges/der-tree.ts';
import { chanceOf } from './chance.ts';

type DateValue = readonly [tag: number, text: string];

const of = (tag: number, ...lines: readonly string[]) =>
  lines.flatMap((line) => line.split('|')).map((text): DateValue => [tag, text]);

const DATES = [
  ...of(
    0x17,
    '2601010000Z|260101000000Z|260101000000+0100|2601010000-0130|520229000000Z|260101000000+2400|',
    '260101000000+2460|260101000000+0000|260101000000.5Z|+50101000000Z|-10101000000Z|2601015Z|260101',
    '260101000000|26010100000|261301000000Z|260132000000Z|260101240000Z|26010112Z|260101006000Z',
    '260101000060Z|260101000000+2500|260101000000+0061|260101000000*0100|260101000000Zz',
    '260101000000"\\\x7f\x01|2601010000\xe4\xc3\xa4Z',
  ),
  ...of(
    0x18,
    '20260101000000Z|20260101000000.5Z|20260101000000,5Z|20260101000000.50Z|20260101000000.0Z|',
    '20260101000000.123456789Z|20260101000000.1234567891Z|20260101000000.Z|20260101000000.5',
    '20260101000000.5+0130|00000101000000Z|99991231235959Z|+0260101000000Z|2o260101000000Z',
    '20260229000000Z|20240229000000Z|202601010000Z|2026010100000Z|20260101000000.5Z ',
  ),
];

/** Each date, and `count` that have an octet changed, left out or put in: a request for each. */
export function requestsOfDates(count: number, seed: number): Uint8Array[] {
  const { pick, below, oneIn, repeat } = chanceOf(seed);
  const octet = () => (oneIn(2) ? pick([...'0123456789Z.,+-"\\ ']) : String.fromCharCode(below(256)));
  const damaged = repeat(count, (): DateValue => {
    const [tag, text] = pick(DATES);
    const at = below(text.length + 1);
    return [tag, text.slice(0, at) + (oneIn(3) ? '' : octet()) + text.slice(at + below(2))];
  });
  return [...DATES, ...damaged].map(requestOf);
}

/** A request with nothing else in its subject; only its signature is wrong. */
function requestOf([tag, text]: DateValue): Uint8Array {
  const value = der(tag, Buffer.from(text, 'latin1'));
  const subject = der(0x30, der(0x31, der(0x30, der(0x06, Uint8Array.of(0x2a, 3)), value)));
  const algorithm = der(0x30, der(0x06, Buffer.from('2b6570', 'hex')));
  const key = der(0x30, algorithm, der(0x03, new Uint8Array(33)));
  const info = der(0x30, der(0x02, Uint8Array.of(0)), subject, key, der(0xa0));
  return der(0x30, info, algorithm, der(0x03, new Uint8Array(65)));
}
