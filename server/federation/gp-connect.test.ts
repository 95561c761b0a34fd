import { afterEach, describe, expect, test } from 'vitest';
import { ohc, system } from '../../src/fhir/systems.ts';
import type { Federation, Person } from './answer.ts';
import {
  asker,
  federationOf,
  gathered,
  ids,
  patientOf,
  person,
  sourceOf,
  standIn,
  type Answering,
  type StandIn,
} from './stand-in.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function practice(answer: Answering, sharing = true): Promise<[Federation, StandIn]> {
  const made = await standIn(answer);
  const federation = federationOf([
    sourceOf({
      id: 'gp',
      kind: 'gp-connect',
      setting: 'gp',
      ods: 'QNC',
      label: 'GP',
      deadlineMs: 500,
      practices: { M83001: { name: 'Etruria Vale Surgery', baseUrl: made.url, sharing } },
    }),
  ]);
  open.push(made, federation);
  return [federation, made];
}

const bundle = (resources: readonly object[]): object => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

const record = bundle([
  patientOf('gp'),
  {
    resourceType: 'Organization',
    id: 'org',
    identifier: [{ system: system.odsOrganisation, value: 'M83001' }],
    name: 'Practice',
  },
  {
    resourceType: 'Condition',
    id: 'p1',
    clinicalStatus: 'active',
    code: { coding: [{ system: system.snomed, code: '44054006', display: 'Type 2 diabetes' }] },
    subject: { reference: 'Patient/gp' },
    assertedDate: '2026-03-02',
  },
  {
    resourceType: 'ReferralRequest',
    id: 'r1',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/gp' },
    basedOn: [{ reference: 'ProcedureRequest/r1' }],
  },
  {
    resourceType: 'ProcedureRequest',
    id: 'r1',
    status: 'active',
    intent: 'plan',
    subject: { reference: 'Patient/gp' },
  },
]);

const spineError = (status: number, code: string): [number, object] => [
  status,
  {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'invalid', details: { coding: [{ system: system.spineError, code }] } }],
  },
];

