import type { Ref } from '../chart/chart.ts';
import type { When } from '../calendar.ts';
import { called, type Concept } from '../codes.ts';
import { seeded } from '../random.ts';
import { prescriptionTypes } from './entries.ts';
import type { PracticeRecord } from './record.ts';
import { extension, gpcCode } from './stu3.ts';

/** A medicine at the practice: one MedicationStatement, the plan behind it, and an order for each issue. */
export function gpMedicine(
  record: PracticeRecord,
  entry: {
    readonly what: Concept;
    readonly dose: string;
    readonly from: When;
    readonly type?: 'acute' | 'repeat';
    /** Where it was stopped, and why. */
    readonly ended?: { readonly on: When; readonly because?: string };
    /** The issues, oldest first. Absent: prescribed elsewhere, never issued here. */
    readonly issues?: readonly When[];
    readonly quantity?: readonly [value: number, unit: string];
    readonly by?: Ref;
    readonly encounter?: Ref;
    readonly reason?: Ref;
  },
): Ref {
  const { calendar, patient } = record;
  const type = entry.type ?? 'repeat';
  const prescriptionType = { url: extension.prescriptionType, valueCodeableConcept: prescriptionTypes[type] };
  const issues = entry.issues ?? [];
  const last = issues.at(-1);
  const status = entry.ended === undefined ? 'active' : entry.ended.because === undefined ? 'completed' : 'stopped';
  const name = called(entry.what);
  const medication = record.add(
    'Medication',
    { code: entry.what },
    seeded(`gp/${record.practice.ods}/${name}`).uuid().toUpperCase(),
  );
  const [amount, unit] = entry.quantity ?? [28, unitOf(name)];
  const start = calendar.day(entry.from);
  const end = entry.ended === undefined ? undefined : calendar.day(entry.ended.on);
  const requester = { agent: entry.by ?? record.gp, onBehalfOf: record.organisation };
  const common = {
    medicationReference: medication,
    subject: patient,
    context: entry.encounter,
    requester,
    recorder: entry.by ?? record.gp,
    reasonReference: entry.reason === undefined ? undefined : [entry.reason],
    dosageInstruction: [{ text: entry.dose }],
  };
  const dispense = (from: string, to: string | undefined): unknown => ({
    validityPeriod: { start: from, ...(to === undefined ? {} : { end: to }) },
    quantity: { value: amount, unit },
    expectedSupplyDuration: { value: 28, unit: 'day', system: 'http://unitsofmeasure.org', code: 'd' },
  });
  const plan = record.add('MedicationRequest', {
    extension: [
      prescriptionType,
      ...(type === 'repeat'
        ? [
            {
              url: extension.repeat,
              extension: [
                { url: 'numberOfRepeatPrescriptionsIssued', valueUnsignedInt: issues.length },
                { url: 'authorisationExpiryDate', valueDateTime: calendar.day(300) },
              ],
            },
          ]
        : []),
      ...(entry.ended?.because === undefined
        ? []
        : [
            {
              url: extension.statusReason,
              extension: [
                { url: 'statusReason', valueCodeableConcept: { text: entry.ended.because } },
                { url: 'statusChangeDate', valueDateTime: end },
              ],
            },
          ]),
    ],
    status,
    intent: 'plan',
    authoredOn: calendar.instant(entry.from),
    ...common,
    dispenseRequest: dispense(start, end),
  });
  issues.forEach((issue) => {
    record.add('MedicationRequest', {
      extension: [prescriptionType],
      basedOn: [plan],
      status: 'completed',
      intent: 'order',
      authoredOn: calendar.instant(issue),
      ...common,
      dispenseRequest: dispense(calendar.day(issue), undefined),
    });
  });
  const statement = record.add('MedicationStatement', {
    extension: [
      ...(last === undefined ? [] : [{ url: extension.lastIssue, valueDateTime: calendar.instant(last) }]),
      {
        url: extension.agency,
        valueCodeableConcept:
          issues.length === 0
            ? gpcCode(
                'CareConnect-PrescribingAgency-1',
                'prescribed-by-another-organisation',
                'Prescribed by another organisation',
              )
            : gpcCode('CareConnect-PrescribingAgency-1', 'prescribed-at-gp-practice', 'Prescribed at GP practice'),
      },
    ],
    basedOn: [plan],
    status: entry.ended === undefined ? 'active' : status === 'stopped' ? 'stopped' : 'completed',
    medicationReference: medication,
    effectivePeriod: { start, ...(end === undefined ? {} : { end }) },
    dateAsserted: calendar.instant(entry.from),
    subject: patient,
    context: entry.encounter,
    reasonReference: entry.reason === undefined ? undefined : [entry.reason],
    taken: 'unk',
    dosage: [{ text: entry.dose }],
  });
  record.list('medications', statement);
  return plan;
}

/** What is counted when a medicine is dispensed. */
function unitOf(name: string): string {
  return ['capsule', 'sachet', 'device', 'vial'].find((unit) => name.toLowerCase().includes(unit)) ?? 'tablet';
}
