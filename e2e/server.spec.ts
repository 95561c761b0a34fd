import { expect, test } from '@playwright/test';
import { hostOrigin, openRegion, viewerOrigin } from './region.ts';
import { linesOf, openSession } from './session.ts';

const region = { hostOrigin, viewerOrigin };
const clinical = [
  'Condition',
  'Observation',
  'MedicationRequest',
  'AllergyIntolerance',
  'DocumentReference',
  'Encounter',
];

test('a receptionist is given appointments and people, and nothing clinical', async () => {
  const session = await openSession(region, { person: 'smith', as: 'receptionist' });
  const types = new Set((await linesOf(session)).map((line) => line.resourceType));
  expect(types).toContain('Appointment');
  for (const type of clinical) {
    expect(types, type).not.toContain(type);
  }
  const doctor = new Set(
    (await linesOf(await openSession(region, { person: 'smith', as: 'doctor' }))).map((line) => line.resourceType),
  );
  for (const type of clinical) {
    expect(doctor, type).toContain(type);
  }
});

test('told to end, the server lets a stream that is under way end whole', async () => {
  const own = await openRegion({ port: 3110, demoPort: 3111 });
  let stopped: Promise<void> | undefined;
  try {
    const session = await openSession(own, { person: 'smith', as: 'doctor' });
    // The practice has now said yes, so that the others do not wait for the one that is slow.
    await linesOf(session);
    await fetch(`${own.hostOrigin}/switches.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uhdb: { mode: 'slow', ms: 2500 } }),
    });
    const answer = await session.get(`Patient/${session.patient}/$everything`, 'application/fhir+ndjson');
    expect(answer.status).toBe(200);
    stopped = own.stop();
    const text = await answer.text();
    expect(text).toContain('"source-demo-uhdb"');
    expect(text.trim().split('\n').at(-1)).toContain('"id":"record"');
    await stopped;
    await expect(fetch(`${own.viewerOrigin}/health/live`)).rejects.toThrow();
  } finally {
    await (stopped ?? own.stop());
  }
});
