import { describe, expect, it } from 'vitest';
import { ohc, system } from '../../src/fhir/systems.ts';
import { recordEnding, sourceEnding, unchecked } from './ending.ts';
import { answer, condition } from './house.testing.ts';

describe('how a source ended', () => {
  it('says who answered, when, how fresh its data is and what differs there', () => {
    const one = answer('gp', { dataAsOf: '2026-11-19T23:00:00Z', differsOn: ['birthDate', 'address'] });
    expect(sourceEnding(one)).toEqual({
      resourceType: 'OperationOutcome',
      id: 'source-gp',
      meta: {
        lastUpdated: '2026-11-20T09:41:00.000Z',
        source: 'https://one-health-and-care.nhs.uk/source/gp',
        tag: [
          { system: system.odsOrganisation, code: 'RJE', display: 'gp' },
          { system: ohc.sourceLabel, code: 'GP', display: 'gp' },
        ],
      },
      extension: [
        { url: ohc.dataAsOf, valueDateTime: '2026-11-19T23:00:00Z' },
        { url: ohc.differsOn, valueCode: 'birthDate' },
        { url: ohc.differsOn, valueCode: 'address' },
      ],
      issue: [
        {
          severity: 'information',
          code: 'informational',
          details: { coding: [{ system: ohc.sourceStatus, code: 'complete' }], text: 'Answered' },
        },
      ],
    });
  });

  it('says nothing that is not so', () => {
    expect(sourceEnding(answer('gp'))).not.toHaveProperty('extension');
    expect(sourceEnding(answer('gp', { notAsked: true }))).toMatchObject({
      extension: [{ url: ohc.notAsked, valueBoolean: true }],
    });
  });

  it.each([
    ['complete', 'information', 'informational'],
    ['no-record', 'information', 'informational'],
    ['partial', 'warning', 'incomplete'],
    ['timeout', 'warning', 'incomplete'],
  ] as const)('%s: %s, %s', (status, severity, code) => {
    expect(sourceEnding(answer('gp', { status }))['issue']).toMatchObject([
      { severity, code, details: { coding: [{ code: status }] } },
    ]);
  });
});

it.each([
  ['complete', 'information', 'informational', 'Every organisation has answered in whole.'],
  ['partial', 'warning', 'incomplete', 'Not every organisation has answered in whole: something may be missing.'],
  ['refused', 'error', 'forbidden', "This person's information is not available in One Health and Care"],
] as const)('the record that is %s ends so: %s, %s', (status, severity, code, text) => {
  expect(recordEnding(status)).toEqual({
    resourceType: 'OperationOutcome',
    id: 'record',
    issue: [{ severity, code, details: { coding: [{ system: ohc.sourceStatus, code: status }], text } }],
  });
});

it('of a source for whom nothing could be checked nothing leaves, and it says in part', () => {
  const contacts = [{ element: 'telecom', value: { value: '01632 960 001' } }] as const;
  const documents = [
    { id: 'd', holders: [], place: { kind: 'address', url: 'http://127.0.0.1:9' }, key: 'k' },
  ] as const;
  const one = answer('gp', { resources: [condition('c', '195967001')], contacts, documents });
  expect(unchecked(one)).toEqual({
    ...one,
    status: 'partial',
    text: 'Answered in part: what it sent could not be checked in full and is not shown',
    resources: [],
    contacts: [],
    documents: [],
  });
});
