import { expect, it } from 'vitest';
import { calendarOf } from '../calendar.ts';
import { personOf } from '../people.ts';
import { pdsServer } from './pds.ts';

it('a trace that several people answer to names none of them', () => {
  const smith = personOf('smith');
  const twin = { ...smith, key: 'twin', nhsNumber: '9991237348' };
  const calendar = calendarOf(new Date('2026-11-20T09:41:00Z'));
  const ask = (people: readonly (typeof smith)[]): unknown =>
    pdsServer(
      people,
      new Map(),
      calendar,
    )({
      method: 'GET',
      path: ['Patient'],
      query: new URLSearchParams({ family: 'Smith', given: 'John', gender: 'male', birthdate: 'eq1945-07-14' }),
      headers: {},
      body: '',
      base: 'http://127.0.0.1/pds',
      url: '/pds/Patient',
    });
  expect(ask([smith])).toMatchObject({ status: 200, body: { resourceType: 'Bundle', total: 1 } });
  const many = ask([smith, twin]);
  expect(many).toMatchObject({
    status: 200,
    body: { resourceType: 'OperationOutcome', issue: [{ details: { coding: [{ code: 'TOO_MANY_MATCHES' }] } }] },
  });
  expect(JSON.stringify(many)).not.toContain('999123');
});

it('answers under the number in use to one that was merged into it', () => {
  const merged = personOf('shuffle');
  const { formerNumber = '' } = merged;
  const reply = pdsServer(
    [merged],
    new Map(),
    calendarOf(new Date('2026-11-20T09:41:00Z')),
  )({
    method: 'GET',
    path: ['Patient', formerNumber],
    query: new URLSearchParams(),
    headers: {},
    body: '',
    base: 'http://127.0.0.1/pds',
    url: `/pds/Patient/${formerNumber}`,
  });
  expect(reply).toMatchObject({ status: 200, body: { id: merged.nhsNumber } });
  expect(JSON.stringify(reply.body)).not.toContain(formerNumber);
});
