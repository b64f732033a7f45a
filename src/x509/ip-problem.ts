import { quoteOctets } from './quote.ts';

/**
 * Why net/netip ParseAddr refuses a text, in its words; undefined when it is an address, also one with a
 * zone. `text` has one character for each octet.
 */
export function addressProblem(text: string): string | undefined {
  const problem = problemOf(text);
  if (!problem) return undefined;
  const { message, at = '' } = problem;
  return `ParseAddr(${quoted(text)}): ${message}${at === '' ? '' : ` (at ${quoted(at)})`}`;
}

interface Problem {
  readonly message: string;
  /** What was still to be read. */
  readonly at?: string;
}

function quoted(text: string): string {
  return quoteOctets(Buffer.from(text, 'latin1'));
}

function problemOf(text: string): Problem | undefined {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') return v4Problem(text);
  if (first === ':') return v6Problem(text);
  return { message: first === '%' ? 'missing IPv6 address' : 'unable to parse IP' };
}

/** parseIPv4Fields */
function v4Problem(text: string): Problem | undefined {
  let field = '';
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (/\d/.test(char)) {
      if (field === '0') return { message: 'IPv4 field has octet with leading zero' };
      field += char;
      if (Number(field) > 255) return { message: 'IPv4 field has value >255' };
    } else if (char === '.') {
      if (field === '' || i === text.length - 1) {
        return { message: 'IPv4 field must have at least one digit', at: text.slice(i) };
      }
      if (dots === 3) return { message: 'IPv4 address too long' };
      dots++;
      field = '';
    } else {
      return { message: 'unexpected character', at: text.slice(i) };
    }
  }
  return dots < 3 ? { message: 'IPv4 address too short' } : undefined;
}

/** parseIPv6, step by step: which of several things wrong is told depends on the order. */
function v6Problem(text: string): Problem | undefined {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return { message: 'zone must be a non-empty string' };
  let rest = percent < 0 ? text : text.slice(0, percent);
  let octets = 0;
  let ellipsis = rest.startsWith('::');
  if (ellipsis) rest = rest.slice(2);
  if (ellipsis && rest === '') return undefined;
  while (octets < 16) {
    const problem = groupProblem(rest, octets, ellipsis);
    if (problem) return problem;
    const digits = /^[0-9A-Fa-f]+/.exec(rest)?.[0].length ?? 0;
    if (rest[digits] === '.') {
      const embedded = v4Problem(rest);
      if (embedded) return embedded;
      octets += 4;
      rest = '';
      break;
    }
    octets += 2;
    rest = rest.slice(digits);
    if (rest === '') break;
    if (!rest.startsWith(':')) return { message: 'unexpected character, want colon', at: rest };
    if (rest === ':') return { message: 'colon must be followed by more characters', at: rest };
    rest = rest.slice(1);
    if (!rest.startsWith(':')) continue;
    if (ellipsis) return { message: 'multiple :: in address', at: rest };
    ellipsis = true;
    rest = rest.slice(1);
    if (rest === '') break;
  }
  if (rest !== '') return { message: 'trailing garbage after address', at: rest };
  if (octets < 16) return ellipsis ? undefined : { message: 'address string too short' };
  return ellipsis ? { message: 'the :: must expand to at least one field of zeros' } : undefined;
}

/** What is wrong with the group of digits that comes next. */
function groupProblem(rest: string, octets: number, ellipsis: boolean): Problem | undefined {
  const digits = /^[0-9A-Fa-f]*/.exec(rest)?.[0].length ?? 0;
  if (digits > 4) return { message: 'each group must have 4 or less digits', at: rest };
  if (digits === 0) return { message: 'each colon-separated field must have at least one digit', at: rest };
  if (rest[digits] !== '.') return undefined;
  if (!ellipsis && octets !== 12) {
    const message = 'embedded IPv4 address must replace the final 2 fields of the address';
    return { message, at: rest };
  }
  if (octets <= 12) return undefined;
  const message = 'too many hex fields to fit an embedded IPv4 at the end of the address';
  return { message, at: rest };
}
