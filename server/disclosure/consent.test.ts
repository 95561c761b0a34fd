import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../fault.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import type { ConsentAnswer } from '../privacy/consent-answer.ts';
import { heedConsent, isFreshYes } from './consent.ts';
import type { Admission } from './gate.ts';
import { answer, consent, dissent, found, house, nhsNumber, practice } from './house.testing.ts';
import type { House } from './house.ts';

const now = new Date('2026-11-20T10:00:00Z');
const hour = 3_600_000;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now }));
afterEach(() => void vi.useRealTimers());

const said = (one: ConsentAnswer['answer'], hoursAgo: number, at = practice): ConsentAnswer => ({
  answer: one,
  practice: at,
  answeredAt: new Date(now.getTime() - hoursAgo * hour),
});
const person = found.kind === 'found' ? found.person : undefined;
if (person === undefined) throw new Error('a person whom the demographics service knows');
const admission = (lastConsent?: ConsentAnswer, of: Admission['person'] = person): Admission => ({
  person: of,
  lastConsent,
  joined: undefined,
});

/** What is let out of the answers, in its order, and why no more was. */
async function heed(at: ReturnType<typeof house>, admitted: Admission, answers: readonly SourceAnswer[]) {
  async function* come() {
    yield* answers;
  }
  const letOut: string[] = [];
  try {
    for await (const next of heedConsent(at, admitted, come()))
      letOut.push(next.kind === 'answer' ? next.answer.source.id : next.kind);
  } catch (error) {
    return { letOut, fault: error as Fault };
  }
  return { letOut, fault: undefined };
}

const gp = (more: Partial<SourceAnswer> = {}): SourceAnswer => answer('gp', { practiceConsent: 'answered', ...more });
const silent = gp({ practiceConsent: 'silent', status: 'not-sharing', resources: [] });
const unreachable = gp({ practiceConsent: 'unreachable', status: 'timeout', resources: [] });

describe('a yes is fresh', () => {
  it.each<[string, ConsentAnswer | undefined, number, boolean]>([
    ['that is younger than the hours of the region', said('yes', 23), 24, true],
    ['and not one that is just as old', said('yes', 24), 24, false],
    ['and none where the region always waits, not even this very moment’s', said('yes', 0), 0, false],
    ['and not a no', said('no', 1), 24, false],
    ['and not another practice’s', said('yes', 1, 'M83002'), 24, false],
    ['and not one that was never said', undefined, 24, false],
  ])('%s', (_name, last, freshHours, expected) => {
    expect(isFreshYes(last, practice, freshHours, now.getTime())).toBe(expected);
  });

  it('and lets the others go ahead, where a fresh no does not', async () => {
    const answers = [answer('acute'), gp({ resources: [dissent('2024-01-01')] })];
    expect((await heed(house({}), admission(said('yes', 1)), answers)).letOut).toEqual(['permitted', 'acute']);
    expect((await heed(house({}), admission(said('no', 1)), answers)).letOut).toEqual([]);
  });
});

describe('why a record is refused stands in the reason', () => {
  it.each<[string, ConsentAnswer | undefined, readonly SourceAnswer[], string]>([
    ['the practice said that there is no consent', undefined, [gp({ practiceConsent: 'refused' })], 'practice'],
    ['its record holds a dissent', undefined, [gp({ resources: [dissent('2024-01-01')] })], 'practice'],
    [
      'what it gave unproved holds one',
      undefined,
      [gp({ resources: [], unproved: [dissent('2024-01-01')] })],
      'practice',
    ],
    ['its last no stands while it cannot be reached', said('no', 1000), [unreachable], 'practice'],
    ['its last no stands where it is not there to be asked', said('no', 1000), [silent], 'practice'],
    ['its last no stands where nobody asks it', said('no', 1000), [], 'practice'],
    [
      'another source’s record holds a dissent',
      undefined,
      [answer('acute', { resources: [dissent('2024-01-01')] })],
      'source',
    ],
  ])('%s', async (_name, last, answers, where) => {
    const at = house({});
    const { sources, ...config } = at.config;
    const others = answers.length === 0 ? sources.filter(({ kind }) => kind !== 'gp-connect') : sources;
    expect(await heed({ ...at, config: { ...config, sources: others } }, admission(last), answers)).toMatchObject({
      letOut: [],
      fault: { code: 'record-refused', detail: `dissent-at-${where}` },
    });
  });
});

