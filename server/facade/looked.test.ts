import { afterEach, describe, expect, it } from 'vitest';
import type { LastLooks } from '../audit/last-look.ts';
import { house, nhsNumber } from '../disclosure/house.testing.ts';
import { openFacade } from './facade.testing.ts';

const at = '2026-11-20T09:41:00.000Z';
const section = { kind: 'section', sections: ['allergies'], items: [], at };
const item = { kind: 'item', sections: ['allergies'], items: ['AllergyIntolerance/a1', 'AllergyIntolerance/b2'], at };

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

async function open(lastLooks: Partial<LastLooks> = {}, options: Parameters<typeof house>[0] = {}) {
  const looked: unknown[] = [];
  const at = house(options);
  let counted = 0;
  const facade = await openFacade(at, undefined, {
    lastLooks: {
      before: async () => undefined,
      now: async (pair) => void looked.push(pair),
      count: async (_launch, looks) => (counted += looks),
      ...lastLooks,
    },
  });
  close = facade.close;
  const report = (body: unknown, more: { readonly path?: string; readonly token?: string } = {}) =>
    facade.ask(more.path ?? 'Patient/p/$looked', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      ...(more.token === undefined ? {} : { token: more.token }),
    });
  return { ...facade, audited: at.audited, looked, report };
}

describe('what a user looked at', () => {
  it('is a row of the audit trail each, with who, whom, where and what', async () => {
    const { report, audited, looked } = await open();
    expect((await report({ looks: [section, item] })).status).toBe(204);
    expect(audited).toMatchObject([
      { type: 'look', outcome: 'success', user: { id: 'u1' }, role: 'R8000', nhsNumber, launchId: 'launch-1' },
      { type: 'look', detail: { look: 'item', sections: ['allergies'], items: item.items, at } },
    ]);
    expect(audited[0]?.detail).not.toHaveProperty('items');
    expect(looked).toEqual([{ nhsNumber, user: { host: 'epr', id: 'u1' } }]);
  });

  it.each<[string, unknown]>([
    ['a section that is none', { ...section, sections: ['wallet'] }],
    ['no section', { ...section, sections: [] }],
    ['another kind', { ...section, kind: 'thought' }],
    ['an item that is no reference', { ...item, items: ['9990000018'] }],
    ['words of the record', { ...item, note: 'penicillin' }],
    ['a time that is none', { ...section, at: 'just now' }],
    ['too many items', { ...item, items: Array.from({ length: 51 }, (_, n) => `Condition/c${n}`) }],
  ])('is refused with %s, and nothing of that report is written', async (_name, wrong) => {
    const { report, audited } = await open();
    expect((await report({ looks: [section, wrong] })).status).toBe(400);
    expect(audited).toEqual([]);
  });

  it('is not reported without a token, nor of anybody else', async () => {
    const { report, looked } = await open();
    expect((await report({ looks: [section] }, { token: 'bad' })).status).toBe(401);
    expect((await report({ looks: [section] }, { path: 'Patient/q/$looked' })).status).toBe(404);
    expect(looked).toEqual([]);
  });

  it('is bounded in a minute, and the first that is not written leaves a row', async () => {
    const { report, audited } = await open();
    const many = { looks: Array.from({ length: 100 }, () => section) };
    for (let time = 0; time < 6; time += 1) expect((await report(many)).status).toBe(204);
    for (let time = 0; time < 3; time += 1) {
      const refused = await report(many);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('60');
    }
    expect(audited.filter((one) => one.outcome === 'refused')).toMatchObject([{ type: 'look', reason: 'too-many' }]);
    expect(audited).toHaveLength(601);
  });

  it('is not said to be written where it was not', async () => {
    const { report, looked } = await open({}, { audit: () => Promise.reject(new Error('disk full')) });
    expect((await report({ looks: [section] })).status).toBe(500);
    expect(looked).toEqual([]);
  });

  it('gives when the user last looked', async () => {
    const { ask } = await open({ before: async () => new Date(at) });
    expect(JSON.parse((await ask('Patient/p/$looked')).text)).toEqual({ lastLooked: at });
    expect((await ask('Patient/q/$looked')).status).toBe(404);
  });
});
