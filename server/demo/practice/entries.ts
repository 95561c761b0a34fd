import type { Ref } from '../chart/chart.ts';
import type { When } from '../calendar.ts';
import { called, sct, type Concept } from '../codes.ts';
import { interpretationOf, labTests, vitals, type LabTestKey, type VitalKey } from '../lab-tests.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { PracticeRecord } from './record.ts';
import { extension, gpcCode, profileOf, withLegacy } from './stu3.ts';

/** An active allergy, or with `ended` one that stands in the list of ended allergies. */
export function gpAllergy(
  record: PracticeRecord,
  entry: {
    readonly to: Concept;
    readonly legacy?: string;
    readonly recorded: When;
    readonly onset?: string;
    readonly kind?: 'allergy' | 'intolerance';
    readonly status?: 'active' | 'resolved';
    readonly verification?: 'unconfirmed' | 'confirmed' | 'entered-in-error';
    readonly criticality?: 'low' | 'high';
    readonly reaction?: Concept;
    readonly by?: Ref;
    readonly note?: string;
    readonly ended?: { readonly on: When; readonly because: string };
  },
): void {
  const { calendar, patient } = record;
  const members = {
    clinicalStatus: entry.ended === undefined ? (entry.status ?? 'active') : 'resolved',
    verificationStatus: entry.verification ?? 'unconfirmed',
    type: entry.kind,
    category: ['medication'],
    criticality: entry.criticality,
    code: withLegacy(record.practice, entry.to, entry.legacy, called(entry.to)),
    patient,
    onsetDateTime: entry.onset,
    assertedDate: calendar.instant(entry.recorded),
    recorder: entry.by ?? record.gp,
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
    reaction: entry.reaction === undefined ? undefined : [{ manifestation: [entry.reaction] }],
  };
  if (entry.ended === undefined) {
    record.list('allergies', record.add('AllergyIntolerance', members));
    return;
  }
  record.endedAllergy({
    resourceType: 'AllergyIntolerance',
    id: record.id(),
    meta: { profile: [profileOf('AllergyIntolerance')] },
    extension: [
      {
        url: extension.allergyEnd,
        extension: [
          { url: 'endDate', valueDateTime: calendar.day(entry.ended.on) },
          { url: 'reasonEnded', valueString: entry.ended.because },
        ],
      },
    ],
    ...Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
  });
}

/** The practice's own statement that no allergy is known. */
export function gpNoKnownAllergies(record: PracticeRecord, recorded: When): void {
  gpAllergy(record, { to: sct('716186003', 'No known allergy'), recorded, verification: 'unconfirmed' });
}

/** An uncategorised Observation: a finding, a score, a code of administration. */
export function gpObservation(
  record: PracticeRecord,
  entry: {
    readonly what: Concept;
    readonly legacy?: string;
    readonly at: When;
    readonly value?: number | string;
    readonly unit?: readonly [printed: string, ucum: string];
    readonly note?: string;
    readonly by?: Ref;
    readonly encounter?: Ref;
    /** False where it stands only inside a consultation. */
    readonly listed?: boolean;
  },
): Ref {
  const { value, unit } = entry;
  const ref = record.add('Observation', {
    status: 'final',
    code: withLegacy(record.practice, entry.what, entry.legacy, called(entry.what)),
    subject: record.patient,
    context: entry.encounter,
    effectiveDateTime: record.calendar.instant(entry.at),
    issued: record.calendar.instant(entry.at),
    performer: [entry.by ?? record.gp],
    valueQuantity:
      typeof value === 'number'
        ? { value, ...(unit === undefined ? {} : { unit: unit[0], system: system.ucum, code: unit[1] }) }
        : undefined,
    valueString: typeof value === 'string' ? value : undefined,
    comment: entry.note,
  });
  if (entry.listed !== false) record.list('uncategorised', ref);
  return ref;
}

