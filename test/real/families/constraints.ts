/** Name constraints of every kind at several depths, odd and malformed ones too, over names that meet them. */
import type { GeneralName } from '../../../src/x509/index.ts';
import { der } from '../../judges/der-tree.ts';
import { intermediateDraft, keyOf, leafDraft, nameOf, NOW, rootDraft } from '../../judges/mint.ts';
import type { Chance } from '../chance.ts';
import { type Case, caseOf } from '../differential.ts';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

/** Makers of names over few labels, so that they meet. */
export function nameMakers({ pick, oneIn, below, repeat }: Chance) {
  const label = () => pick(['a', 'b', 'A', 'a-a', 'svc', '_s', 'test', 'aa', '0']);
  const domain = () => repeat(pick([1, 1, 2, 2, 3, 4]), label).join('.');
  const oddDomain = () =>
    pick([
      '',
      '.',
      '..',
      'a..b',
      'a.',
      '.a.',
      'a b',
      '*',
      '*.a',
      'a.*',
      '*a.b',
      'é.a',
      '\x7f',
      'a\0',
      '%61',
      'a@b',
      '[::1]',
      '10.0.0.1',
      '::1',
      `${'a'.repeat(64)}.b`,
      'x'.repeat(260),
      '\u0080',
      'xn--a',
    ]);
  const v4 = () => Uint8Array.of(10, pick([0, 0, 1, 96]), pick([0, 1, 5]), pick([0, 1, 2, 5, 255]));
  const v6 = () =>
    Uint8Array.of(
      0xfd,
      0,
      0,
      0,
      0,
      pick([0, 1]),
      0,
      0,
      0,
      pick([0, 0xff]),
      0,
      0,
      0,
      0,
      pick([0, 1]),
      pick([0, 1, 2]),
    );
  const mapped = () => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4());
  const address = () => pick([v4, v4, v6, mapped])();
  const local = () => pick(['a', 'A', 'b.c', '"q q"', 'a\\@b', '"a\\"b"', '\\a', "o'x"]);
  const mailbox = () => `${local()}@${oneIn(12) ? oddDomain() : domain()}`;
  const oddMailbox = () =>
    pick([
      'a',
      '@a',
      'a@',
      '"a@b',
      '.a@b',
      'a.@b',
      'a..b@c',
      '"\t"@a',
      'a@b@c',
      '"a"b@c',
      'a b@c',
      '\\',
      '"\\',
      'é@a',
      'a@.',
    ]);
  const mask = (length: number) => {
    if (oneIn(14)) return Uint8Array.from(repeat(length, () => pick([0, 0xff, 0xf0, 0x0f, 0xaa])));
    const bits = pick([0, 1, 7, 8, 9, 12, 16, 24, 30, 31, 32, 64, 96, 104, 112, 120, 127, 128]);
    return Uint8Array.from(repeat(length, (i) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - 8 * i)))));
  };
  const range = () => {
    const ip = address();
    return Uint8Array.of(...ip, ...mask(ip.length));
  };
  const host = () =>
    pick([
      domain,
      domain,
      domain,
      domain,
      oddDomain,
      () => `${domain()}:${pick(['', '0', '443', 'x', '99999', '1:2'])}`,
      () =>
        `[${pick(['::1', '::ffff:1.2.3.4', 'fe80::1%25eth0', 'fe80::1%25a]b', '1.2.3.4', 'x', '::1::', ':::', '1:2:3:4:5:6:7:8:9', '12345::', '::1.2.3', '::01.2.3.4', '::256.1.1.1', '1:2', '1::2:', 'fe80::1%25', '::1%zz', '%2561', '::g', '::1.2.3.4.5', '1:1.2.3.4', '1:2:3:4:5:6:7::8', '::1%25%61', '::1.', '1', ''])}]${pick(['', ':1', ':', 'x'])}`,
      () =>
        pick([
          '1.2.3.4',
          '1.2.3.4:80',
          '1.2.3.4%25x',
          '1.2.3',
          '%31.2.3.4',
          '1.2.3.4.',
          '%25',
          'a%25b',
          'a%20b',
          'a%zz',
          'a%',
          '%e4',
          '%00',
          'a:1,b:2',
          'a]',
          'a[',
          'a]:1',
          '::1',
          'a:b:c',
          '<a>',
          '"a"',
          'a^b',
          'a|b',
          'a\\b',
          'a{b',
          'a`b',
        ]),
    ])();
  const uri = () =>
    pick([
      () =>
        `${pick(['spiffe', 'HTTPS', 'http', 'https', 'x', 'a+b-c.d', '1x', '', 'pg'])}:${pick(['//', '//', '//', '/', '', '///'])}${pick(['', '', 'u@', 'u:p@', '@', ':@', 'u%40@', 'u@v@', 'u:p:q@', 'ü@', 'a b@', '%@', "!$&'()*+,;=@", 'u:%zz@'])}${host()}${pick(['', '/', '/p', '?q', '?', '??', '#f', '#', '/p?q#f', '/a b', '/%zz', '/%7e', '/%2A', '/a%2fb', '/\x7f', '#%zz', '#a b', '#\x01', '/"<>', '/[]', '/(*)!', "/'", '?a b', '/a?b?c#d#e', '/^`{|}', '#^`{|}', '#[]', '/%', '#%4'])}`,
      () =>
        pick([
          '',
          '*',
          '%2A',
          'a',
          '/a',
          '//a',
          '///a',
          '////a',
          '?',
          '#',
          '#a',
          '?a#b',
          ':',
          ':a',
          'a:',
          'a:b',
          'a:b?c',
          'a/b:c',
          'b%3Ac',
          '1:b',
          'mailto:a@b',
          'urn:x:y',
          'urn:x:y#z',
          'x:?y',
          'x:#',
          'x:/',
          'x://',
          'x:///',
          'x:////',
          '//u@',
          '//@',
          '//:80',
          'x://:80',
          'x://:80/',
          'x://?',
          'x://#',
          '\x00',
          'a\x01',
          'é',
          'a#é',
          './a:b',
          'X:Y',
          'x:%zz',
          'x:a b',
          '%zz',
          '%',
          '%4',
          '/%4',
        ]),
    ])();
  const text = (tag: number, value: string) => der(tag, latin1(value));
  const san = (): Uint8Array =>
    pick([
      () =>
        text(0x82, pick([domain, domain, domain, () => `*.${domain()}`, () => `*${domain()}`, oddDomain])()),
      () => text(0x81, pick([mailbox, mailbox, mailbox, oddMailbox])()),
      () => text(0x86, uri()),
      () =>
        der(0x87, oneIn(25) ? Uint8Array.from(repeat(pick([0, 3, 5, 8, 15, 17, 32]), () => 1)) : address()),
      () =>
        pick([
          der(0xa4, der(0x30)),
          der(0xa0, der(0x06, Uint8Array.of(42, 3)), der(0xa0, der(0x0c))),
          der(0x88, Uint8Array.of(42, 3)),
          der(0xa2, latin1('a')),
          der(0x80),
          der(0x83),
          der(0x16, latin1('a')),
        ]),
    ])();
  const suffix = () => pick(['', '', '.']) + domain();
  const constraint = (): Uint8Array =>
    pick([
      () => text(0x82, pick([suffix, suffix, suffix, suffix, () => '', oddDomain])()),
      () => text(0x81, pick([suffix, suffix, mailbox, mailbox, () => '', oddMailbox, oddDomain])()),
      () => text(0x86, pick([suffix, suffix, suffix, () => '', oddDomain])()),
      () => der(0x87, oneIn(25) ? Uint8Array.from(repeat(pick([0, 4, 5, 16, 31, 33]), () => 1)) : range()),
      () =>
        oneIn(3)
          ? pick([der(0xa4, der(0x30)), der(0xa0), der(0x88, Uint8Array.of(42, 3)), der(0xa2)])
          : text(0x82, suffix()),
    ])();
  const subtrees = (tag: number, count: number) =>
    der(
      tag,
      ...repeat(count, () =>
        der(0x30, constraint(), ...(oneIn(15) ? [der(0x80, Uint8Array.of(below(2)))] : [])),
      ),
    );
  const cased = (name: string) =>
    name.replace(/[a-z]/g, (letter) => (oneIn(2) ? letter.toUpperCase() : letter));
  /** So many of one kind that Go's sort is no longer stable: which spelling of a name comes first is seen in its texts. */
  const crowd = () => {
    const [tag, most] = [pick([0x82, 0x86, 0x81]), pick([13, 24, 49, 51, 90, 400])];
    const names = repeat(
      most,
      () => pick(['', '', 'x.']) + pick(['a', 'b', 'svc', 'test', 'aa', 'a-a', domain()]),
    );
    const order = pick([
      (all: string[]) => all,
      (all: string[]) => all.sort(),
      (all: string[]) => all.sort().reverse(),
    ]);
    const trees = order(names).map((name) => der(0x30, text(tag, cased(name))));
    return der(0x30, ...(oneIn(4) ? [subtrees(0xa0, 1)] : []), der(0xa1, ...trees));
  };
  const constraints = () => {
    if (oneIn(4)) return crowd();
    const [permitted, excluded] = [pick([0, 0, 1, 2, 3, 5, 20]), pick([0, 1, 1, 2, 3, 5, 20])];
    const parts = [
      ...(permitted > 0 || oneIn(20) ? [subtrees(0xa0, permitted)] : []),
      ...(excluded > 0 || oneIn(20) ? [subtrees(0xa1, excluded)] : []),
    ];
    return der(0x30, ...parts);
  };
  const dns = (value: string): GeneralName => ({ kind: 'dns', value });
  return { domain, oddDomain, address, san, constraints, dns, uri };
}

