import { describe, expect, test } from 'vitest';
import { object, objects, text } from '../../src/fhir/json.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { ohc, system } from '../../src/fhir/systems.ts';
import { contentsOf } from './entry.ts';
import { prove } from './proved-record.ts';
import { ids, patientOf, person, sourceOf } from './stand-in.ts';
import { faultsOf } from './stu3/definition.testing.ts';
import { fromStu3 } from './stu3/from-stu3.ts';

const ref = (reference: string): object => ({ reference });
const subject = ref('Patient/gp');
const sct = (code: string, display: string): object => ({ coding: [{ system: system.snomed, code, display }] });
const careConnect = 'https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-';

/** A record as GP Connect gives it, small, with one of each structure. */
const record: readonly object[] = [
  patientOf('gp'),
  // A repeat medicine: what was authorised, each time that it was issued, and the line of the record.
  {
    resourceType: 'MedicationRequest',
    id: 'plan',
    status: 'active',
    intent: 'plan',
    subject,
    medicationReference: ref('Medication/m'),
  },
  ...['issue-1', 'issue-2'].map((id) => ({
    resourceType: 'MedicationRequest',
    id,
    status: 'completed',
    intent: 'order',
    subject,
    basedOn: [ref('MedicationRequest/plan')],
    medicationReference: ref('Medication/m'),
  })),
  {
    resourceType: 'MedicationStatement',
    id: 'plan',
    status: 'active',
    taken: 'unk',
    subject,
    basedOn: [ref('MedicationRequest/plan')],
    medicationReference: ref('Medication/m'),
  },
  { resourceType: 'Medication', id: 'm', code: sct('319773006', 'Aspirin 75mg') },
  // A consultation: the encounter, its list, a topic, a heading, and what was written under it.
  { resourceType: 'Encounter', id: 'e', status: 'finished', subject, appointment: ref('Appointment/elsewhere') },
  ...[
    ['e-list', '325851000000107', 'List/e-topic'],
    ['e-topic', '25851000000105', 'List/e-heading'],
    ['e-heading', '24781000000107', 'Observation/note'],
  ].map(([id = '', code = '', item = '']) => ({
    resourceType: 'List',
    id,
    status: 'current',
    mode: 'snapshot',
    subject,
    encounter: ref('Encounter/e'),
    code: sct(code, id),
    entry: [{ item: ref(item) }],
  })),
  {
    resourceType: 'Observation',
    id: 'note',
    status: 'final',
    subject,
    context: ref('Encounter/e'),
    code: sct('37331000000100', 'Comment note'),
    comment: 'Seen with her daughter',
  },
  // A problem: a header over the entry that it is about, with what belongs to it and the problem above it.
  {
    resourceType: 'Condition',
    id: 'problem',
    clinicalStatus: 'active',
    subject,
    code: sct('44054006', 'Type 2 diabetes'),
    extension: [
      { url: `${careConnect}ActualProblem-1`, valueReference: ref('Observation/note') },
      { url: `${careConnect}RelatedClinicalContent-1`, valueReference: ref('MedicationRequest/plan') },
      {
        url: `${careConnect}RelatedProblemHeader-1`,
        extension: [
          { url: 'type', valueCode: 'parent' },
          { url: 'target', valueReference: ref('Condition/above') },
        ],
      },
    ],
  },
  { resourceType: 'Condition', id: 'above', clinicalStatus: 'inactive', subject, code: sct('237599002', 'Above') },
  // An investigation: the request, the report, a group of results, a result in it, and what was said when it was filed.
  {
    resourceType: 'ProcedureRequest',
    id: 'asked',
    status: 'completed',
    intent: 'order',
    subject,
    code: sct('26604007', 'Full blood count'),
  },
  {
    resourceType: 'DiagnosticReport',
    id: 'report',
    status: 'final',
    subject,
    code: sct('721981007', 'Diagnostic studies report'),
    basedOn: [ref('ProcedureRequest/asked')],
    specimen: [ref('Specimen/s')],
    result: [ref('Observation/group'), ref('Observation/filed')],
  },
  { resourceType: 'Specimen', id: 's', subject, type: sct('122555007', 'Venous blood') },
  {
    resourceType: 'Observation',
    id: 'group',
    status: 'final',
    subject,
    code: sct('26604007', 'Full blood count'),
    related: [{ type: 'has-member', target: ref('Observation/result') }],
  },
  {
    resourceType: 'Observation',
    id: 'result',
    status: 'final',
    subject,
    code: sct('1022431000000105', 'Haemoglobin'),
    valueQuantity: { value: 131, unit: 'g/L' },
    related: [{ type: 'derived-from', target: ref('Observation/group') }],
  },
  {
    resourceType: 'Observation',
    id: 'filed',
    status: 'final',
    subject,
    code: sct('37331000000100', 'Comment note'),
    comment: 'Normal, no action',
    related: [{ type: 'has-member', target: ref('Observation/result') }],
  },
  // A referral, and a recall of the same id: they are one type in R4.
  {
    resourceType: 'ReferralRequest',
    id: 'one',
    status: 'active',
    intent: 'order',
    subject,
    requester: { agent: ref('Practitioner/d'), onBehalfOf: ref('Organization/o') },
    reasonCode: [sct('306206005', 'Referral')],
  },
  {
    resourceType: 'ProcedureRequest',
    id: 'one',
    status: 'active',
    intent: 'plan',
    subject,
    occurrenceDateTime: '2027-01-02',
    code: sct('185903001', 'Needs flu vaccine'),
  },
  { resourceType: 'Practitioner', id: 'd', name: [{ family: 'Example' }] },
  { resourceType: 'Organization', id: 'o', name: 'Etruria Vale Surgery' },
  // The list of ended allergies, with one inside, and no id as practices send it.
  {
    resourceType: 'List',
    status: 'current',
    mode: 'snapshot',
    code: sct('1103671000000101', 'Ended allergies'),
    subject,
    contained: [
      {
        resourceType: 'AllergyIntolerance',
        id: 'ended',
        verificationStatus: 'unconfirmed',
        patient: subject,
        code: sct('91936005', 'Penicillin'),
        extension: [
          {
            url: `${careConnect}AllergyIntoleranceEnd-1`,
            extension: [
              { url: 'endDate', valueDateTime: '2021-02-03' },
              { url: 'reasonEnded', valueString: 'Challenge test negative' },
            ],
          },
        ],
      },
    ],
    entry: [{ item: ref('#ended') }],
  },
];

