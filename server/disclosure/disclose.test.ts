import { describe, expect, it } from 'vitest';
import { Fault } from '../fault.ts';
import { disclose, type Release } from './disclose.ts';
import {
  answer,
  condition,
  consent,
  dissent,
  found,
  house,
  practice,
  request,
  session,
  source,
} from './house.testing.ts';

type Outcome = { readonly releases: readonly Release[]; readonly fault: Fault | undefined };

/** Runs a disclosure to its end and tells what left before it. */
async function run(at: ReturnType<typeof house>, asked = request()): Promise<Outcome> {
  const releases: Release[] = [];
  try {
    for await (const release of disclose(at, asked)) releases.push(release);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { releases, fault: error };
  }
  return { releases, fault: undefined };
}

const shape = ({ releases }: Outcome): readonly string[] =>
  releases.map((one) =>
    one.kind === 'source' ? String(one.ending['id']) : one.kind === 'record' ? `record ${one.status}` : one.kind,
  );

const gp = answer('gp', { practiceConsent: 'answered' });
const yes = (hoursAgo: number) => ({
  answer: 'yes' as const,
  practice,
  answeredAt: new Date(Date.now() - hoursAgo * 3_600_000),
});
const no = (hoursAgo: number) => ({ ...yes(hoursAgo), answer: 'no' as const });

describe('the gate', () => {
  it.each([
    ['an objection', { objected: true }],
    ['a restricted person', { demographics: { kind: 'restricted' } }],
    ['a person nobody knows', { demographics: { kind: 'unknown' } }],
    [
      'a birth date that has changed since',
      {
        demographics: {
          ...found,
          person: { ...(found.kind === 'found' ? found.person : ({} as never)), birthDate: '1999-01-01' },
        },
      },
    ],
  ] as const)('%s: refused in the same words, no source asked, on the audit trail', async (_name, options) => {
    const at = house({ answers: [gp], ...options });
    const outcome = await run(at);
    expect(outcome.releases).toEqual([]);
    expect(outcome.fault).toMatchObject({
      code: 'record-refused',
      message: "This person's information is not available in One Health and Care",
    });
    expect(at.asked).toEqual([]);
    expect(at.audited).toMatchObject([{ type: 'disclosure', outcome: 'refused' }]);
  });

  it.each([
    ['the register', { objected: new Error('down') }],
    ['the demographics service', { demographics: new Error('down') }],
  ])('%s cannot be read: undecided, not refused', async (_name, options) => {
    const at = house({ answers: [gp], ...options });
    expect((await run(at)).fault?.code).toBe('undecided');
    expect(at.asked).toEqual([]);
  });

  it('a launch for nobody shows nobody', async () => {
    const { patient: _patient, ...context } = session.context;
    expect((await run(house({}), request({ session: { ...session, context } }))).fault?.code).toBe('not-permitted');
  });
});

describe('the registered practice is heard before anything leaves', () => {
  it('the others wait for it, and then follow in their order', async () => {
    const at = house({ answers: [answer('acute'), gp, answer('later')] });
    expect(shape(await run(at))).toEqual(['patient', 'source-acute', 'source-gp', 'source-later', 'record complete']);
    expect(at.remembered).toEqual(['yes']);
  });

  it('dissent there refuses all, also what came before it', async () => {
    const at = house({
      answers: [answer('acute'), answer('gp', { practiceConsent: 'answered', resources: [dissent('2024-01-01')] })],
    });
    const outcome = await run(at);
    expect(outcome.releases).toEqual([]);
    expect(outcome.fault?.code).toBe('record-refused');
    expect(at.remembered).toEqual(['no']);
  });

  it('NO_PATIENT_CONSENT from it refuses all', async () => {
    const at = house({ answers: [answer('acute'), answer('gp', { practiceConsent: 'refused', resources: [] })] });
    expect(await run(at)).toMatchObject({ releases: [], fault: { code: 'record-refused' } });
    expect(at.remembered).toEqual(['no']);
  });

  it('a fresh yes lets the others go ahead', async () => {
    const at = house({ last: yes(1), answers: [answer('acute'), gp] });
    expect(shape(await run(at))).toEqual(['patient', 'source-acute', 'source-gp', 'record complete']);
  });

  it('after a fresh yes, dissent at it ends the record in the middle', async () => {
    const at = house({
      last: yes(1),
      answers: [
        answer('acute'),
        answer('gp', { practiceConsent: 'answered', resources: [dissent('2024-01-01')] }),
        answer('later'),
      ],
    });
    const outcome = await run(at);
    expect(shape(outcome)).toEqual(['patient', 'source-acute']);
    expect(outcome.fault?.code).toBe('record-refused');
  });

  it('a yes of yesterday, or of another practice, or a setting of 0 hours, does not', async () => {
    const dissenting = [
      answer('acute'),
      answer('gp', { practiceConsent: 'answered', resources: [dissent('2024-01-01')] }),
    ];
    for (const options of [
      { last: yes(25) },
      { last: { ...yes(1), practice: 'M83002' } },
      { last: yes(1), region: { consentAnswerFreshHours: 0 } },
    ]) {
      expect((await run(house({ ...options, answers: dissenting }))).releases).toEqual([]);
    }
  });

  it('no practice to wait for: shown', async () => {
    const at = house({
      answers: [answer('acute'), answer('gp', { practiceConsent: 'silent', status: 'no-record', resources: [] })],
    });
    expect(shape(await run(at))).toEqual(['patient', 'source-acute', 'source-gp', 'record complete']);
    expect(at.remembered).toEqual([]);
  });
});

