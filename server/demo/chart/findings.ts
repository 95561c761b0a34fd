import { called, hl7, sct, type Concept } from '../codes.ts';
import type { When } from '../calendar.ts';
import { interpretationOf, vitals, type VitalKey } from '../lab-tests.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Chart, Ref } from './chart.ts';
import type { Staff } from './staff.ts';

/** An allergy or intolerance as one organisation records it. */
export type AllergyEntry = {
  readonly to: Concept;
  readonly recorded: When;
  readonly onset?: When;
  readonly kind?: 'allergy' | 'intolerance';
  readonly category?: 'medication' | 'food' | 'environment';
  readonly clinical?: 'active' | 'inactive' | 'resolved';
  readonly verification?: 'unconfirmed' | 'confirmed' | 'refuted' | 'entered-in-error';
  readonly criticality?: 'low' | 'high' | 'unable-to-assess';
  readonly reaction?: Concept;
  readonly severity?: 'mild' | 'moderate' | 'severe';
  readonly by?: Staff;
  readonly note?: string;
  readonly encounter?: Ref;
};

export function allergy(chart: Chart, entry: AllergyEntry): Ref {
  const { verification = 'confirmed', clinical = 'active' } = entry;
  return chart.add('AllergyIntolerance', entry.recorded, {
    ...(verification === 'entered-in-error' ? {} : { clinicalStatus: hl7.allergyClinical(clinical) }),
    verificationStatus: hl7.allergyVerification(verification),
    type: entry.kind ?? 'allergy',
    category: [entry.category ?? 'medication'],
    criticality: entry.criticality,
    code: entry.to,
    encounter: entry.encounter,
    onsetDateTime: entry.onset === undefined ? undefined : chart.calendar.day(entry.onset),
    recordedDate: chart.recorded(entry.recorded),
    recorder: entry.by === undefined ? undefined : chart.staff(entry.by),
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
    reaction:
      entry.reaction === undefined ? undefined : [{ manifestation: [entry.reaction], severity: entry.severity }],
  });
}

/** A problem or diagnosis. */
export type ProblemEntry = {
  readonly what: Concept;
  readonly onset?: When;
  readonly ended?: When;
  readonly recorded?: When;
  readonly clinical?: 'active' | 'inactive' | 'resolved' | 'remission';
  readonly verification?: 'confirmed' | 'provisional' | 'refuted';
  readonly category?: 'problem-list-item' | 'encounter-diagnosis';
  readonly severity?: Concept;
  readonly encounter?: Ref;
  readonly by?: Staff;
  readonly note?: string;
};

export function problem(chart: Chart, entry: ProblemEntry): Ref {
  const recorded = entry.recorded ?? entry.onset ?? 0;
  const category = entry.category ?? 'problem-list-item';
  const ref = chart.add('Condition', recorded, {
    clinicalStatus: hl7.conditionClinical(entry.clinical ?? (entry.ended === undefined ? 'active' : 'resolved')),
    verificationStatus: hl7.conditionVerification(entry.verification ?? 'confirmed'),
    category: [
      hl7.conditionCategory(category, category === 'problem-list-item' ? 'Problem list item' : 'Encounter diagnosis'),
    ],
    severity: entry.severity,
    code: entry.what,
    encounter: entry.encounter,
    onsetDateTime: entry.onset === undefined ? undefined : chart.calendar.day(entry.onset),
    abatementDateTime: entry.ended === undefined ? undefined : chart.calendar.day(entry.ended),
    recordedDate: chart.recorded(recorded),
    asserter: entry.by === undefined ? undefined : chart.staff(entry.by),
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
  });
  return { ...ref, display: called(entry.what) };
}

/** An observation that is no laboratory result: social context, scores, pregnancy, findings of an examination. */
export type ObservationEntry = {
  readonly what: Concept;
  readonly at: When;
  readonly category?: 'social-history' | 'survey' | 'exam' | 'vital-signs' | 'procedure';
  readonly value?: Concept | string | number;
  readonly unit?: readonly [printed: string, ucum: string];
  readonly encounter?: Ref;
  readonly by?: Staff;
  readonly note?: string;
};