const bundle = { resourceType: 'Bundle', type: 'collection', entry: record.map((resource) => ({ resource })) };
const { resources, reasons } = prove(
  {
    entries: (contentsOf(bundle)?.entries ?? []).flatMap(fromStu3),
    base: 'https://practice.example/fhir',
    scope: 'gp/M83001',
    origin: { ods: 'M83001', name: 'Etruria Vale Surgery', label: 'GP' },
  },
  person,
  sourceOf({ id: 'gp' }),
  ids,
  () => undefined,
);

/** What stands at a reference of the source. */
function at(reference: string): Resource {
  const [type = '', id = ''] = reference.split('/');
  const found = resources.find((one) => one['id'] === ids.of('gp/M83001', type, id));
  if (found === undefined) throw new Error(`nothing at ${reference}`);
  return found;
}
const to = (reference: string): string => `${at(reference).resourceType}/${String(at(reference)['id'])}`;
const referencesOf = (value: unknown): readonly (string | undefined)[] =>
  objects(value).map((one) => text(one['reference']));
const extensionsOf = (resource: Resource, name: string): readonly unknown[] =>
  objects(resource['extension']).filter((one) => one['url'] === `${ohc.gpConnect}${name}`);

describe('a GP Connect record as it is released', () => {
  test('all of it is there, proved, and R4', () => {
    expect([...reasons]).toEqual([]);
    // The Patient is the demographics service's; the ended allergy came out of its list.
    expect(resources).toHaveLength(record.length - 1 + 1);
    expect(resources.filter(isResource).flatMap(faultsOf)).toEqual([]);
  });

  test('what was authorised and each issue stay apart, each pointing at it', () => {
    expect(at('MedicationRequest/plan')['intent']).toBe('plan');
    for (const issue of ['MedicationRequest/issue-1', 'MedicationRequest/issue-2', 'MedicationStatement/plan'])
      expect(referencesOf(at(issue)['basedOn'])).toEqual([to('MedicationRequest/plan')]);
    expect(['issue-1', 'issue-2'].map((id) => at(`MedicationRequest/${id}`)['intent'])).toEqual(['order', 'order']);
    expect(to('MedicationRequest/plan')).not.toBe(to('MedicationStatement/plan'));
  });

  test('a consultation is an encounter with its tree of lists down to the note', () => {
    const down = (list: string): readonly unknown[] =>
      objects(at(list)['entry']).map((one) => object(one['item'])?.['reference']);
    expect(down('List/e-list')).toEqual([to('List/e-topic')]);
    expect(down('List/e-topic')).toEqual([to('List/e-heading')]);
    expect(down('List/e-heading')).toEqual([to('Observation/note')]);
    expect(at('List/e-list')['encounter']).toEqual({ reference: to('Encounter/e') });
    expect(at('Observation/note')).toMatchObject({
      encounter: { reference: to('Encounter/e') },
      note: [{ text: 'Seen with her daughter' }],
    });
  });

  test('a problem keeps its links, each to what is released', () => {
    const problem = at('Condition/problem');
    expect(extensionsOf(problem, 'ActualProblem')).toMatchObject([
      { valueReference: { reference: to('Observation/note') } },
    ]);
    expect(extensionsOf(problem, 'RelatedClinicalContent')).toMatchObject([
      { valueReference: { reference: to('MedicationRequest/plan') } },
    ]);
    expect(extensionsOf(problem, 'RelatedProblemHeader')).toMatchObject([
      { extension: [{ valueCode: 'parent' }, { valueReference: { reference: to('Condition/above') } }] },
    ]);
  });

  test('an investigation has its request, specimen, group, result and filing comment', () => {
    const report = at('DiagnosticReport/report');
    expect(referencesOf(report['basedOn'])).toEqual([to('ProcedureRequest/asked')]);
    expect(at('ProcedureRequest/asked').resourceType).toBe('ServiceRequest');
    expect(referencesOf(report['specimen'])).toEqual([to('Specimen/s')]);
    expect(referencesOf(report['result'])).toEqual([to('Observation/group'), to('Observation/filed')]);
    expect(referencesOf(at('Observation/group')['hasMember'])).toEqual([to('Observation/result')]);
    expect(referencesOf(at('Observation/result')['derivedFrom'])).toEqual([to('Observation/group')]);
    expect(at('Observation/filed')).toMatchObject({
      note: [{ text: 'Normal, no action' }],
      hasMember: [{ reference: to('Observation/result') }],
    });
  });

  test('a referral and a recall are two requests, though they share an id', () => {
    expect(to('ReferralRequest/one')).not.toBe(to('ProcedureRequest/one'));
    expect(at('ReferralRequest/one')).toMatchObject({
      resourceType: 'ServiceRequest',
      requester: { reference: to('Practitioner/d') },
      extension: [{ valueReference: { reference: to('Organization/o') } }],
      category: [{ coding: [{ code: '3457005' }] }],
    });
    expect(at('ProcedureRequest/one')).toMatchObject({ intent: 'plan', occurrenceDateTime: '2027-01-02' });
    expect(at('ProcedureRequest/one')).not.toHaveProperty('category');
  });

  test('an ended allergy stands for itself, resolved, with its end and the reason, and its list points at it (H14)', () => {
    const ended = resources.filter((one) => one.resourceType === 'AllergyIntolerance');
    expect(ended).toMatchObject([
      {
        clinicalStatus: { coding: [{ code: 'resolved' }] },
        extension: [
          {
            url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AllergyIntoleranceEnd',
            extension: [{ valueDateTime: '2021-02-03' }, { valueString: 'Challenge test negative' }],
          },
        ],
      },
    ]);
    expect(objects(at('List/~0')['entry'])).toMatchObject([
      { item: { reference: `AllergyIntolerance/${String(ended[0]?.['id'])}` } },
    ]);
  });

  test('the same answer has the same ids', () => {
    const again = (contentsOf(structuredClone(bundle))?.entries ?? []).flatMap(fromStu3).map((one) => one.key);
    expect(again).toEqual((contentsOf(bundle)?.entries ?? []).flatMap(fromStu3).map((one) => one.key));
    expect(new Set(resources.map((one) => one['id'])).size).toBe(resources.length);
  });
});
