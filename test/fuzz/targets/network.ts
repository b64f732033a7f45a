import { ResponseReader } from '../../../src/probe/http-response.ts';
import { readTranscript } from '../../../src/probe/transcript.ts';
import { attributesOf } from '../../../src/twin/request-info.ts';
import { readReview } from '../../../src/twin/review-body.ts';
import { reviewOf } from '../../../src/twin/reviews.ts';
import { listed, mustHold, never, type Target } from '../target.ts';

/** What strangers send over a socket. None of these readers may throw at all. */
export const networkTargets: Readonly<Record<string, Target>> = {
  transcript: never('octets', readWire, {
    words: [
      '\x16\x03\x03',
      '\x17\x03\x03',
      '\x02\x00',
      '\x0b\x00\x00',
      '\x0d\x00\x00',
      '\x00\x2b\x00\x02\x03\x04',
    ],
  }),
  'http-response': never('text', readResponse, {
    words: listed(
      'HTTP/1.1 200 OK\r\n¦Content-Length: ¦Transfer-Encoding: chunked\r\n¦\r\n\r\n¦0\r\n\r\n',
      'ffffffff\r\n¦-1¦; x¦99999999999999999999¦ ¦1\r\n',
    ),
  }),
  review: never('octets', readReviews, {
    words: [
      'k8s\x00',
      '\x0a',
      '\x12',
      '{"spec":',
      '"resourceAttributes":{"verb":"get"}',
      '\xff\xff\xff\xff\x0f',
    ],
  }),
};

/** The first octet says whether there is a secret, with which records are opened. */
function readWire(bytes: Uint8Array): void {
  const secret = (bytes[0] ?? 0) % 2 === 0 ? undefined : new Uint8Array(32);
  const { certificates = [], authorities = [] } = readTranscript(bytes.subarray(1), secret);
  const sizes = [...certificates, ...authorities].map(({ length }) => length);
  mustHold(
    sizes.reduce((sum, size) => sum + size, 0) <= 2 * bytes.length,
    'nothing is seen that was not sent',
  );
}

const BODY_LIMIT = 256 * 1024;

/** However it is cut into pieces, the answer is one; the first octet says where it is cut. */
function readResponse(bytes: Uint8Array): void {
  const [cut = 0] = bytes;
  const text = Buffer.from(bytes.subarray(1));
  const whole = new ResponseReader();
  const answer = whole.push(text) ?? whole.end();
  const pieces = new ResponseReader();
  const at = Math.min(text.length, 1 + cut);
  const again = pieces.push(text.subarray(0, at)) ?? pieces.push(text.subarray(at)) ?? pieces.end();
  const bodies = [answer, again].map((one) => (one && 'body' in one ? one.body.length : 0));
  mustHold(Math.max(...bodies) <= 3 * BODY_LIMIT, 'a body has its limit');
  const statuses = [answer, again].map((one) => (one && 'status' in one ? one.status : undefined));
  mustHold(statuses[0] === statuses[1], 'a status does not depend on how it arrives');
  const sieve = new ResponseReader(['a', '{']);
  const sifted = sieve.push(text.subarray(0, at)) ?? sieve.push(text.subarray(at)) ?? sieve.end();
  const kept = sifted && 'body' in sifted ? sifted.body.length : 0;
  mustHold(kept <= 3 * BODY_LIMIT, 'what is kept of a body has its limit');
}

const ANYONE = { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'], extra: {} };
const REVIEWS = [
  ['selfsubjectreviews', 'authentication.k8s.io'],
  ['selfsubjectaccessreviews', 'authorization.k8s.io'],
  ['selfsubjectrulesreviews', 'authorization.k8s.io'],
];

function readReviews(bytes: Uint8Array): void {
  readReview(bytes);
  for (const [resource, group] of REVIEWS) {
    const asked = attributesOf('POST', `/apis/${group}/v1/${resource}`, new URLSearchParams());
    if (asked.kind === 'resource') reviewOf(asked)?.(ANYONE, bytes);
  }
  const [path = '', query = ''] = Buffer.from(bytes).toString('latin1').split('?', 2);
  attributesOf('GET', path, new URLSearchParams(query));
}
