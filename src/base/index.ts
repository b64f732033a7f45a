export { asBuffer, concatBytes, equalBytes, toHex, utf8 } from './bytes.ts';
export { type Clock, DAY, HOUR, type Instant, MINUTE, SECOND, toRfc3339, YEAR } from './clock.ts';
export { editDistance } from './edit-distance.ts';
export {
  expectedFailure,
  type Failure,
  KubetlsError,
  renderFailure,
  renderWhere,
  type Where,
} from './errors.ts';
export { escaped } from './markup.ts';
export { printable } from './printable.ts';
export type { Random } from './random.ts';
export { Secret, withoutKeys } from './secret.ts';
export { fieldOf, parsedJson } from './foreign-json.ts';
export { grouped } from './grouped.ts';
export { hintFor, nearest } from './suggest.ts';
