import { describe, expect, it } from 'vitest';
import { regionSchema } from '../../config/schema.ts';
import { checkFindForm, readFindForm, type FindTyped, type Search } from './find.ts';

const region = regionSchema.parse({
  name: 'Test',
  contacts: { pals: '0', email: 'a@b.example', reverseEmail: 'a@b.example' },
});
const day = { 'birthDate-day': '17', 'birthDate-month': '4', 'birthDate-year': '1961' };
const why = { reason: 'call', reasonText: 'Fell at home' };
const byNumber = { nhsNumber: '999 000 0018', ...day, ...why };
const byTrace = { family: "O'Neill-Šmíd", given: 'Siân Mary', ...day, gender: 'female', postcode: 'st46qg', ...why };

const check = (typed: FindTyped, kind: Search['by']['kind'] = 'number') =>
  checkFindForm(kind, region, typed, '2026-11-20');
const mistakes = (typed: FindTyped, kind: Search['by']['kind'] = 'number') => {
  const checked = check(typed, kind);
  return checked.kind === 'wrong' ? checked.errors.map(({ field, text }) => `${field}: ${text}`) : [];
};

describe('a find form', () => {
  it('by number is whole', () => {
    expect(check(byNumber)).toEqual({
      kind: 'good',
      search: {
        reason: { code: 'call', text: 'Fell at home' },
        by: { kind: 'number', nhsNumber: '9990000018', birthDate: '1961-04-17' },
      },
    });
    expect(check({ ...byNumber, nhsNumber: '999-000-0018' })).toMatchObject({ kind: 'good' });
  });

  it('by trace is whole, its postcode as the Post Office writes it', () => {
    expect(check(byTrace, 'trace')).toMatchObject({
      search: {
        by: {
          traced: {
            family: "O'Neill-Šmíd",
            given: 'Siân Mary',
            birthDate: '1961-04-17',
            gender: 'female',
            postcode: 'ST4 6QG',
          },
        },
      },
    });
  });

  it('says all that is wrong at once, in the order of the page', () => {
    expect(mistakes({})).toEqual([
      'nhsNumber: Enter the NHS number',
      'birthDate: Enter the birth date',
      'reason: Choose why you look for this person',
      'reasonText: Say why in your own words, in 5 characters or more',
    ]);
    expect(mistakes({}, 'trace').map((line) => line.split(':')[0])).toEqual([
      'family',
      'given',
      'birthDate',
      'gender',
      'postcode',
      'reason',
      'reasonText',
    ]);
  });

  it.each<[FindTyped, RegExp]>([
    [{ nhsNumber: '9990000019' }, /^nhsNumber: Check/],
    [{ nhsNumber: '999000001' }, /^nhsNumber: Check/],
    [{ 'birthDate-day': '' }, /^birthDate: The birth date must have a day$/],
    [{ 'birthDate-day': '31', 'birthDate-month': '2' }, /real date/],
    [{ 'birthDate-year': '61' }, /4 digits/],
    [{ 'birthDate-year': '1' }, /4 digits/],
    [{ 'birthDate-month': 'Apr' }, /real date/],
    [{ 'birthDate-year': '2026', 'birthDate-month': '11', 'birthDate-day': '21' }, /in the past/],
    [{ reason: 'curiosity' }, /^reason: /],
    [{ reasonText: 'abcd' }, /5 characters or more/],
    [{ reasonText: 'x'.repeat(201) }, /200 characters or fewer/],
    [{ reasonText: 'Fell\u0000 at home' }, /plain letters/],
    [{ reasonText: 'Fell \u202Eemoh ta' }, /plain letters/],
    [{ reasonText: 'Fell\nat home' }, /plain letters/],
  ])('is not taken with %j', (more, expected) => {
    const typed = Object.fromEntries(Object.entries({ ...byNumber, ...more }).filter(([, value]) => value !== ''));
    expect(mistakes(typed)).toEqual([expect.stringMatching(expected)]);
  });

  it.each<[FindTyped, RegExp]>([
    [{ family: 'Sm*' }, /^family: .*letters/],
    [{ given: '?' }, /^given: .*letters/],
    [{ family: 'x'.repeat(36) }, /^family/],
    [{ gender: 'any' }, /^gender/],
    [{ postcode: 'ST4' }, /whole postcode/],
    [{ postcode: 'ST*6QG' }, /whole postcode/],
  ])('of a trace is not taken with %j', (more, expected) => {
    expect(mistakes({ ...byTrace, ...more }, 'trace')).toEqual([expect.stringMatching(expected)]);
  });

  it('counts a field that is empty, far too long, sent twice or no text as not filled in', () => {
    expect(
      readFindForm({
        nhsNumber: ' ',
        family: 'x'.repeat(401),
        given: ['a', 'b'],
        reason: 7,
        postcode: ' ST4 ',
        x: '1',
      }),
    ).toEqual({ postcode: 'ST4' });
    for (const body of [undefined, null, 'x', []]) expect(readFindForm(body)).toEqual({});
  });
});
