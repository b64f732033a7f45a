/** Host names that are asked for, and the names that certificates carry: strange ones, none, a hundred. */
import type { Name } from '../../../src/x509/index.ts';
import { der } from '../../judges/der-tree.ts';
import { keyOf, leafDraft, nameOf, NOW, rootDraft } from '../../judges/mint.ts';
import type { Chance } from '../chance.ts';
import { type Case, caseOf } from '../differential.ts';
import { nameMakers } from './constraints.ts';

const ODD_HOSTS = [
  '[::1',
  '[::1]',
  '[10.0.0.1]',
  '[a]',
  '[]',
  '[',
  ']',
  '::1%lo',
  '[::1%lo]',
  '010.0.0.1',
  '1.2.3',
  '1.2.3.4.5',
  '::',
  ':',
  '.',
  '..',
  '*',
  '*.',
  '*.a',
  'a.*',
  'é.a',
  'É',
  'xn--a',
  'a_b',
  '_',
  '-',
  '-a',
  'a-',
  'a.-b',
  'A.B',
  'a..b',
  'a.',
  'a..',
  ' a',
  'a b',
  '\0',
  'a\0',
  '\u212a',
  '\u0130',
  '💥',
  '::ffff:10.0.0.1',
  '[::FFFF:a00:1]',
  '0:0:0:0:0:0:0:1',
  '::1.2.3.4',
  '10.0.0.1:443',
  'a:443',
  'a/b',
  'x'.repeat(300),
  `${'a'.repeat(64)}.a`,
  '256.0.0.1',
  '0x0a.0.0.1',
  '1e1',
  'fd00::1:0:0:0',
  '%',
  '"',
  '\\',
  '<a>',
  '\u{10ffff}',
];

/** A subject of several attributes, each in a string type of its own. */
function anySubject({ pick, oneIn, repeat }: Chance, text: () => string): Name {
  const attribute = () => {
    const type = pick([
      [0x55, 4, 3],
      [0x55, 4, 3],
      [0x55, 4, 10],
      [0x55, 4, 11],
      [0x55, 4, 5],
      [42, 3, 4],
    ]);
    const [tag, encoding] = pick([
      [0x0c, 'utf8'],
      [0x13, 'latin1'],
      [0x14, 'latin1'],
      [0x16, 'latin1'],
      [0x1e, 'utf16le'],
      [0x12, 'latin1'],
    ] as const);
    const octets = Buffer.from(text(), encoding);
    const content =
      tag === 0x1e
        ? octets.swap16()
        : tag === 0x14 || tag === 0x0c
          ? octets
          : octets.filter((octet) =>
              tag === 0x13
                ? /[A-Za-z0-9 '()+,\-./:=?*&]/.test(String.fromCharCode(octet))
                : tag === 0x12
                  ? octet === 0x20 || (octet >= 0x30 && octet <= 0x39)
                  : octet < 0x80,
            );
    return der(0x30, der(0x06, Uint8Array.from(type)), der(tag, new Uint8Array(content)));
  };
  const rdn = () => der(0x31, ...repeat(pick([1, 1, 1, 2]), attribute));
  return { rdns: [], der: der(0x30, ...repeat(oneIn(12) ? 0 : pick([1, 1, 2, 3]), rdn)) };
}

const root = rootDraft('hosts root', keyOf('root'));

export function hostCase(chance: Chance): Case {
  const { pick, oneIn, repeat } = chance;
  const { domain, oddDomain, address, san } = nameMakers(chance);
  const text = (tag: number, value: string) => der(tag, new Uint8Array(Buffer.from(value, 'latin1')));
  const host = () =>
    pick([
      domain,
      domain,
      () => `*.${domain()}`,
      () => `${domain()}.`,
      () => domain().toUpperCase(),
      () => `a*.${domain()}`,
      () => `-${domain()}`,
    ])();
  const name = () =>
    pick([
      () => text(0x82, host()),
      () => text(0x82, host()),
      () => der(0x87, address()),
      () => text(0x82, oddDomain().replace(/[^\0-\x7f]/g, '')),
      san,
    ])();
  const count = pick([0, 1, 1, 1, 2, 3, 99, 100, 101]);
  const kinds = count > 50 ? pick([() => text(0x82, host()), () => der(0x87, address()), name]) : name;
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), root, []);
  leaf.subject = oneIn(3)
    ? anySubject(chance, () => pick([host, oddDomain, () => pick(ODD_HOSTS)])())
    : nameOf(pick([host, host, () => '10.0.0.1'])());
  leaf.more = oneIn(3)
    ? []
    : [{ oid: '2.5.29.17', critical: oneIn(6), value: der(0x30, ...repeat(count, kinds)) }];
  const ipText = () => {
    const octets = address();
    return octets.length === 4
      ? octets.join('.')
      : Array.from({ length: 8 }, (_, i) => ((octets[2 * i]! << 8) | octets[2 * i + 1]!).toString(16)).join(
          ':',
        );
  };
  return caseOf({
    id: `hosts, ${count} names`,
    leaf,
    sent: [],
    trusted: [root],
    at: NOW,
    usage: 'any',
    name: pick([host, host, host, ipText, () => `[${ipText()}]`, () => pick(ODD_HOSTS), oddDomain])(),
  });
}

/** Hints that quote the names of authorities. */
export function subjectCase(chance: Chance): Case {
  const { pick, oneIn, below, repeat } = chance;
  const character = () =>
    pick([
      () => String.fromCodePoint(below(0x80)),
      () => String.fromCodePoint(below(0x300)),
      () => String.fromCodePoint(0x2000 + below(0x100)),
      () => String.fromCodePoint(below(0xd800)),
      () => String.fromCodePoint(0xe000 + below(0x2000)),
      () => String.fromCodePoint(0x1_0000 + below(0x2_5000)),
      () =>
        pick([
          '"',
          '\\',
          '\n',
          '\t',
          '\u200b',
          '\u00ad',
          '\ufeff',
          '\ufffd',
          '\u{e0001}',
          '\u{10ffff}',
          '\u{1f9ff}',
        ]),
    ])();
  const subject = anySubject(chance, () => repeat(pick([0, 1, 2, 5]), character).join(''));
  const authority = { ...rootDraft('x', keyOf('root')), subject, issuer: subject };
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), authority, ['x']);
  const impostor = { ...authority, key: keyOf('impostor') };
  if (oneIn(3)) impostor.basicConstraints = undefined;
  return caseOf({
    id: 'subjects',
    leaf,
    sent: oneIn(4) ? [impostor] : [],
    trusted: [impostor, ...(oneIn(8) ? [authority] : [])],
    at: NOW,
    usage: 'server',
    name: '',
  });
}
