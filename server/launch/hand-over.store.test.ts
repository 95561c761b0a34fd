import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OnHandedOver } from './hand-over.ts';
import { openDoors, people, type Doors } from './testing.ts';

type Told = Parameters<OnHandedOver>[0] & { readonly rowsBefore: number };

describe('a launch that is handed over', () => {
  let doors: Doors;
  const told: Told[] = [];
  beforeAll(async () => {
    doors = await openDoors({
      onHandedOver: (context) =>
        void told.push({ ...context, rowsBefore: doors.trail.filter(({ type }) => type === 'launch').length }),
    });
  });
  afterEach(() => {
    told.length = 0;
    doors.trail.length = 0;
  });
  afterAll(() => doors.close());

  it('is told of once, when it is whole and on the audit trail, by a key that its session has', async () => {
    const page = await doors.launch();
    expect([page.status, told]).toEqual([200, []]);
    const answer = await doors.fillIn(await page.text());
    expect(told).toMatchObject([{ role: 'R8000', patient: people.ashby, rowsBefore: 1 }]);
    const handle = new URL(answer.headers.get('location') ?? '', doors.base).searchParams.get('launch') ?? '';
    const context = await doors.handles.find(handle, told[0]?.clientId ?? '');
    expect(context.gathering).toBe(told[0]?.gathering);
    expect(context.gathering).toMatch(/^[A-Za-z0-9_-]{20,}$/);
    // A key tells nobody anything but this process.
    expect(answer.headers.get('location')).not.toContain(context.gathering);
  });

  it('has a key of its own each time', async () => {
    await doors.handle();
    await doors.handle();
    expect(new Set(told.map(({ gathering }) => gathering)).size).toBe(2);
  });

  it('is not told of where it is refused', async () => {
    expect((await doors.launch({ patient: { ...people.ashby, birthDate: '1999-01-01' } })).status).not.toBe(303);
    expect(told).toEqual([]);
  });
});
