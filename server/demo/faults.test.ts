import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NhsPerson } from '../federation/answer.ts';
import { nothingRead, type DocumentReading } from '../federation/documents/reading.ts';
import { federationOf, gathered, sourceOf } from '../federation/stand-in.ts';
import { marker } from '../faults/behaviour.ts';
import { endingAtPractice, faultIds, faultOf, type Ending, type FaultId } from '../faults/fault.ts';
import { partialReasons } from '../federation/words.ts';
import { people } from './people.ts';
import { createRegion } from './region.ts';
import { listeningUntilEnd } from './testing.ts';
import { practices, systems } from './systems.ts';

const smith = people.find((person) => person.key === 'smith');
let base = '';
let end: () => void;

beforeAll(async () => {
  const region = createRegion({ now: new Date('2026-11-20T09:00:00Z'), log: () => undefined });
  ({ origin: base, end } = await listeningUntilEnd((request, response) => void region.handle(request, response)));
});
afterAll(() => end());

const about: NhsPerson = {
  nhsNumber: smith?.nhsNumber ?? '',
  birthDate: smith?.birthDate ?? '',
  practice: smith?.practice ?? '',
  patient: { resourceType: 'Patient', id: 'p' },
};
/** Letters are read, and have nothing in them. That a fault keeps one from being read is told besides. */
const documents: DocumentReading = {
  ...nothingRead,
  readBytes: 5 * 1024 * 1024,
  texts: { read: async () => ({ kind: 'text', text: '' }), close: async () => undefined },
};
const pathOf = (id: string): string => `${base}${systems.find((system) => system.id === id)?.path ?? ''}`;

/** What the strip says of a system of the demo after its switch has been put, as the page puts it. */
async function said(id: 'uhnm' | 'gp', mode: FaultId, deadlineMs: number): Promise<Pick<Ending, 'status' | 'text'>> {
  const form = new URLSearchParams({ system: id, mode, ms: '5000' });
  const page = await fetch(`${base}/switches`, { method: 'POST', body: form });
  expect(await page.text()).toContain(`value="${mode}" selected`);
  const served = Object.fromEntries(
    practices.map(({ ods, name }) => [ods, { name, baseUrl: `${pathOf('gp')}/${ods}/fhir`, sharing: true }]),
  );
  const source =
    id === 'gp'
      ? sourceOf({ id, kind: 'gp-connect', setting: 'gp', baseUrl: pathOf(id), practices: served, deadlineMs })
      : sourceOf({ id, baseUrl: pathOf(id), deadlineMs });
  const federation = federationOf(
    [{ ...source, budget: { bytes: 16 * 1024 * 1024, entries: 5_000, pages: 5 } }],
    30_000,
    { documents },
  );
  try {
    const answer = (await gathered(federation, about)).get(id);
    expect(JSON.stringify(answer)).not.toContain(marker);
    const told = answer?.text ?? '';
    return {
      status: answer?.status as Ending['status'],
      text: told.replace(`; ${partialReasons['documents-unread']}`, ''),
    };
  } finally {
    await federation.close();
  }
}

const deadlineOf = ({ status }: Ending, waits = false): number => (waits || status === 'timeout' ? 1_000 : 20_000);

describe('each switch of the demo gives the status and the words of docs/faults.md', () => {
  test.each(faultIds)('%s at a hospital', async (mode) => {
    const { ends, waits } = faultOf(mode);
    expect(await said('uhnm', mode, deadlineOf(ends, waits))).toEqual({ status: ends.status, text: ends.text });
  });

  const atPractice = faultIds.flatMap((mode) => {
    const ends = endingAtPractice(faultOf(mode));
    return ends === undefined ? [] : [[mode, ends] as const];
  });
  test.each(atPractice)('%s at a practice', async (mode, ends) => {
    const waits = faultOf(mode).waits === true && ends.status !== 'complete';
    expect(await said('gp', mode, deadlineOf(ends, waits))).toEqual({ status: ends.status, text: ends.text });
  });
});