/** Vital signs as practices send them: no category, blood pressure as a triple. */
export function gpVitals(
  record: PracticeRecord,
  at: When,
  values: { readonly [key in VitalKey]?: number } & { readonly pressure?: readonly [number, number] },
  encounter?: Ref,
): readonly Ref[] {
  const context = encounter === undefined ? {} : { encounter };
  const refs = Object.entries(vitals).flatMap(([key, one]) => {
    const value = values[key as VitalKey];
    if (value === undefined) return [];
    return [gpObservation(record, { what: one.code, at, value, unit: [one.unit, one.ucum], ...context })];
  });
  const { pressure } = values;
  if (pressure === undefined) return refs;
  const mmHg = (value: number): unknown => ({ value, unit: 'mm[Hg]', system: system.ucum, code: 'mm[Hg]' });
  const blood = record.add('Observation', {
    status: 'final',
    code: sct('163020007', 'O/E - blood pressure reading'),
    subject: record.patient,
    context: encounter,
    effectiveDateTime: record.calendar.instant(at),
    issued: record.calendar.instant(at),
    performer: [record.gp],
    component: [
      { code: sct('72313002', 'Systolic arterial pressure'), valueQuantity: mmHg(pressure[0]) },
      { code: sct('1091811000000102', 'Diastolic arterial pressure'), valueQuantity: mmHg(pressure[1]) },
    ],
  });
  record.list('uncategorised', blood);
  return [...refs, blood];
}

/** A problem: the ProblemHeader Condition and the Observation that is the actual entry. */
export function gpProblem(
  record: PracticeRecord,
  entry: {
    readonly what: Concept;
    readonly legacy?: string;
    readonly onset: string;
    readonly ended?: string;
    readonly significance?: 'major' | 'minor';
    readonly by?: Ref;
    readonly note?: string;
    readonly related?: readonly Ref[];
  },
): Ref {
  const { calendar } = record;
  const code = withLegacy(record.practice, entry.what, entry.legacy, called(entry.what));
  const actual = record.add('Observation', {
    status: 'final',
    code,
    subject: record.patient,
    effectiveDateTime: entry.onset,
    issued: calendar.instant(entry.onset.length === 10 ? `${entry.onset}T09:00:00Z` : entry.onset),
    performer: [entry.by ?? record.gp],
    comment: entry.note,
  });
  const ref = record.add('Condition', {
    extension: [
      { url: extension.actualProblem, valueReference: actual },
      { url: extension.significance, valueCode: entry.significance ?? 'major' },
      ...(entry.related ?? []).map((valueReference) => ({ url: extension.relatedContent, valueReference })),
    ],
    clinicalStatus: entry.ended === undefined ? 'active' : 'inactive',
    category: [
      {
        coding: [
          {
            system: 'https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1',
            code: 'problem-list-item',
            display: 'Problem List Item',
          },
        ],
      },
    ],
    code,
    subject: record.patient,
    onsetDateTime: entry.onset,
    abatementDateTime: entry.ended,
    assertedDate: entry.onset,
    asserter: entry.by ?? record.gp,
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
  });
  record.list('problems', ref);
  return ref;
}

/** An immunisation: the vaccine is often unknown and the procedure coded. */
export function gpImmunisation(
  record: PracticeRecord,
  entry: {
    readonly what: Concept;
    readonly at: When;
    readonly lot?: string;
    readonly by?: Ref;
    readonly note?: string;
  },
): void {
  const { calendar } = record;
  record.list(
    'immunisations',
    record.add('Immunization', {
      extension: [
        { url: extension.dateRecorded, valueDateTime: calendar.instant(entry.at) },
        { url: extension.vaccination, valueCodeableConcept: entry.what },
      ],
      status: 'completed',
      notGiven: false,
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' }] },
      patient: record.patient,
      date: calendar.day(entry.at),
      primarySource: true,
      lotNumber: entry.lot,
      practitioner: [
        {
          role: { coding: [{ system: 'http://hl7.org/fhir/v2/0443', code: 'AP', display: 'Administering Provider' }] },
          actor: entry.by ?? record.gp,
        },
      ],
      note: entry.note === undefined ? undefined : [{ text: entry.note }],
    }),
  );
}

