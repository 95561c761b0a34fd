import { sct, words, type Concept } from '../codes.ts';
import type { When } from '../calendar.ts';
import type { Chart, Ref } from './chart.ts';
import type { Staff } from './staff.ts';

/** The medicines of the demo. Those without a code are written in words alone, as a sender may. */
export const medicines = {
  sacubitril: words('Sacubitril 49 mg / valsartan 51 mg tablets'),
  ramipril: words('Ramipril 5 mg capsules'),
  furosemide: sct('317972000', 'Furosemide 40mg tablets', 'Furosemide 40 mg tablets'),
  bisoprolol: words('Bisoprolol 2.5 mg tablets'),
  apixaban: words('Apixaban 2.5 mg tablets'),
  dapagliflozin: words('Dapagliflozin 10 mg tablets'),
  spironolactone: words('Spironolactone 25 mg tablets'),
  mirtazapine: words('Mirtazapine 15 mg tablets'),
  lansoprazole: words('Lansoprazole 15 mg gastro-resistant capsules'),
  metformin: sct('325278007', 'Metformin 500mg tablets', 'Metformin 500 mg tablets'),
  atorvastatin: sct('320030001', 'Atorvastatin 20mg tablets', 'Atorvastatin 20 mg tablets'),
  paracetamol: words('Paracetamol 500 mg tablets'),
  macrogol: words('Macrogol compound oral powder sachets'),
  aspirin: sct('319773006', 'Aspirin 75mg dispersible tablets', 'Aspirin 75 mg dispersible tablets'),
  simvastatin: sct('320006003', 'Simvastatin 80mg tablets', 'Simvastatin 80 mg tablets'),
  amoxicillin: sct('323510009', 'Amoxicillin 500mg capsules', 'Amoxicillin 500 mg capsules'),
  doxycycline: sct('324059006', 'Doxycycline 100mg capsules', 'Doxycycline 100 mg capsules'),
  amlodipine: sct('319284000', 'Amlodipine 10mg tablets', 'Amlodipine 10 mg tablets'),
  gliclazide: sct('325242002', 'Gliclazide 80mg tablets', 'Gliclazide 80 mg tablets'),
  prednisolone: sct('325444003', 'Prednisolone 5mg soluble tablets', 'Prednisolone 5 mg soluble tablets'),
  salbutamol: sct(
    '39113611000001102',
    'Salbutamol 100micrograms/dose inhaler CFC free',
    'Salbutamol 100 micrograms/dose inhaler CFC free',
  ),
  beclometasone: sct(
    '320537007',
    'Beclometasone 100micrograms/dose inhaler',
    'Beclometasone 100 micrograms/dose inhaler',
  ),
  tiotropium: words('Tiotropium 18 microgram inhalation powder capsules'),
  propranolol: sct('318352004', 'Propranolol 10mg tablets', 'Propranolol 10 mg tablets'),
  sumatriptan: words('Sumatriptan 50 mg tablets'),
  testosterone: words('Testosterone 50 mg/5 g gel'),
  levetiracetam: words('Levetiracetam 100 mg/ml oral solution sugar free'),
  adrenaline: words('Adrenaline 150 micrograms/0.15 ml auto-injector'),
  insulin: words('Insulin aspart 100 units/ml solution for injection'),
  lithium: words('Lithium carbonate 400 mg modified-release tablets'),
  quetiapine: words('Quetiapine 200 mg tablets'),
  ferrous: sct('327438003', 'Ferrous sulfate 200mg tablets', 'Ferrous sulfate 200 mg tablets'),
  folicAcid: sct('327550006', 'Folic acid 5mg tablets', 'Folic acid 5 mg tablets'),
  levothyroxine: sct(
    '374296008',
    'Levothyroxine sodium 100microgram tablets',
    'Levothyroxine sodium 100 microgram tablets',
  ),
  citalopram: sct('321989000', 'Citalopram 10mg tablets', 'Citalopram 10 mg tablets'),
  morphine: words('Morphine sulfate 10 mg/5 ml oral solution'),
  alfacalcidol: words('Alfacalcidol 250 nanogram capsules'),
  clomifene: words('Clomifene 50 mg tablets'),
  codeine: words('Codeine 30 mg tablets'),
} as const satisfies Record<string, Concept>;

/** A medicine as a hospital or trust records it. */
export type MedicineEntry = {
  readonly what: Concept;
  readonly dose: string;
  readonly from: When;
  readonly to?: When;
  readonly status?: 'active' | 'stopped' | 'completed' | 'on-hold';
  readonly authored?: When;
  readonly by?: Staff;
  readonly encounter?: Ref;
  readonly reason?: Ref | Concept;
  readonly stoppedFor?: string;
  readonly note?: string;
  readonly category?: 'inpatient' | 'discharge' | 'community' | 'outpatient';
};

/** A prescription: MedicationRequest, intent order. */
export function prescription(chart: Chart, entry: MedicineEntry): Ref {
  const { calendar } = chart;
  const reason = entry.reason;
  return chart.add('MedicationRequest', entry.to ?? entry.authored ?? entry.from, {
    status: entry.status ?? (entry.to === undefined ? 'active' : 'stopped'),
    statusReason: entry.stoppedFor === undefined ? undefined : { text: entry.stoppedFor },
    intent: 'order',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category',
            code: entry.category ?? 'discharge',
          },
        ],
      },
    ],
    medicationCodeableConcept: entry.what,
    encounter: entry.encounter,
    authoredOn: calendar.instant(entry.authored ?? entry.from),
    requester: entry.by === undefined ? chart.organisation : chart.staff(entry.by),
    reasonReference: reason !== undefined && 'reference' in reason ? [reason] : undefined,
    reasonCode: reason !== undefined && !('reference' in reason) ? [reason] : undefined,
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
    dosageInstruction: [{ text: entry.dose }],
    dispenseRequest: {
      validityPeriod: {
        start: calendar.day(entry.from),
        ...(entry.to === undefined ? {} : { end: calendar.day(entry.to) }),
      },
    },
  });
}

/** What the person takes, as an organisation that does not prescribe it knows it: MedicationStatement. */
export function statement(chart: Chart, entry: MedicineEntry): Ref {
  const { calendar } = chart;
  return chart.add('MedicationStatement', entry.authored ?? entry.from, {
    status: entry.status ?? (entry.to === undefined ? 'active' : 'stopped'),
    medicationCodeableConcept: entry.what,
    context: entry.encounter,
    effectivePeriod: {
      start: calendar.day(entry.from),
      ...(entry.to === undefined ? {} : { end: calendar.day(entry.to) }),
    },
    dateAsserted: chart.recorded(entry.authored ?? entry.from),
    informationSource: entry.by === undefined ? undefined : chart.staff(entry.by),
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
    dosage: [{ text: entry.dose }],
  });
}

/** A device that the person has, such as a pacemaker. */
export function device(chart: Chart, what: Concept, at: When, note: string): Ref {
  return chart.add('Device', at, {
    status: 'active',
    type: what,
    owner: chart.organisation,
    note: [{ text: note }],
  });
}
