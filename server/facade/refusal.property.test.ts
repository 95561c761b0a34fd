import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, dissent, found, house, practice } from '../disclosure/house.testing.ts';
import { openFacade, person } from './facade.testing.ts';

const gp = answer('gp', { practiceConsent: 'answered' });
const silent = answer('gp', { practiceConsent: 'silent', resources: [] });
const answeredAt = new Date('2026-11-19T09:00:00Z');

/** Each reason for which a record is refused, as the parts of the server meet it. */
const reasons: Readonly<Record<string, Parameters<typeof house>[0]>> = {
  'an objection in the register': { objected: true },
  'a restricted record': { demographics: { kind: 'restricted' } },
  'a person whom the demographics service does not know': { demographics: { kind: 'unknown' } },
  'another birth date than the one that was launched with': {
    demographics: found.kind === 'found' ? { ...found, person: { ...found.person, birthDate: '1961-04-18' } } : found,
  },
  'a no in the record of the practice': { answers: [{ ...gp, resources: [dissent('2024-01-01')] }] },
  'a no of the practice by refusal': { answers: [answer('gp', { practiceConsent: 'refused', resources: [] })] },
  'a no of another source': { answers: [answer('acute', { resources: [dissent('2024-01-01')] }), gp] },
  'the last no of a practice that cannot be reached': {
    last: { answer: 'no', practice, answeredAt },
    answers: [answer('gp', { practiceConsent: 'unreachable', status: 'timeout', resources: [] })],
  },
  'the listed no of a practice that does not share': {
    last: { answer: 'no', practice, answeredAt },
    answers: [silent],
  },
};

/** What of the person's may be asked for, as an app or a curious user may put it. */
const path = fc.oneof(
  fc
    .constantFrom('', '/$everything', '/$summary', '/$everything?_type=Condition', '/$everything?_count=1')
    .map((rest) => `Patient/${person}${rest}`),
  fc
    .tuple(
      fc.constantFrom('Condition', 'Observation', 'MedicationRequest', 'DocumentReference', 'AllergyIntolerance'),
      fc.constantFrom('', `?patient=${person}`, `?patient=${person}&_count=1`, '?_id=some-id', '/some-id'),
    )
    .map(([type, rest]) => `${type}${rest}`),
  fc.constantFrom('Binary/some-id', `Patient?_id=${person}`),
);
/** The record alone, and unpaged, comes as lines too. */
const asked = fc.oneof(
  fc.record({ path, accept: fc.constantFrom('application/fhir+json', '*/*') }),
  fc.constant({ path: `Patient/${person}/$everything`, accept: 'application/fhir+ndjson' }),
);
const question = fc.record({
  asked,
  encoding: fc.constantFrom('identity', 'gzip', 'br'),
  method: fc.constantFrom('GET', 'HEAD'),
});

describe('unequal reasons', () => {
  const facades = new Map<string, Awaited<ReturnType<typeof openFacade>>>();
  beforeAll(async () => {
    for (const [reason, options] of Object.entries(reasons)) facades.set(reason, await openFacade(house(options)));
  });
  afterAll(() => Promise.all([...facades.values()].map((one) => one.close())));

  it('are refused with the same status, headers and bytes, whatever is asked', async () => {
    await fc.assert(
      fc.asyncProperty(question, async ({ asked: { path, accept }, encoding, method }) => {
        const answers = await Promise.all(
          [...facades.values()].map(async ({ ask }) => {
            const { status, headers, text } = await ask(path, {
              method,
              headers: { accept, 'accept-encoding': encoding },
            });
            return { status, headers: [...headers].filter(([name]) => name !== 'date'), text };
          }),
        );
        expect(answers[0]?.status).toBe(403);
        for (const one of answers) expect(one).toEqual(answers[0]);
      }),
      { numRuns: 60 },
    );
  });
});