describe('what the practice said is kept', () => {
  const remembering = (keep: House['consentAnswers']['remember']) => {
    const at = house({});
    return { ...at, consentAnswers: { ...at.consentAnswers, remember: keep } };
  };

  it.each<[string, Admission, SourceAnswer, readonly unknown[]]>([
    ['its yes, of when it answered', admission(), gp(), [nhsNumber, practice, 'yes', new Date('2026-11-20T09:41:00Z')]],
    ['a consent as a yes', admission(), gp({ resources: [consent('2024-01-01')] }), [nhsNumber, practice, 'yes']],
    ['a dissent as a no', admission(), gp({ resources: [dissent('2024-01-01')] }), [nhsNumber, practice, 'no']],
    ['its refusal as a no', admission(), gp({ practiceConsent: 'refused' }), [nhsNumber, practice, 'no']],
    [
      'under the organisation that answered, where the demographics service names no practice',
      admission(undefined, { nhsNumber, birthDate: person.birthDate, patient: person.patient }),
      gp(),
      [nhsNumber, 'RJE', 'yes'],
    ],
  ])('%s', async (_name, admitted, one, expected) => {
    const kept: unknown[] = [];
    await heed(
      remembering(async (...what) => void kept.push(...what)),
      admitted,
      [one],
    );
    expect(kept.slice(0, expected.length)).toEqual(expected);
  });

  it('but not of a person without a number, nor of an answer that is not the practice’s, nor of its silence', async () => {
    const kept: unknown[] = [];
    const at = remembering(async (...what) => void kept.push(what));
    const atHost = admission(undefined, { hostPatientId: 'p7', patient: { resourceType: 'Patient', id: 'h7' } });
    expect((await heed(at, atHost, [gp()])).letOut).toEqual(['permitted', 'gp']);
    await heed(at, admission(), [answer('acute'), silent]);
    await heed(at, admission(said('yes', 1)), [unreachable]);
    expect(kept).toEqual([]);
  });

  it('or nothing leaves', async () => {
    const cause = new Error('disk full');
    const at = remembering(() => Promise.reject(cause));
    expect(await heed(at, admission(), [answer('acute'), gp()])).toMatchObject({
      letOut: [],
      fault: { code: 'undecided', detail: expect.stringContaining('could not be kept') as string, cause },
    });
  });
});

describe('while the practice cannot be reached', () => {
  it.each<[string, ConsentAnswer, readonly string[]]>([
    ['its yes stands through the last of the region’s days', said('yes', 7 * 24), ['permitted', 'acute', 'gp']],
    ['and not a moment longer', said('yes', 7 * 24 + 0.001), []],
    ['its no refuses, also another practice’s', said('no', 1000, 'M83002'), []],
  ])('%s', async (_name, last, expected) => {
    expect((await heed(house({}), admission(last), [answer('acute'), unreachable])).letOut).toEqual(expected);
  });

  it('its fresh yes has let the record go ahead, and it goes on', async () => {
    const last = said('yes', 1);
    const { letOut } = await heed(house({ region: { consentAnswerDays: 0 } }), admission(last), [unreachable]);
    expect(letOut).toEqual(['permitted', 'gp']);
  });

  it('nothing leaves where it never answered, and the log says why', async () => {
    for (const answers of [[answer('acute'), unreachable], [answer('acute')]])
      expect(await heed(house({}), admission(), answers)).toMatchObject({
        letOut: [],
        fault: { code: 'undecided', detail: expect.stringContaining('registered practice') as string },
      });
  });
});

it('says once that answers may leave, however many of them are the practice’s', async () => {
  const { letOut } = await heed(house({}), admission(), [answer('acute'), gp(), gp(), silent, answer('later')]);
  expect(letOut).toEqual(['permitted', 'acute', 'gp', 'gp', 'gp', 'later']);
});

it('lets all go where the region has no practices to ask, in their order', async () => {
  const at = house({});
  const sources = at.config.sources.filter(({ kind }) => kind !== 'gp-connect');
  const { letOut } = await heed({ ...at, config: { ...at.config, sources } }, admission(), [
    answer('acute'),
    answer('council'),
  ]);
  expect(letOut).toEqual(['permitted', 'acute', 'council']);
});