/** A set of results: DiagnosticReport, the group's header, a result each, Specimen and the request behind it. */
export function gpInvestigation(
  record: PracticeRecord,
  entry: {
    readonly at: When;
    readonly title: string;
    readonly values: { readonly [key in LabTestKey]?: number };
    readonly filed?: string;
  },
): Ref {
  const { calendar, patient } = record;
  const taken = calendar.instant(entry.at);
  const specimen = record.add('Specimen', {
    status: 'available',
    type: sct('122555007', 'Venous blood specimen'),
    subject: patient,
    collection: { collectedDateTime: taken },
  });
  const request = record.add('ProcedureRequest', {
    status: 'completed',
    intent: 'order',
    code: { text: entry.title },
    subject: patient,
    authoredOn: taken,
    requester: { agent: record.gp },
  });
  const results = Object.entries(labTests).flatMap(([key, one]) => {
    const value = entry.values[key as LabTestKey];
    if (value === undefined) return [];
    const low = 'low' in one ? one.low : undefined;
    const high = 'high' in one ? one.high : undefined;
    const quantity = (number: number): unknown => ({
      value: number,
      unit: one.unit,
      system: system.ucum,
      code: one.ucum,
    });
    const mark = interpretationOf(value, low, high);
    return [
      record.add('Observation', {
        status: 'final',
        category: [
          {
            coding: [{ system: 'http://hl7.org/fhir/observation-category', code: 'laboratory', display: 'Laboratory' }],
          },
        ],
        code: one.code,
        subject: patient,
        effectiveDateTime: taken,
        issued: taken,
        performer: [record.organisation],
        valueQuantity: quantity(value),
        interpretation:
          mark === undefined
            ? undefined
            : {
                coding: [{ system: 'http://hl7.org/fhir/v2/0078', code: mark, display: mark === 'H' ? 'High' : 'Low' }],
              },
        specimen,
        referenceRange:
          low === undefined && high === undefined
            ? undefined
            : [
                {
                  ...(low === undefined ? {} : { low: quantity(low) }),
                  ...(high === undefined ? {} : { high: quantity(high) }),
                },
              ],
      }),
    ];
  });
  const header = record.add('Observation', {
    status: 'final',
    code: { text: entry.title },
    subject: patient,
    effectiveDateTime: taken,
    issued: taken,
    performer: [record.organisation],
    specimen,
    related: results.map((target) => ({ type: 'has-member', target })),
  });
  const filing = record.add('Observation', {
    status: 'final',
    code: sct('37331000000100', 'Comment note'),
    subject: patient,
    effectiveDateTime: taken,
    issued: taken,
    performer: [record.gp],
    comment: entry.filed ?? 'Normal, no action',
  });
  const report = record.add('DiagnosticReport', {
    status: 'final',
    category: { coding: [{ system: 'http://hl7.org/fhir/v2/0074', code: 'LAB', display: 'Laboratory' }] },
    code: sct('721981007', 'Diagnostic studies report'),
    subject: patient,
    effectiveDateTime: taken,
    issued: taken,
    performer: [{ actor: record.organisation }],
    specimen: [specimen],
    basedOn: [request],
    result: [header, filing],
  });
  record.list('investigations', report);
  return report;
}

/** A referral. */
export function gpReferral(
  record: PracticeRecord,
  entry: {
    readonly what: Concept;
    readonly at: When;
    readonly to: string;
    readonly priority?: 'routine' | 'urgent';
    readonly description?: string;
    readonly encounter?: Ref;
  },
): Ref {
  const ref = record.add('ReferralRequest', {
    status: 'active',
    intent: 'order',
    priority: entry.priority ?? 'routine',
    subject: record.patient,
    context: entry.encounter,
    authoredOn: record.calendar.instant(entry.at),
    requester: { agent: record.gp, onBehalfOf: record.organisation },
    recipient: [{ display: entry.to }],
    reasonCode: [entry.what],
    description: entry.description,
  });
  record.list('referrals', ref);
  return ref;
}

/** A diary entry: what is due. */
export function gpDiary(record: PracticeRecord, what: Concept, due: When, entered: When): void {
  record.list(
    'diary',
    record.add('ProcedureRequest', {
      status: 'active',
      intent: 'plan',
      code: what,
      subject: record.patient,
      occurrenceDateTime: record.calendar.day(due),
      authoredOn: record.calendar.instant(entered),
      requester: { agent: record.gp, onBehalfOf: record.organisation },
    }),
  );
}

/** A prescription type of GP Connect. */
export const prescriptionTypes = {
  acute: gpcCode('CareConnect-PrescriptionType-1', 'acute', 'Acute'),
  repeat: gpcCode('CareConnect-PrescriptionType-1', 'repeat', 'Repeat'),
} as const;