export function constraintCase(chance: Chance): Case {
  const { pick, oneIn, repeat } = chance;
  const { san, constraints } = nameMakers(chance);
  const constrained = () => [{ oid: '2.5.29.30', critical: oneIn(2), value: constraints() }];
  const sans = () => [
    { oid: '2.5.29.17', critical: oneIn(6), value: der(0x30, ...repeat(pick([0, 1, 1, 1, 2, 3]), san)) },
  ];
  const root = rootDraft('constrained root', keyOf('root'));
  const depth = pick([0, 0, 1, 2]);
  const authorities = [root];
  for (let i = 0; i < depth; i++) {
    authorities.push(intermediateDraft(`constrained ${i}`, keyOf(`constrained ${i}`), authorities.at(-1)!));
  }
  for (const draft of authorities) {
    draft.more = [...(oneIn(8) ? sans() : []), ...(oneIn(2) || depth === 0 ? constrained() : [])];
  }
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), authorities.at(-1)!, []);
  leaf.more = [...(oneIn(20) ? [] : sans()), ...(oneIn(20) ? constrained() : [])];
  const [, ...sent] = authorities;
  return caseOf({
    id: `constraints, ${depth} between`,
    leaf,
    sent: [...sent, ...(oneIn(8) ? sent.map((draft) => ({ ...draft, more: constrained() })) : [])],
    trusted: [root],
    at: NOW,
    usage: oneIn(5) ? 'server' : 'any',
    name: '',
  });
}