export function observation(chart: Chart, entry: ObservationEntry): Ref {
  const { value, unit } = entry;
  const category = entry.category ?? 'exam';
  return chart.add('Observation', entry.at, {
    status: 'final',
    category: [hl7.observationCategory(category)],
    code: entry.what,
    encounter: entry.encounter,
    effectiveDateTime: chart.calendar.instant(entry.at),
    performer: [entry.by === undefined ? chart.organisation : chart.staff(entry.by)],
    valueString: typeof value === 'string' ? value : undefined,
    valueInteger: typeof value === 'number' && unit === undefined ? value : undefined,
    valueQuantity:
      typeof value === 'number' && unit !== undefined
        ? { value, unit: unit[0], system: system.ucum, code: unit[1] }
        : undefined,
    valueCodeableConcept: typeof value === 'object' ? value : undefined,
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
  });
}

/** A set of vital signs taken together; blood pressure as one Observation with two components. */
export function vitalSigns(
  chart: Chart,
  at: When,
  values: { readonly [key in VitalKey]?: number } & { readonly pressure?: readonly [number, number] },
  context: { readonly encounter?: Ref; readonly by?: Staff } = {},
): readonly Ref[] {
  const shared = {
    status: 'final',
    category: [hl7.observationCategory('vital-signs', 'Vital Signs')],
    encounter: context.encounter,
    effectiveDateTime: chart.calendar.instant(at),
    performer: [context.by === undefined ? chart.organisation : chart.staff(context.by)],
  };
  const refs: Ref[] = [];
  for (const [key, one] of Object.entries(vitals)) {
    const value = values[key as VitalKey];
    if (value !== undefined)
      refs.push(
        chart.add('Observation', at, {
          ...shared,
          code: one.code,
          valueQuantity: { value, unit: one.unit, system: system.ucum, code: one.ucum },
        }),
      );
  }
  if (values.pressure !== undefined) {
    const mmHg = (value: number): unknown => ({ value, unit: 'mmHg', system: system.ucum, code: 'mm[Hg]' });
    const [systolic, diastolic] = values.pressure;
    refs.push(
      chart.add('Observation', at, {
        ...shared,
        code: { ...sct('75367002', 'Blood pressure'), text: 'Blood pressure' },
        component: [
          { code: sct('271649006', 'Systolic blood pressure'), valueQuantity: mmHg(systolic) },
          { code: sct('271650006', 'Diastolic blood pressure'), valueQuantity: mmHg(diastolic) },
        ],
      }),
    );
  }
  return refs;
}

/** What runs in the family. */
export function familyHistory(
  chart: Chart,
  who: readonly [code: string, display: string],
  what: Concept,
  at: When,
): Ref {
  return chart.add('FamilyMemberHistory', at, {
    status: 'completed',
    date: chart.calendar.day(at),
    relationship: hl7.roleCode(...who),
    condition: [{ code: what }],
  });
}

/** `H` or `L` as an Observation carries it. */
export function interpretation(value: number, low?: number, high?: number): readonly Concept[] | undefined {
  const code = interpretationOf(value, low, high);
  return code === undefined ? undefined : [hl7.interpretation(code, code === 'H' ? 'High' : 'Low')];
}

/** An immunisation given, or not given for a reason. */
export function immunisation(
  chart: Chart,
  entry: {
    readonly vaccine: Concept;
    readonly at: When;
    readonly notDone?: string;
    readonly lot?: string;
    readonly by?: Staff;
  },
): Ref {
  return chart.add('Immunization', entry.at, {
    status: entry.notDone === undefined ? 'completed' : 'not-done',
    statusReason: entry.notDone === undefined ? undefined : { text: entry.notDone },
    vaccineCode: entry.vaccine,
    occurrenceDateTime: chart.calendar.day(entry.at),
    recorded: chart.recorded(entry.at),
    primarySource: true,
    lotNumber: entry.lot,
    performer: entry.by === undefined ? undefined : [{ actor: chart.staff(entry.by) }],
  });
}
