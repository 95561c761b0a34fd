import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { fixtureRegion } from '../fixtures/region.ts';
import { answersOf } from './answers.ts';
import type { Released, ReleasedRecord } from './released.ts';
import { pageStates } from './states.ts';

const record: ReleasedRecord = {
  patientId: 'p',
  userName: 'Dr Peter OKAFOR',
  role: { code: 'R8000', title: 'Clinical Practitioner' },
  scopes: ['patient/*.rs'],
  batches: [],
  documents: new Map([['letter', { contentType: 'text/plain; charset=utf-8', data: btoa('Dear colleague') }]]),
};
const released: Released = { at: 0, region: fixtureRegion, record: () => record, names: [] };

function ask(path: string): Promise<Response | undefined> {
  return getResponse(
    [...answersOf(released, pageStates.whole, record)],
    new Request(new URL(path, window.location.href)),
  );
}

describe('the viewer without a server', () => {
  it('is given the documents of the record, and no other', async () => {
    const letter = await ask('/fhir/Binary/letter');
    expect(letter?.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await letter?.text()).toBe('Dear colleague');
    expect((await ask('/fhir/Binary/other'))?.status).toBe(404);
  });

  it('answers in the place of the server alone: its own files come as they are', async () => {
    expect(await ask('/app/@fs/home/someone/src/fhir/coding.ts')).toBeUndefined();
    expect((await ask('/fhir/Observation?code=1'))?.status).toBe(404);
    expect((await ask('/app/region.json'))?.status).toBe(200);
  });
});
