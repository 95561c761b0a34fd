import { describe, expect, it } from 'vitest';
import { gate } from './gate.ts';
import { found, house, nhsNumber, request } from './house.testing.ts';

const asker = {
  userId: 'u1',
  userName: 'Dr Test',
  organisation: { ods: 'RJE', name: 'Trust' },
  role: { code: 'R8000', title: 'Doctor' },
  traceId: 't',
};
const successor = '9990000026';

describe('the gate, where a number was followed to another', () => {
  const followed = house({
    demographics: found.kind === 'found' ? { kind: 'found', person: { ...found.person, nhsNumber: successor } } : found,
  });

  it.each([nhsNumber, successor])('heeds an objection under either number', async (objector) => {
    const register = { ...followed.register, hides: (asked: string) => Promise.resolve(asked === objector) };
    await expect(gate({ ...followed, register }, request(), asker)).rejects.toMatchObject({ code: 'record-refused' });
  });

  it('lets nothing through where the register cannot be read for the second', async () => {
    const register = {
      ...followed.register,
      hides: (asked: string) => (asked === successor ? Promise.reject(new Error('gone')) : Promise.resolve(false)),
    };
    await expect(gate({ ...followed, register }, request(), asker)).rejects.toMatchObject({ code: 'undecided' });
  });

  it('knows what the practice last said under either number: the later, and its no on a tie', async () => {
    const said = (answer: 'yes' | 'no', day: string) => ({ answer, practice: 'M83001', answeredAt: new Date(day) });
    const [old, recent] = ['2026-01-01', '2026-02-01'];
    for (const [first, second, expected] of [
      [undefined, said('no', old), 'no'],
      [said('no', old), undefined, 'no'],
      [said('yes', recent), said('no', old), 'yes'],
      [said('yes', old), said('no', recent), 'no'],
      [said('no', old), said('yes', old), 'no'],
      [said('yes', old), said('no', old), 'no'],
    ] as const) {
      const last = async (asked: string) => (asked === nhsNumber ? first : second);
      const at = { ...followed, consentAnswers: { ...followed.consentAnswers, last } };
      expect((await gate(at, request(), asker)).lastConsent?.answer).toBe(expected);
    }
    const failing = async (asked: string) => (asked === nhsNumber ? undefined : Promise.reject(new Error('gone')));
    const at = { ...followed, consentAnswers: { ...followed.consentAnswers, last: failing } };
    await expect(gate(at, request(), asker)).rejects.toMatchObject({ code: 'undecided' });
  });

  it('lets a person through who objected under neither', async () => {
    await expect(gate(followed, request(), asker)).resolves.toMatchObject({ person: { nhsNumber: successor } });
  });
});

describe('what the gate costs', () => {
  it('is one question to each of those it asks, all asked before any has answered', async () => {
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
        register: { ...at.register, hides: () => ask('register', false) },
        consentAnswers: { ...at.consentAnswers, last: () => ask('kept consent answer', undefined) },
        federation: { ...at.federation, demographics: () => ask('demographics', found) },
      },
      request(),
      asker,
    );
    await Promise.resolve();
    expect(asked).toEqual(['register', 'demographics', 'kept consent answer']);
    answer();
    await expect(asking).resolves.toMatchObject({ person: { nhsNumber } });
    expect(asked).toHaveLength(3);
  });
});
