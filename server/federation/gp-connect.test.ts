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
    const claims: unknown = JSON.parse(
      Buffer.from(String(headers['authorization']).split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(claims).toMatchObject({ sub: 'dr-1', aud: asked.url });
    // No part that narrows an area: GP Connect refuses those beside consultations and problems.
    expect(JSON.parse(body)).toEqual({
      resourceType: 'Parameters',
      parameter: [
        { name: 'patientNHSNumber', valueIdentifier: { system: system.nhsNumber, value: person.nhsNumber } },
        { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: true }] },
        { name: 'includeMedication', part: [{ name: 'includePrescriptionIssues', valueBoolean: true }] },
        { name: 'includeProblems' },
        { name: 'includeConsultations' },
        { name: 'includeImmunisations' },
        { name: 'includeUncategorisedData' },
        { name: 'includeInvestigations' },
        { name: 'includeReferrals' },
        { name: 'includeDiaryEntries' },
      ],
    });
  });

  test.each<[string, Answering, object]>([
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

  const notFound = { status: 'no-record', practiceConsent: 'silent', text: 'Gave no record to show' };
  const notSharing = {
    status: 'not-sharing',
    practiceConsent: 'silent',
    text: 'Does not share with One Health and Care',
  };
  const refused = { status: 'unavailable', practiceConsent: 'refused' };
  const fault = { status: 'unavailable', practiceConsent: 'unreachable', text: 'Cannot be reached' };
  const late = { status: 'timeout', practiceConsent: 'unreachable', text: 'Has not answered' };
  /** GP Connect's error handling guidance: each code, the HTTP status that goes with it, and what it is to us. */
  const codes: readonly (readonly [string, number, object])[] = [
    ['NO_PATIENT_CONSENT', 403, refused],
    ['NO_ORGANISATION_CONSENT', 403, notSharing],
    ['PATIENT_NOT_FOUND', 404, notFound],
    ['NO_RELATIONSHIP', 403, fault],
    ['NON_AUTHORITATIVE', 403, fault],
    ['ACCESS_DENIED', 403, fault],
    ['ACCESS DENIED', 403, fault],
    ['INVALID_NHS_NUMBER', 400, fault],
    ['INVALID_IDENTIFIER_SYSTEM', 400, fault],
    ['INVALID_IDENTIFIER_VALUE', 400, fault],
    ['INVALID_PATIENT_DEMOGRAPHICS', 400, fault],
    ['ORGANISATION_NOT_FOUND', 404, fault],
    ['PRACTITIONER_NOT_FOUND', 404, fault],
    ['NO_RECORD_FOUND', 404, fault],
    ['REFERENCE_NOT_FOUND', 422, fault],
    ['DUPLICATE_REJECTED', 409, fault],
    ['INVALID_PARAMETER', 422, fault],
    ['INVALID_RESOURCE', 422, fault],
    ['BAD_REQUEST', 400, fault],
    ['MISSING_OR_INVALID_HEADER', 400, fault],
    ['UNSUPPORTED_MEDIA_TYPE', 415, fault],
    ['NOT_IMPLEMENTED', 501, fault],
    ['INTERNAL_SERVER_ERROR', 500, fault],
    ['400', 400, fault],
    ['403', 403, fault],
    ['405', 405, fault],
    ['415', 415, fault],
    ['502', 502, fault],
    ['504', 504, late],
    ['A_CODE_OF_NOBODY', 404, fault],
    ['constructor', 403, fault],
  ];

  describe.each(codes)('%s', (code, status, expected) => {
    // A gateway may put any status on it: what the body says holds.
    test.each([...new Set([status, 200, 400, 403, 404, 500])])('at %d', async (http) => {
      const [federation] = await practice(() => spineError(http, code));
      expect((await gathered(federation)).get('gp')).toMatchObject({ resources: [], ...expected });
    });
  });

  test.each([
    [['PATIENT_NOT_FOUND', 'NO_PATIENT_CONSENT'], refused],
    [['PATIENT_NOT_FOUND', 'INTERNAL_SERVER_ERROR'], fault],
    [['NO_ORGANISATION_CONSENT', 'BAD_REQUEST'], fault],
  ])('of two codes what shows least counts: %j', async (both, expected) => {
    const issue = both.flatMap((code) => (spineError(404, code)[1] as { issue: object[] }).issue);
    const [federation] = await practice(() => [404, { resourceType: 'OperationOutcome', issue }]);
    expect((await gathered(federation)).get('gp')).toMatchObject(expected);
  });

  test('a record that comes with the word of dissent is not taken', async () => {
    const [, outcome] = spineError(200, 'NO_PATIENT_CONSENT');
    const [federation] = await practice(() => bundle([patientOf('gp'), outcome]));
    expect((await gathered(federation)).get('gp')).toMatchObject({ resources: [], practiceConsent: 'refused' });
  });

  test('a gateway’s 504 without a word is a practice that has not answered', async () => {
    const [federation] = await practice(() => [504, {}]);
    expect((await gathered(federation)).get('gp')).toMatchObject(late);
  });

  describe('areas that a practice does not give', () => {
    const areasIn = (body: string): readonly string[] =>
      (JSON.parse(body) as { parameter: { name: string }[] }).parameter
        .map((one) => one.name)
        .filter((name) => name !== 'patientNHSNumber');
    const refusing = (diagnostics: string): [number, object] => [
      422,
      {
        resourceType: 'OperationOutcome',
        issue: [
          {
            severity: 'error',
            code: 'invalid',
            details: { coding: [{ system: system.spineError, code: 'INVALID_PARAMETER' }] },
            diagnostics,
          },
        ],
      },
    ];
    const allergy = {
      resourceType: 'AllergyIntolerance',
      id: 'a',
      clinicalStatus: 'active',
      verificationStatus: 'unconfirmed',
      patient: { reference: 'Patient/gp' },
      code: { text: 'Penicillin' },
    };
    /** Gives the record only to who does not ask for `lacking`. */
    const lacks =
      (lacking: readonly string[], diagnostics: string): Answering =>
      ({ body }) =>
        areasIn(body).some((area) => lacking.includes(area))
          ? refusing(diagnostics)
          : bundle([patientOf('gp'), allergy]);

    test('named in a refusal: asked again without it, once, and the screen says what is missing', async () => {
      const [federation, asked] = await practice(
        lacks(
          ['includeDiaryEntries', 'includeReferrals'],
          'includeReferrals, includeDiaryEntries.diaryEntriesSearchDate',
        ),
      );
      const answer = (await gathered(federation)).get('gp');
      expect(asked.asked).toHaveLength(2);
      expect(answer).toMatchObject({ status: 'partial', practiceConsent: 'answered' });
      expect(answer?.text).toBe(
        'Answered in part: referrals are missing or incomplete; recalls are missing or incomplete',
      );
      expect(answer?.resources).toHaveLength(1);
    });

    test('not named: asked again for what every version has; its consent does not count as read', async () => {
      const [federation, asked] = await practice(lacks(['includeUncategorisedData'], 'Invalid parameters'));
      const answer = (await gathered(federation)).get('gp');
      expect(areasIn(asked.asked[1]?.split(' ').slice(2).join(' ') ?? '')).toEqual([
        'includeAllergies',
        'includeMedication',
      ]);
      expect(answer).toMatchObject({ status: 'partial', practiceConsent: 'unreachable' });
      expect(answer?.resources).toHaveLength(1);
    });

    test.each([
      ['refuses again', () => refusing('includeProblems'), 2],
      ['refuses the number', () => refusing('patientNHSNumber is missing'), 1],
    ])('a practice that %s cannot be reached', async (_name, answer, times) => {
      const [federation, asked] = await practice(answer);
      expect((await gathered(federation)).get('gp')).toMatchObject(fault);
      expect(asked.asked).toHaveLength(times);
    });

    test.each([
      ['includeReferrals', 'referrals are missing or incomplete', 'answered'],
      ['includeUncategorisedData', 'measurements and other entries are missing or incomplete', 'unreachable'],
      ['somethingElse', 'the organisation’s system says that something is missing', 'answered'],
    ])('told of beside the record: %s', async (diagnostics, words, practiceConsent) => {
      const [federation, asked] = await practice(() =>
        bundle([
          patientOf('gp'),
          allergy,
          {
            resourceType: 'OperationOutcome',
            issue: [
              {
                severity: 'warning',
                code: 'not-supported',
                details: { coding: [{ system: system.spineError, code: 'NOT_IMPLEMENTED' }] },
                diagnostics,
              },
            ],
          },
        ]),
      );
      const answer = (await gathered(federation)).get('gp');
      expect(answer).toMatchObject({ status: 'partial', practiceConsent });
      expect(answer?.text).toBe(`Answered in part: ${words}`);
      expect(answer?.resources).toHaveLength(1);
      expect(asked.asked).toHaveLength(1);
    });
  });

  test('what does not say whom it is about is for reading dissent, not for release', async () => {
    const [federation] = await practice(() =>
      bundle([patientOf('gp'), { resourceType: 'Observation', id: 'o', code: { text: 'x' } }]),
    );
    const answer = (await gathered(federation)).get('gp');
    expect(answer).toMatchObject({ status: 'partial', practiceConsent: 'answered', resources: [] });
    expect(answer?.unproved).toHaveLength(1);
  });

  test.each(['not-json', 'cut-off'])(
    'a record that is %s halfway is shown as far as it came, and is no answer about consent',
    async (how) => {
      const text = JSON.stringify(record);
      const half = text.slice(0, text.indexOf('"ReferralRequest"'));
      const [federation] = await practice((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+json' });
        if (how === 'not-json') response.end(half);
        else response.write(half);
        return undefined;
      });
      const answer = (await gathered(federation)).get('gp');
      expect(answer).toMatchObject({ status: 'partial', practiceConsent: 'unreachable' });
      expect(answer?.resources.map((one) => one.resourceType)).toContain('Condition');
    },
  );

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
