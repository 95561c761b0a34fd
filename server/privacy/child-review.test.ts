import { describe, expect, it } from 'vitest';
import { childReview, isAdult } from './child-review.ts';

const at = (day: string): Date => new Date(`${day}T12:00:00Z`);
const raised = {
  requester: 'guardian',
  isOpen: true,
  birthDate: '2012-06-15',
  receivedAt: at('2024-01-10'),
  reviewedAt: [],
};

describe('a parent’s objection', () => {
  it.each([
    ['2027-01-01', { age: 16, birthday: '2028-06-15', due: false }],
    ['2028-03-16', { age: 16, birthday: '2028-06-15', due: false }],
    ['2028-03-17', { age: 16, birthday: '2028-06-15', due: true }],
    ['2029-01-01', { age: 16, birthday: '2028-06-15', due: true }],
  ])('is listed on %s', (day, expected) => {
    expect(childReview(raised, at(day))).toEqual(expected);
  });

  it('is listed again before the eighteenth birthday, and then no more', () => {
    const once = { ...raised, reviewedAt: [at('2028-04-01')] };
    expect(childReview(once, at('2028-05-01'))).toEqual({ age: 18, birthday: '2030-06-15', due: false });
    expect(childReview(once, at('2030-05-01'))).toMatchObject({ age: 18, due: true });
    expect(
      childReview({ ...once, reviewedAt: [...once.reviewedAt, at('2030-06-01')] }, at('2030-07-01')),
    ).toBeUndefined();
  });

  it('that is reviewed too early is reviewed again', () => {
    expect(childReview({ ...raised, reviewedAt: [at('2025-01-01')] }, at('2028-06-01'))).toMatchObject({
      age: 16,
      due: true,
    });
  });

  it('raised at seventeen is looked at before eighteen alone', () => {
    expect(childReview({ ...raised, receivedAt: at('2029-01-01') }, at('2029-02-01'))).toMatchObject({ age: 18 });
  });

  it('of a child born on 29 February is listed in time in a year without one', () => {
    const leap = { ...raised, birthDate: '2012-02-29', reviewedAt: [at('2028-02-01')] };
    expect(childReview(leap, at('2029-01-01'))).toMatchObject({ age: 18, birthday: '2030-02-28' });
    const before2100 = { ...raised, birthDate: '2084-02-29' };
    expect(childReview(before2100, at('2099-01-01'))).toMatchObject({ age: 16, birthday: '2100-02-28' });
  });

  it('is listed from the first moment of its day, and reviewed from then', () => {
    const first = new Date('2028-03-17T00:00:00Z');
    expect(childReview(raised, first)).toMatchObject({ age: 16, due: true });
    expect(childReview({ ...raised, reviewedAt: [first] }, first)).toMatchObject({ age: 18, due: false });
  });

  it('raised on the sixteenth birthday is looked at before eighteen alone', () => {
    const birthday = new Date('2028-06-15T00:00:00Z');
    expect(childReview({ ...raised, receivedAt: birthday }, birthday)).toMatchObject({ age: 18 });
  });

  it.each([{ requester: 'person' }, { requester: 'representative' }, { isOpen: false }])(
    'and no other: %j is not listed',
    (more) => {
      expect(childReview({ ...raised, ...more }, at('2028-06-01'))).toBeUndefined();
    },
  );
});

it.each([
  ['2012-06-15', '2030-06-14', false],
  ['2012-06-15', '2030-06-15', true],
  ['2012-02-29', '2030-02-27', false],
  ['2012-02-29', '2030-02-28', true],
  ['1961-04-17', '2026-01-31', true],
])('whoever was born on %s is an adult on %s: %j', (birthDate, day, expected) => {
  expect(isAdult(birthDate, new Date(`${day}T00:00:00Z`))).toBe(expected);
});
