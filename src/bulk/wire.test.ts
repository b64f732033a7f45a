import { array, assert, boolean, constantFrom, integer, property, record, type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAF } from '../../test/judges/templates.ts';
import type { CertificateTemplate } from '../issue/index.ts';
import type { Draft, Question } from './types.ts';
import { draftsIn, questionOf } from './wire.ts';

const draftOf = (template: CertificateTemplate): Draft => ({
  template,
  key: 'ecdsa-p256',
  scalar: Uint8Array.of(1, 2),
  serial: Uint8Array.of(3),
});

const names = array(constantFrom('a', 'b', 'c', '__proto__'), { maxLength: 4 });
const template: Arbitrary<CertificateTemplate> = record(
  {
    dnsNames: names,
    uris: names,
    emails: names,
    backdate: integer(),
    sortDnsNames: boolean(),
    lifetime: integer(),
  },
  { requiredKeys: ['dnsNames', 'uris', 'lifetime'] },
).map((said) => ({ ...LEAF, ...said }));

const sent = (templates: readonly CertificateTemplate[]): Question =>
  questionOf({ drafts: templates.map(draftOf), ids: templates.map(String), now: 0 });

const arrived = (question: Question) => draftsIn(structuredClone(question)).map((draft) => draft.template);

describe('what goes between processes', () => {
  it('arrives as it was sent, whatever one template says otherwise than the one before', () => {
    assert(
      property(array(template, { minLength: 1, maxLength: 6 }), (templates) => {
        expect(arrived(sent(templates))).toEqual(templates);
      }),
    );
  });

  it('says of a list in which one name is another nothing but that name', () => {
    const of = (name: string) => ({ ...LEAF, dnsNames: ['kubernetes', name, 'localhost'] });
    const templates = [of('one'), of('two'), of('three')];
    const question = sent(templates);
    expect(question.json.match(/kubernetes/g)).toHaveLength(1);
    expect(arrived(question)).toEqual(templates);
  });
});