describe('the registered practice is not there to be asked', () => {
  const notThere = answer('gp', { practiceConsent: 'silent', status: 'not-sharing', resources: [] });
  const practiceless = { sources: [source('acute')] };

  it.each([
    ['its last no, in a list that it sent, refuses', no(1000), 'record-refused'],
    ['the last no of a practice where the person was before does not', { ...no(1), practice: 'M83002' }, undefined],
    ['its last yes does not', yes(1000), undefined],
  ])('%s', async (_name, last, expected) => {
    for (const at of [
      house({ last, answers: [answer('acute'), notThere] }),
      { ...house({ last, answers: [answer('acute')] }), config: { ...house({}).config, ...practiceless } },
    ]) {
      const outcome = await run(at);
      expect(outcome.fault?.code).toBe(expected);
      expect(outcome.releases.length > 0).toBe(expected === undefined);
    }
  });
});

describe('the registered practice cannot be reached', () => {
  const unreachable = answer('gp', { practiceConsent: 'unreachable', status: 'timeout', resources: [] });
  it.each([
    ['its yes of three days ago stands', { last: yes(72) }, undefined],
    ['its yes of eight days ago does not', { last: yes(8 * 24) }, 'undecided'],
    ['its last no refuses, however old', { last: no(1000) }, 'record-refused'],
    ['it never answered: undecided', {}, 'undecided'],
    ['it never answered, and the region shows', { region: { practiceUnreachable: 'show' as const } }, undefined],
  ])('%s', async (_name, options, expected) => {
    const outcome = await run(house({ ...options, answers: [answer('acute'), unreachable] }));
    expect(outcome.fault?.code).toBe(expected);
    expect(outcome.releases.length > 0).toBe(expected === undefined);
  });

  it('a practice that never comes back at all is one that cannot be reached', async () => {
    expect((await run(house({ answers: [answer('acute')] }))).fault?.code).toBe('undecided');
  });
});

describe('dissent at another source', () => {
  it('refuses before anything has left', async () => {
    expect(await run(house({ answers: [answer('acute', { resources: [dissent('2024-01-01')] }), gp] }))).toMatchObject({
      releases: [],
      fault: { code: 'record-refused' },
    });
  });

  it('is outdone by a later consent that was heard before it', async () => {
    const later = answer('gp', { practiceConsent: 'answered', resources: [consent('2025-01-01')] });
    expect(
      (await run(house({ answers: [later, answer('acute', { resources: [dissent('2024-01-01')] })] }))).fault,
    ).toBeUndefined();
  });
});

describe('what leaves', () => {
  it('is what the filter and the scopes leave of each answer', async () => {
    const at = house({
      answers: [
        answer('gp', {
          practiceConsent: 'answered',
          resources: [condition('a', '195967001'), condition('b', '15628003')],
        }),
      ],
      withhold: (all) => all.filter((one) => one['id'] !== 'b'),
    });
    const shown = await run(at);
    expect(shown.releases.find((one) => one.kind === 'source')).toMatchObject({ resources: [{ id: 'a' }] });
    const narrowed = await run(at, request({ session: { ...session, scopes: ['patient/Patient.rs'] } }));
    expect(narrowed.releases.find((one) => one.kind === 'source')).toMatchObject({ resources: [] });
  });

  it('a filter that throws withholds the whole answer and says in part', async () => {
    const at = house({
      answers: [gp],
      withhold: () => {
        throw new Error('broken');
      },
    });
    const outcome = await run(at);
    expect(outcome.releases.find((one) => one.kind === 'source')).toMatchObject({
      resources: [],
      ending: { issue: [{ details: { coding: [{ code: 'partial' }] } }] },
    });
    expect(shape(outcome).at(-1)).toBe('record partial');
  });

  it('nothing where the audit row cannot be written', async () => {
    const at = house({
      answers: [gp],
      audit: async () => {
        throw new Error('disk full');
      },
    });
    const releases: Release[] = [];
    await expect(
      (async () => {
        for await (const release of disclose(at, request())) releases.push(release);
      })(),
    ).rejects.toMatchObject({ code: 'exception', message: expect.stringContaining('audit trail') as string });
    expect(releases).toEqual([]);
  });

  it('is on the audit trail before the first of it', async () => {
    const at = house({ answers: [gp] });
    const stream = disclose(at, request());
    await stream.next();
    expect(at.audited).toMatchObject([
      { outcome: 'success', user: { id: 'u1' }, nhsNumber: '9990000018', detail: { request: '$everything' } },
    ]);
    await stream.return();
  });

  it('is on the audit trail with the reason that the user gave where they found the person by hand', async () => {
    const at = house({ answers: [gp] });
    const reason = { code: 'call', text: 'Fell at home' };
    const { session } = request();
    for await (const _ of disclose(at, request({ session: { ...session, context: { ...session.context, reason } } })));
    expect(at.audited.map(({ purpose }) => purpose)).toEqual([reason, reason]);
  });

  it('says that something is missing where a source is not whole', async () => {
    const at = house({ answers: [gp, answer('acute', { status: 'timeout', resources: [] })] });
    expect(shape(await run(at)).at(-1)).toBe('record partial');
  });

  it('asks nobody beyond the gate where the reader stops at the Patient and consent is fresh', async () => {
    const at = house({ last: yes(1), answers: [gp] });
    for await (const release of disclose(at, request())) if (release.kind === 'patient') break;
    expect(at.asked).toEqual([]);
  });

  it('gathers contacts of the sources in the one Patient, each naming its source', async () => {
    const at = house({
      answers: [
        answer('gp', {
          practiceConsent: 'answered',
          contacts: [{ element: 'telecom', value: { system: 'phone', value: '01632 960 001' } }],
        }),
      ],
    });
    const { releases } = await run(at);
    expect(releases.at(-1)).toMatchObject({
      kind: 'record',
      patient: { telecom: [{ value: '01632 960 001', extension: [{ valueString: 'GP' }] }] },
    });
  });
});
