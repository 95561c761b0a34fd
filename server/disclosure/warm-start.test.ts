import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import type { LaunchContext } from '../launch/context.ts';
import { disclose } from './disclose.ts';
import type { DisclosureRequest, House } from './house.ts';
import { answer, clinician, consent, dissent, found, house, nhsNumber, request, session } from './house.testing.ts';
import { beginGathering } from './warm-start.ts';

const gp = answer('gp', { practiceConsent: 'answered' });
const context: LaunchContext & { readonly gathering: string } = { ...session.context, gathering: 'k' };
const launched = { ...session, context };
const ask = (more: Partial<DisclosureRequest> = {}): DisclosureRequest => request({ session: launched, ...more });

/** A house with a registered viewer. Each gathering of its federation is counted, and its signal kept. */
function region(options: Parameters<typeof house>[0] & { readonly scope?: string } = {}) {
  const at = house({ answers: [gp, answer('acute')], ...options });
  const gatherings: AbortSignal[] = [];
  const { gather } = at.federation;
  const scope = options.scope ?? 'openid launch patient/*.rs';
  const made = {
    ...at,
    config: { ...at.config, clients: [{ clientId: 'viewer', scope }] as unknown as House['config']['clients'] },
    federation: {
      ...at.federation,
      gather: (...asked: Parameters<typeof gather>) => {
        gatherings.push(asked[3]);
        return gather(...asked);
      },
    },
  };
  return { at: made, gatherings };
}

