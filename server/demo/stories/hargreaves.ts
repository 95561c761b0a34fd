import { sct, words } from '../codes.ts';
import { encounter, referral, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { problem } from '../chart/findings.ts';
import { bloods, procedure, report } from '../chart/results.ts';
import { medicines } from '../chart/medicines.ts';
import type { Chart } from '../chart/chart.ts';
import { staff } from '../chart/staff.ts';
import { gpConsultation } from '../practice/consultation.ts';
import { gpMedicine } from '../practice/medication.ts';
import {
  gpImmunisation,
  gpInvestigation,
  gpNoKnownAllergies,
  gpProblem,
  gpReferral,
  gpVitals,
} from '../practice/entries.ts';
import type { PracticeRecord } from '../practice/record.ts';
import type { Story } from './story.ts';

function practice(record: PracticeRecord): void {
  gpNoKnownAllergies(record, '2020-02-10T10:00:00Z');
  gpProblem(record, { what: words('Migraine with aura'), onset: '2013-05-20' });
  gpProblem(record, { what: words('Torn medial meniscus, left knee'), onset: '2024-08-19', ended: '2025-03-02' });
  gpMedicine(record, {
    what: medicines.propranolol,
    dose: '1 tablet three times a day',
    from: '2014-01-13',
    issues: [-120, -64, -8],
    quantity: [84, 'tablet'],
  });
  gpMedicine(record, {
    what: medicines.sumatriptan,
    dose: '1 tablet at the start of a migraine',
    from: '2013-05-20',
    issues: [-150, -40],
    quantity: [6, 'tablet'],
  });
  const hidden = gpProblem(record, {
    what: sct('407377005', 'Female-to-male transsexual', 'Female-to-male'),
    onset: '2018-03-12',
  });
  gpMedicine(record, {
    what: medicines.testosterone,
    dose: '1 sachet on the skin once a day',
    from: '2019-02-18',
    issues: [-100, -44],
    quantity: [30, 'sachet'],
    reason: hidden,
  });
  gpReferral(record, {
    what: words('Referral to gender identity clinic'),
    at: '2018-03-12',
    to: 'gender identity clinic',
  });
  gpConsultation(record, {
    at: [-44, '10:30'],
    type: 'GP Surgery',
    headings: [
      { title: 'History', text: 'Two migraines a month, fewer since propranolol.' },
      {
        title: 'Examination',
        items: (encounter) =>
          gpVitals(record, [-44, '10:35'], { pulse: 62, weight: 71.2, pressure: [118, 74] }, encounter),
      },
    ],
  });
  gpInvestigation(record, {
    at: [-43, '08:50'],
    title: 'Blood count, liver, lipids',
    values: { haemoglobin: 158, alt: 28, cholesterol: 4.7 },
  });
  gpImmunisation(record, {
    what: sct('1324681000000101', 'Administration of first dose of SARS-CoV-2 vaccine'),
    at: '2021-06-05',
  });
}

function uhnm(chart: Chart): void {
  const knee = encounter(chart, {
    kind: 'IMP',
    type: words('Day case'),
    from: '2025-01-14T07:30:00Z',
    to: '2025-01-14T16:00:00Z',
    treatmentFunction: ['110', 'Trauma and Orthopaedics'],
    place: 'Royal Stoke day surgery',
    by: staff.fenn,
    discharge: 'Own home',
  });
  procedure(chart, {
    what: words('Arthroscopic repair of left medial meniscus'),
    at: '2025-01-14T09:20:00Z',
    encounter: knee,
    by: staff.fenn,
  });
  report(chart, {
    what: sct('113091000', 'Magnetic resonance imaging', 'MRI of left knee'),
    at: '2024-10-02T15:00:00Z',
    conclusion: 'Bucket handle tear of the medial meniscus.',
    by: staff.lindqvist,
    imaging: { modality: ['MR', 'Magnetic Resonance'] },
  });
  letter(chart, {
    title: 'Day case letter, left knee',
    at: '2025-01-14T16:10:00Z',
    encounter: knee,
    by: staff.fenn,
    paragraphs: ['Meniscus repaired. Crutches for four weeks, then physiotherapy.'],
  });
  bloods(chart, {
    at: '2025-01-07T09:00:00Z',
    title: 'Before operation',
    values: { haemoglobin: 155, sodium: 140, potassium: 4.2, creatinine: 84, egfr: 90 },
    encounter: knee,
  });
  referral(chart, {
    what: words('Referral to physiotherapy'),
    at: '2025-01-14T15:00:00Z',
    status: 'completed',
    to: 'MPFT musculoskeletal service',
    by: staff.fenn,
    encounter: knee,
  });
}

function nscht(chart: Chart): void {
  const service = sct('896974005', 'Transgender health service');
  const visit = encounter(chart, {
    kind: 'AMB',
    type: visits.clinic,
    from: '2018-11-20T10:00:00Z',
    to: '2018-11-20T11:00:00Z',
    service,
    by: staff.whitlock,
  });
  problem(chart, {
    what: words('Assessment of Danielle, Trent Valley'),
    onset: '2018-11-20',
    encounter: visit,
    category: 'encounter-diagnosis',
  });
  letter(chart, {
    title: 'Trent Valley transition letter',
    at: '2018-11-28T10:00:00Z',
    encounter: visit,
    by: staff.whitlock,
    paragraphs: ['Trent Valley transition letter for Daniel, formerly Danielle.'],
  });
}

/** Daniel Hargreaves: migraine and a knee; what concerns his gender history is never shown. */
export const hargreaves: Story = {
  key: 'hargreaves',
  demographic: { formerGiven: 'Danielle' },
  gp: practice,
  gpPatient: { formerGiven: 'Danielle' },
  patients: { uhnm: { gender: 'female', formerGiven: 'Danielle' } },
  uhnm,
  nscht,
};
