import { describe, expect, it } from 'vitest';
import type { Demographics } from '../federation/answer.ts';
import { gate } from './gate.ts';
import { found, house, nhsNumber, request, session } from './house.testing.ts';

const asker = {
  userId: 'u1',
  userName: 'Dr Test',
  organisation: { ods: 'RJE', name: 'Trust' },
  role: { code: 'R8000', title: 'Doctor' },
  traceId: 't',
};
const successor = '9990000026';

describe('the gate', () => {
  const last = { answer: 'yes', practice: 'M83001', answeredAt: new Date('2026-01-01') } as const;

  it('lets a person through with what the practice last said, and with no record of the host where none joins', async () => {
    await expect(gate(house({ last }), request(), asker)).resolves.toEqual({
      person: found.kind === 'found' ? found.person : undefined,
      lastConsent: last,
      joined: undefined,
    });
  });

  it.each<[string, Parameters<typeof house>[0], string]>([
    ['an objection', { objected: true }, 'objection'],
    ['a restriction', { demographics: { kind: 'restricted' } }, 'restricted'],
    ['that nobody knows them', { demographics: { kind: 'unknown' } }, 'unknown-person'],
    [
      'an objection of one who is restricted too',
      { objected: true, demographics: { kind: 'restricted' } },
      'objection',
    ],
  ])('refuses, and the reason says why: %s', async (_name, options, detail) => {
    await expect(gate(house(options), request(), asker)).rejects.toMatchObject({ code: 'record-refused', detail });
  });

  it('refuses where the birth date differs by now, and the reason says so', async () => {
    const { patient } = session.context;
    const context = { ...session.context, ...(patient && { patient: { ...patient, birthDate: '1961-04-18' } }) };
    const asked = request({ session: { ...session, context } });
    await expect(gate(house({}), asked, asker)).rejects.toMatchObject({
      code: 'record-refused',
      detail: 'birth-date-differs',
    });
  });

  it.each<[string, Parameters<typeof house>[0]]>([
    ['the objections register and the kept consent answers', { objected: new Error('down') }],
    ['the demographics service', { demographics: new Error('down') }],
  ])('cannot decide where %s is not there, and the log says which', async (who, options) => {
    await expect(gate(house(options), request(), asker)).rejects.toMatchObject({
      code: 'undecided',
      detail: expect.stringContaining(who) as string,
      cause: expect.objectContaining({ message: 'down' }) as Error,
    });
  });

  it('says to a launch for nobody what to do', async () => {
    const { patient: _patient, ...context } = session.context;
    const nobody = request({ session: { ...session, context } });
    await expect(gate(house({}), nobody, asker)).rejects.toThrow('Open a person in your own system first');
    const unshown = request({
      session: { ...session, context: { ...context, hostRecord: { patientId: 'p7', tokens: 't' } } },
    });
    await expect(gate(house({}), unshown, asker)).rejects.toThrow('its own record is not shown here');
  });

  it('asks the register and the demographics service of a person with a number, also where the host’s record joins', async () => {
    const context = { ...session.context, hostRecord: { patientId: 'p7', tokens: 't' } };
    const asked = request({ session: { ...session, context } });
    await expect(gate(house({ objected: true }), asked, asker)).rejects.toMatchObject({ detail: 'objection' });
    await expect(gate(house({ demographics: { kind: 'restricted' } }), asked, asker)).rejects.toMatchObject({
      detail: 'restricted',
    });
  });

  it('asks about the person of the launch, for its user, and gives up when nobody waits', async () => {
    const at = house({});
    const asked: unknown[] = [];
    const demographics = async (...what: readonly unknown[]): Promise<Demographics> => {
      asked.push(...what);
      return found;
    };
    const its = request();
    await gate({ ...at, federation: { ...at.federation, demographics } }, its, asker);
    expect(asked).toEqual([nhsNumber, asker, its.signal]);
  });
});

describe('the gate, where a number was followed to another', () => {
  const followed = house({
    demographics: found.kind === 'found' ? { kind: 'found', person: { ...found.person, nhsNumber: successor } } : found,
  });

  it.each([nhsNumber, successor])('heeds an objection under either number', async (objector) => {
    const consentState = async (asked: string) => ({ objected: asked === objector, lastConsent: undefined });
    await expect(gate({ ...followed, consentState }, request(), asker)).rejects.toMatchObject({
      code: 'record-refused',
      detail: 'objection',
    });
  });

  it('tells the register which number the launch has, so that an objection under the other ends it', async () => {
    const asked: unknown[] = [];
    const consentState = async (...what: readonly unknown[]) => {
      asked.push(what);
      return { objected: false, lastConsent: undefined };
    };
    await gate({ ...followed, consentState }, request(), asker);
    expect(asked).toEqual([[nhsNumber], [successor, nhsNumber]]);
  });

  it('lets nothing through where the register cannot be read for the second', async () => {
    const consentState = async (asked: string) => {
      if (asked === successor) throw new Error('gone');
      return { objected: false, lastConsent: undefined };
    };
    await expect(gate({ ...followed, consentState }, request(), asker)).rejects.toMatchObject({
      code: 'undecided',
      detail: expect.stringContaining('objections register') as string,
    });
  });

  it('knows what the practice last said under either number: the later, and its no on a tie', async () => {
    const said = (answer: 'yes' | 'no', day: string) => ({ answer, practice: 'M83001', answeredAt: new Date(day) });
    const [old, recent] = ['2026-01-01', '2026-02-01'];
    for (const [first, second, expected] of [
      [undefined, said('no', old), 'no'],
      [said('no', old), undefined, 'no'],
      [said('yes', recent), said('no', old), 'yes'],
      [said('yes', old), said('no', recent), 'no'],
      [said('no', old), said('yes', recent), 'yes'],
      [said('no', old), said('yes', old), 'no'],
      [said('yes', old), said('no', old), 'no'],
    ] as const) {
      const consentState = async (asked: string) => ({
        objected: false,
        lastConsent: asked === nhsNumber ? first : second,
      });
      expect((await gate({ ...followed, consentState }, request(), asker)).lastConsent?.answer).toBe(expected);
    }
  });

  it('lets a person through who objected under neither', async () => {
    await expect(gate(followed, request(), asker)).resolves.toMatchObject({ person: { nhsNumber: successor } });
  });
});

describe('what the gate costs', () => {
  it('is one read of the database and one question to the demographics service, both asked before any has answered', async () => {
    const asked: string[] = [];
    let answer = (): void => undefined;
    const all = new Promise<void>((done) => {
      answer = done;
    });
    const ask = async <Value>(what: string, value: Value): Promise<Value> => {
      asked.push(what);
      await all;
      return value;
    };
    const at = house({});
    const asking = gate(
      {
        ...at,
        consentState: () => ask('database', { objected: false, lastConsent: undefined }),
        federation: { ...at.federation, demographics: () => ask('demographics', found) },
      },
      request(),
      asker,
    );
    await Promise.resolve();
    expect(asked).toEqual(['database', 'demographics']);
    answer();
    await expect(asking).resolves.toMatchObject({ person: { nhsNumber } });
    expect(asked).toHaveLength(2);
  });
});