async function lines(at: House, asked: DisclosureRequest = ask()): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const release of disclose(at, asked)) {
    if (release.kind === 'patient') ids.push('patient');
    else if (release.kind === 'source') ids.push(...release.resources.map((one) => idOf(one) ?? ''));
    else ids.push(release.status);
  }
  return ids;
}
const refusal = (at: House, asked?: DisclosureRequest): Promise<unknown> =>
  lines(at, asked).then(
    () => 'shown',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
/** Long enough for the gathering of a test to be whole. */
const gathered = (): Promise<void> => sleep(30);

describe('a launch that has begun to gather', () => {
  it('asks the sources once: the first request for the record takes it over, the next asks anew', async () => {
    const { at, gatherings } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    expect(at.asked).toEqual(['gp', 'acute']);
    expect(await lines(at)).toEqual(['patient', 'gp', 'acute', 'complete']);
    expect(gatherings).toHaveLength(1);
    expect(await lines(at)).toEqual(['patient', 'gp', 'acute', 'complete']);
    expect(gatherings).toHaveLength(2);
  });

  it('is taken over half done: what has come flows at once, the rest as it comes', async () => {
    let goOn = (): void => undefined;
    const wait = new Promise<void>((done) => {
      goOn = done;
    });
    const { at } = region();
    let begun = 0;
    const slow = {
      ...at,
      federation: {
        ...at.federation,
        async *gather() {
          begun += 1;
          yield gp;
          await wait;
          yield answer('acute');
        },
      },
    };
    beginGathering(slow, context, 'request-0');
    await gathered();
    const releases = disclose(slow, ask());
    expect((await releases.next()).value).toMatchObject({ kind: 'patient' });
    expect((await releases.next()).value).toMatchObject({ kind: 'source', resources: [{ id: 'gp' }] });
    goOn();
    expect((await releases.next()).value).toMatchObject({ kind: 'source', resources: [{ id: 'acute' }] });
    expect((await releases.next()).value).toMatchObject({ kind: 'record', status: 'complete' });
    expect(begun).toBe(1);
  });

  it('gives a search and a page of the record what it has brought, too', async () => {
    for (const part of [
      { interaction: 'search', includes: () => true },
      { interaction: 'everything', includes: () => true, anew: 'hold' },
      { interaction: 'everything', includes: () => true, anew: 'stream' },
    ] as const) {
      const { at, gatherings } = region();
      beginGathering(at, context, 'request-0');
      await gathered();
      expect(await lines(at, ask({ part }))).toContain('acute');
      expect(gatherings).toHaveLength(1);
    }
  });

  it('lets the Patient be read without ending', async () => {
    const { at, gatherings } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    for await (const release of disclose(at, ask({ patientAlone: true }))) if (release.kind === 'patient') break;
    expect(gatherings[0]?.aborted).toBe(false);
    expect(await lines(at)).toContain('acute');
    expect(gatherings).toHaveLength(1);
  });

  it('is given up when the reader goes away', async () => {
    const { at, gatherings } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    for await (const release of disclose(at, ask())) if (release.kind === 'source') break;
    expect(gatherings[0]?.aborted).toBe(true);
  });

  it('is not used where some of the sources alone are asked anew: what they gave will not do', async () => {
    const { at, gatherings } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    await lines(at, ask({ sources: new Set(['acute']) }));
    expect(gatherings).toHaveLength(2);
  });

  it('is what the role of the launch allows, whatever others do', async () => {
    const { at, gatherings } = region({ roles: [{ ...clinician, code: 'R0010', scopes: [] }, clinician] });
    beginGathering(at, context, 'request-0');
    await gathered();
    expect(gatherings).toHaveLength(1);
  });

  it('is one of few that its user has begun, whatever others have', async () => {
    const { at, gatherings } = region();
    for (const [n, id] of ['u1', 'u2', 'u3', 'u3', 'u3'].entries())
      beginGathering(at, { ...context, user: { ...context.user, id }, gathering: `k${n}` }, 'request-0');
    beginGathering(at, { ...context, host: 'another', gathering: 'k' }, 'request-0');
    await gathered();
    expect(gatherings).toHaveLength(5);
  });

  it('is not known to another process, nor to another launch', async () => {
    const { at, gatherings } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    await lines(at, request());
    await lines(at, ask({ session: { ...launched, context: { ...context, gathering: 'another' } } }));
    expect(gatherings).toHaveLength(3);
    const elsewhere = region();
    expect(await lines(elsewhere.at)).toEqual(['patient', 'gp', 'acute', 'complete']);
  });

  it('begins nothing for nobody, and nothing that the app or the role cannot have', async () => {
    const { patient: _patient, ...nobody } = context;
    const cases = [
      [region(), nobody],
      [region({ scope: 'openid launch user/Practitioner.r' }), context],
      [region({ scope: 'openid launch patient/Patient.r' }), context],
      [region({ roles: [] }), context],
      [region(), { ...context, clientId: 'unknown' }],
    ] as const;
    for (const [{ at, gatherings }, begun] of cases) {
      beginGathering(at, begun, 'request-0');
      await gathered();
      expect(gatherings).toHaveLength(0);
    }
  });
});

describe('nothing leaves that would not have left', () => {
  it('asks no source where the gate says no, and writes nothing', async () => {
    const told: unknown[] = [];
    for (const options of [
      { objected: true },
      { demographics: { kind: 'restricted' } },
      { objected: new Error() },
    ] as const) {
      const { at, gatherings } = region(options);
      const log = Object.assign(at.log, { info: (more: unknown) => void told.push(more) });
      beginGathering({ ...at, log }, context, 'request-0');
      await gathered();
      expect(gatherings).toHaveLength(0);
      expect(at.audited).toEqual([]);
    }
    expect(told).toEqual([
      { requestId: 'request-0', code: 'record-refused' },
      { requestId: 'request-0', code: 'record-refused' },
      { requestId: 'request-0', code: 'undecided' },
    ]);
  });

  it('records before it releases, and releases nothing that cannot be recorded', async () => {
    const { at } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    expect(at.audited).toEqual([]);
    await lines(at);
    expect(at.audited).toMatchObject([{ reason: 'begun' }, { reason: 'ended' }]);
    const broken = region({ audit: () => Promise.reject(new Error('disk full')) }).at;
    beginGathering(broken, context, 'request-0');
    await gathered();
    expect(await refusal(broken)).toBe('exception');
  });

  it('an objection in between refuses, and what was gathered is gone with it', async () => {
    const { at, gatherings } = region();
    let objected = false;
    const living = { ...at, consentState: async () => ({ objected, lastConsent: undefined }) };
    beginGathering(living, context, 'request-0');
    await gathered();
    objected = true;
    expect(await refusal(living)).toBe('record-refused');
    expect(gatherings[0]?.aborted).toBe(true);
    objected = false;
    expect(await lines(living)).toContain('acute');
    expect(gatherings).toHaveLength(2);
  });

  it.each<[what: string, change: Partial<House['federation']>]>([
    ['a restriction', { demographics: async () => ({ kind: 'restricted' }) }],
    ['a number that nobody knows any more', { demographics: async () => ({ kind: 'unknown' }) }],
  ])('%s in between refuses', async (_what, change) => {
    const { at } = region();
    const living = { ...at, federation: { ...at.federation } };
    beginGathering(living, context, 'request-0');
    await gathered();
    Object.assign(living.federation, change);
    expect(await refusal(living)).toBe('record-refused');
  });

  it('a person who has moved to another practice in between is gathered anew', async () => {
    const { at, gatherings } = region();
    const living = { ...at, federation: { ...at.federation } };
    beginGathering(living, context, 'request-0');
    await gathered();
    living.federation.demographics = async () =>
      found.kind === 'found' ? { ...found, person: { ...found.person, practice: 'Y00001' } } : found;
    await lines(living);
    expect(gatherings).toHaveLength(2);
    expect(gatherings[0]?.aborted).toBe(true);
  });

  it('dissent that it brings refuses, at the practice and at a source', async () => {
    const options: readonly (readonly SourceAnswer[])[] = [
      [{ ...gp, resources: [dissent('2024-01-01')] }],
      [answer('acute', { resources: [dissent('2024-01-01')] }), gp],
      [{ ...gp, resources: [], unproved: [dissent('2024-01-01')] }],
      [{ ...gp, practiceConsent: 'refused' }],
    ];
    for (const answers of options) {
      const { at } = region({ answers });
      beginGathering(at, context, 'request-0');
      await gathered();
      expect(await refusal(at)).toBe('record-refused');
    }
  });

  it('a no that another launch has heard in between outdoes the yes that it brings', async () => {
    const { at, gatherings } = region();
    const living = { ...at };
    beginGathering(living, context, 'request-0');
    await gathered();
    const answeredAt = new Date(Date.now() + 1000);
    living.consentState = async () => ({
      objected: false,
      lastConsent: { answer: 'no', practice: 'M83001', answeredAt },
    });
    await lines(living);
    expect(gatherings).toHaveLength(2);
  });

  it('withholds and narrows what it brings as the request would', async () => {
    const withhold = (all: readonly Resource[]): readonly Resource[] => all.filter((one) => idOf(one) !== 'acute');
    const { at } = region({ withhold });
    beginGathering(at, context, 'request-0');
    await gathered();
    expect(await lines(at)).toEqual(['patient', 'gp', 'complete']);
    const narrowed = region();
    beginGathering(narrowed.at, context, 'request-0');
    await gathered();
    const scopes = ['patient/Patient.rs', 'patient/Observation.rs'];
    expect(await lines(narrowed.at, ask({ session: { ...launched, scopes } }))).toEqual(['patient', 'complete']);
  });

  it('remembers what the practice said only once somebody asks for the record', async () => {
    const { at } = region({ answers: [{ ...gp, resources: [consent('2024-01-01')] }] });
    beginGathering(at, context, 'request-0');
    await gathered();
    expect(at.remembered).toEqual([]);
    await lines(at);
    expect(at.remembered).toEqual(['yes']);
  });

  it('goes with its person', async () => {
    const { at, gatherings } = region();
    beginGathering(at, context, 'request-0');
    await gathered();
    at.early.dropPerson(nhsNumber);
    expect(gatherings[0]?.aborted).toBe(true);
    await lines(at);
    expect(gatherings).toHaveLength(2);
  });
});