describe('gp-connect', () => {
  test('the registered practice answers, as R4, labelled as itself', async () => {
    const [federation] = await practice(() => record);
    const answer = (await gathered(federation)).get('gp');
    expect(answer).toMatchObject({
      status: 'complete',
      practiceConsent: 'answered',
      origin: { ods: 'M83001', name: 'Etruria Vale Surgery', label: 'GP' },
    });
    expect(answer?.resources.map((one) => one.resourceType)).toEqual(['Condition', 'ServiceRequest', 'ServiceRequest']);
    const [condition, referral, procedure] = answer?.resources ?? [];
    expect(condition).toMatchObject({
      clinicalStatus: { coding: [{ code: 'active' }] },
      recordedDate: '2026-03-02',
      meta: { tag: [{ code: 'M83001' }, { system: ohc.sourceLabel, code: 'GP', display: 'Etruria Vale Surgery' }] },
    });
    expect(referral?.['id']).not.toBe(procedure?.['id']);
    expect(referral?.['id']).toBe(ids.of('gp/M83001', 'ReferralRequest', 'r1'));
    expect(referral?.['basedOn']).toEqual([{ reference: `ServiceRequest/${String(procedure?.['id'])}` }]);
  });

  test('it is asked with the user’s own JWT and the Spine’s headers, the number in the body alone', async () => {
    let headers: Record<string, unknown> = {};
    let body = '';
    const [federation, asked] = await practice((request) => {
      headers = request.headers;
      body = request.body;
      return record;
    });
    await gathered(federation);
    expect(asked.asked).toHaveLength(1);
    expect(asked.asked[0]?.split(' ').slice(0, 2).join(' ')).toBe('POST /fhir/Patient/$gpc.getstructuredrecord');
    expect(headers).toMatchObject({
      'ssp-traceid': asker.traceId,
      'ssp-interactionid': 'urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1',
      'ssp-from': 'RJE',
      'ssp-to': 'M83001',
    });
    const [head = '', claims = '', signature] = String(headers['authorization']).replace('Bearer ', '').split('.');
    expect(signature).toBe('');
    const read = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    expect(read(head)).toMatchObject({ alg: 'none' });
    const { iat, exp, ...told } = read(claims);
    expect(Number(exp) - Number(iat)).toBe(300);
    expect(told).toMatchObject({
      sub: 'dr-1',
      aud: asked.url,
      reason_for_request: 'directcare',
      requested_scope: 'patient/*.read',
      requesting_organization: { identifier: [{ value: 'RJE' }] },
      requesting_practitioner: { id: 'dr-1', name: [{ family: 'Example', given: ['Dr', 'Ada'] }] },
    });
    const names = (JSON.parse(body) as { parameter: { name: string }[] }).parameter.map((one) => one.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'patientNHSNumber',
        'includeAllergies',
        'includeMedication',
        'includeProblems',
        'includeConsultations',
        'includeImmunisations',
        'includeUncategorisedData',
        'includeInvestigations',
        'includeReferrals',
        'includeDiaryEntries',
      ]),
    );
  });

  test.each<[string, Answering, object]>([
    [
      'PATIENT_NOT_FOUND',
      () => spineError(404, 'PATIENT_NOT_FOUND'),
      { status: 'no-record', practiceConsent: 'silent' },
    ],
    [
      'NO_PATIENT_CONSENT',
      () => spineError(403, 'NO_PATIENT_CONSENT'),
      { status: 'unavailable', practiceConsent: 'refused' },
    ],
    ['NO_PATIENT_CONSENT at 500', () => spineError(500, 'NO_PATIENT_CONSENT'), { practiceConsent: 'refused' }],
    [
      'NO_ORGANISATION_CONSENT',
      () => spineError(403, 'NO_ORGANISATION_CONSENT'),
      { status: 'not-sharing', practiceConsent: 'silent' },
    ],
    [
      'another error',
      () => spineError(500, 'INTERNAL_SERVER_ERROR'),
      { status: 'unavailable', practiceConsent: 'unreachable' },
    ],
    ['a bare 404', () => [404, {}], { status: 'unavailable', practiceConsent: 'unreachable' }],
    ['silence', () => undefined, { status: 'timeout', practiceConsent: 'unreachable' }],
    ['no Patient', () => bundle([]), { status: 'unavailable', practiceConsent: 'unreachable' }],
    [
      'another person',
      () => bundle([patientOf('gp', { birthDate: '1999-01-01' })]),
      { status: 'identity-mismatch', practiceConsent: 'unreachable', differsOn: ['birthDate'] },
    ],
    [
      'something unreadable',
      () => ({ resourceType: 'Bundle', entry: [{ resource: patientOf('gp') }, { resource: 'x' }] }),
      { status: 'partial', practiceConsent: 'unreachable' },
    ],
  ])('%s is understood', async (_name, answer, expected) => {
    const [federation] = await practice(answer);
    expect((await gathered(federation)).get('gp')).toMatchObject({ resources: [], ...expected });
  });

  test('what does not say whom it is about is for reading dissent, not for release', async () => {
    const [federation] = await practice(() =>
      bundle([patientOf('gp'), { resourceType: 'Observation', id: 'o', code: { text: 'x' } }]),
    );
    const answer = (await gathered(federation)).get('gp');
    expect(answer).toMatchObject({ status: 'partial', practiceConsent: 'answered', resources: [] });
    expect(answer?.unproved).toHaveLength(1);
  });

  test('a practice outside the region, not sharing, or none at all is not asked', async () => {
    const [federation, asked] = await practice(() => record, false);
    expect((await gathered(federation)).get('gp')).toMatchObject({ status: 'not-sharing', practiceConsent: 'silent' });
    const outside: Person = { ...person, practice: 'P81001' };
    const answer = (await gathered(federation, outside)).get('gp');
    expect(answer).toMatchObject({ status: 'no-record', practiceConsent: 'silent' });
    expect(answer?.text).toContain('registered with a GP practice outside the region');
    const { practice: _, ...none } = person;
    expect((await gathered(federation, none)).get('gp')).toMatchObject({
      status: 'no-record',
      practiceConsent: 'silent',
    });
    expect(asked.asked).toEqual([]);
  });
});
