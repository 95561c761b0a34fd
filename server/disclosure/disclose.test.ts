import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import type { AuditEntry } from '../audit/entry.ts';
import { Fault } from '../fault.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import { disclose, type Release } from './disclose.ts';
import {
  answer,
  clinician,
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
import { refused } from './refusal.ts';

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

describe('what is on the audit trail', () => {
  const whose = {
    type: 'disclosure',
    action: 'R',
    user: { host: 'epr', id: 'u1', name: 'Dr Test' },
    organisation: { ods: 'RJE', name: 'Trust' },
    role: 'R8000',
    clientId: 'viewer',
    launchId: 'launch-1',
    nhsNumber: '9990000018',
  };

  it('is who looked at whom, at what, and what each source gave', async () => {
    const at = house({ answers: [gp, answer('acute', { status: 'timeout', resources: [] })] });
    await run(at, request({ detail: { types: ['Condition'] } }));
    const asked = { request: '$everything', requestId: 'request-1', types: ['Condition'] };
    expect(at.audited).toStrictEqual([
      { ...whose, outcome: 'success', reason: 'begun', detail: asked },
      {
        ...whose,
        outcome: 'success',
        reason: 'ended',
        detail: { ...asked, record: 'partial', sources: ['gp complete 1', 'acute timeout 0'] },
      },
    ]);
  });

  it('is that they look under the supervision of another, where their role does', async () => {
    const at = house({ answers: [gp], roles: [{ ...clinician, supervised: true }] });
    await run(at);
    expect(at.audited).toMatchObject([{ detail: { supervised: 'yes' } }, { detail: { supervised: 'yes' } }]);
  });

  it.each<[string, Parameters<typeof house>[0], Partial<AuditEntry>]>([
    ['an objection', { objected: true }, { outcome: 'refused', reason: 'objection', detail: { sources: [] } }],
    [
      'dissent at a source, with what had left before it',
      { last: yes(1), answers: [gp, answer('acute', { resources: [dissent('2024-01-01')] })] },
      { outcome: 'refused', reason: 'dissent-at-source', detail: { sources: ['gp complete 1'] } },
    ],
    ['what could not be decided', { objected: new Error('down') }, { outcome: 'failed', reason: 'undecided' }],
    ['what broke', { answers: [gp, new Error('broken')] }, { outcome: 'failed', reason: 'exception' }],
  ])('is why it ended: %s', async (_name, options, expected) => {
    const at = house(options);
    await run(at).catch(() => undefined);
    expect(at.audited.at(-1)).toMatchObject({ ...whose, ...expected });
  });

  it('is a refusal that tells no reason by its code', async () => {
    const at = house({ answers: [gp] });
    await run(at, request({ signal: AbortSignal.abort(new Fault('record-refused', 'Not shown')) }));
    expect(at.audited).toMatchObject([{ outcome: 'refused', reason: 'record-refused' }]);
  });

  it('a refusal that cannot be written there is refused all the same, and is an alarm', async () => {
    const at = house({
      objected: true,
      audit: async () => {
        throw new Error('disk full');
      },
    });
    const alarms: unknown[] = [];
    const log = Object.assign(at.log, { error: (...told: unknown[]) => void alarms.push(told) });
    expect((await run({ ...at, log })).fault?.code).toBe('record-refused');
    expect(alarms).toMatchObject([
      [
        { alarm: 'audit-failed', err: { code: 'exception', detail: 'the audit row could not be written' } },
        'a refusal could not be written to the audit trail',
      ],
    ]);
  });
});

describe('an objection while the audit row is written', () => {
  it.each([
    ['before anything has left', 'begun', []],
    ['after all has left', 'ended', ['patient', 'source-gp']],
  ])('%s: nothing more does', async (_name, reason, expected) => {
    const look = new AbortController();
    const at = house({
      answers: [gp],
      audit: async (entry) => {
        if (entry.reason === reason) look.abort(refused('objection'));
      },
    });
    const outcome = await run(at, request({ signal: look.signal }));
    expect(shape(outcome)).toEqual(expected);
    expect(outcome.fault).toMatchObject({ code: 'record-refused', detail: 'objection' });
  });
});

describe('a record that is refused', () => {
  const part = { interaction: 'search', includes: () => true } as const;

  it.each<[string, Fault, number]>([
    ['is held no more, for this launch and for others on the person', refused('objection'), 6],
    ['is held on where it only could not be decided', new Fault('undecided', 'Not now'), 4],
  ])('%s', async (_name, fault, asked) => {
    const at = house({ answers: [gp, answer('acute')] });
    const other = { ...session, launchId: 'launch-2' };
    await run(at, request({ part }));
    await run(at, request({ part, session: other }));
    expect(at.asked).toHaveLength(4);
    await run(at, request({ signal: AbortSignal.abort(fault) }));
    await run(at, request({ part, session: other }));
    expect(at.asked).toHaveLength(asked);
  });

  it('of a person without a number is held no more for its launch', async () => {
    const forgotten: string[] = [];
    const { patient: _patient, ...context } = session.context;
    const at = house({});
    const held = { ...at.held, forget: (launchId: string) => forgotten.push(launchId) };
    const signal = AbortSignal.abort(refused('dissent-at-source'));
    await run({ ...at, held }, request({ session: { ...session, context }, signal }));
    expect(forgotten).toEqual(['launch-1']);
  });
});

describe('a part of the record', () => {
  const resources = [condition('a', '195967001'), condition('b', '195967001')];
  const at = (scope: string) =>
    house({
      answers: [answer('gp', { practiceConsent: 'answered', resources })],
      roles: [{ ...clinician, scopes: [scope] }],
    });
  const asks = (interaction: 'read' | 'search' | 'everything', includes = (one: Resource) => one['id'] !== 'b') =>
    request({ part: { interaction, includes } });
  const idsOf = async (one: ReturnType<typeof at>, asked?: Parameters<typeof run>[1]): Promise<readonly string[]> =>
    (await run(one, asked)).releases.flatMap((release) => {
      if (release.kind === 'patient') return ['the Patient'];
      return release.kind === 'source' ? release.resources.map(({ id }) => String(id)) : [];
    });

  it('is what is asked for of what the role may see, the Patient too', async () => {
    expect(await idsOf(at('patient/*.rs'))).toEqual(['the Patient', 'a', 'b']);
    expect(await idsOf(at('patient/*.rs'), asks('search'))).toEqual(['the Patient', 'a']);
    const alone = (one: Resource) => one['id'] === 'a';
    expect(await idsOf(at('patient/*.rs'), asks('search', alone))).toEqual(['a']);
  });

  it('is read by those who may read, and found by those who may search', async () => {
    expect(await idsOf(at('patient/*.r'), asks('read'))).toEqual(['the Patient', 'a']);
    expect(await idsOf(at('patient/*.s'), asks('read'))).toEqual([]);
    expect(await idsOf(at('patient/*.s'), asks('search'))).toEqual(['the Patient', 'a']);
    expect(await idsOf(at('patient/*.r'), asks('search'))).toEqual([]);
  });

  it('of everything has the Patient for those who may read it and the rest for those who may search', async () => {
    for (const asked of [asks('everything'), undefined]) {
      expect(await idsOf(at('patient/*.r'), asked)).toEqual(['the Patient']);
      expect((await idsOf(at('patient/*.s'), asked)).at(0)).toBe('a');
    }
  });
});

describe('the documents of what leaves', () => {
  const letter = { resourceType: 'DocumentReference', id: 'l', content: [{ attachment: { url: 'Binary/scan' } }] };
  const scan = {
    id: 'scan',
    holders: ['DocumentReference/l'],
    place: { kind: 'address', url: 'http://127.0.0.1:9/scan' },
    verdict: { kind: 'read', categories: [] },
    key: 'k',
  } as const;
  const at = () => house({ answers: [gp, answer('acute', { resources: [letter], documents: [scan] })] });
  const documentsOf = async (documents?: boolean): Promise<readonly unknown[]> => {
    const part = {
      interaction: 'read',
      includes: () => true,
      ...(documents === undefined ? {} : { documents }),
    } as const;
    const { releases } = await run(at(), request({ part }));
    return releases.flatMap((one) => (one.kind === 'source' && 'documents' in one ? [one.documents] : []));
  };

  it('are given with it where they are asked for, and never else', async () => {
    expect(await documentsOf(true)).toMatchObject([
      { of: { source: { id: 'gp' } } },
      { of: { source: { id: 'acute' } } },
    ]);
    expect(await documentsOf(false)).toEqual([]);
    expect(await documentsOf()).toEqual([]);
  });
});

it('says the whole Patient once more at the end where the sources have added to it, and only then', async () => {
  const patients = async (contacts: SourceAnswer['contacts'], scope = 'patient/*.rs') => {
    const at = house({ answers: [{ ...gp, contacts }], roles: [{ ...clinician, scopes: [scope] }] });
    return (await run(at)).releases.flatMap((one) => (one.kind === 'record' ? [one.patient] : []));
  };
  const phone = [{ element: 'telecom', value: { system: 'phone', value: '01632 960 001' } }] as const;
  expect(await patients([])).toEqual([undefined]);
  expect(await patients(phone)).toMatchObject([{ id: 'p', telecom: [{ value: '01632 960 001' }] }]);
  expect(await patients(phone, 'patient/Condition.rs')).toEqual([undefined]);
});

it('gives up all that was asked once it has ended', async () => {
  const at = house({});
  let signal: AbortSignal | undefined;
  const gather: typeof at.federation.gather = async function* (...[, , , until]) {
    signal = until;
    yield gp;
  };
  const asking = { ...at, federation: { ...at.federation, gather } };
  const releases = disclose(asking, request());
  await releases.next();
  expect(signal?.aborted).toBe(false);
  await releases.return();
  expect(signal?.aborted).toBe(true);
});
