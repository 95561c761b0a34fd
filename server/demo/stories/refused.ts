import { sct, words } from '../codes.ts';
import { encounter, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { problem } from '../chart/findings.ts';
import { device, medicines, prescription } from '../chart/medicines.ts';
import { bloods } from '../chart/results.ts';
import type { Chart } from '../chart/chart.ts';
import { staff } from '../chart/staff.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpInvestigation, gpNoKnownAllergies, gpObservation, gpProblem, gpVitals } from '../practice/entries.ts';
import type { PracticeRecord } from '../practice/record.ts';
import type { Concept } from '../codes.ts';
import type { Story } from './story.ts';
import { problems } from './substances.ts';

/** Consent codes as practices enter them. */
const dissent = sct('416409005', 'Refused consent for upload to local shared electronic record');
const consent = sct('417528008', 'Consent given for upload to local shared electronic record');

const hospital =
  (what: Concept) =>
  (chart: Chart): void => {
    const visit = encounter(chart, {
      kind: 'AMB',
      type: visits.clinic,
      from: [-46, '10:20'],
      to: [-46, '10:40'],
      treatmentFunction: ['110', 'Trauma and Orthopaedics'],
      by: staff.fenn,
    });
    problem(chart, { what, onset: -46, by: staff.fenn, encounter: visit });
    letter(chart, {
      title: `Clinic letter: ${what.text ?? ''}`,
      at: [-44, '09:00'],
      by: staff.fenn,
      encounter: visit,
      paragraphs: [`Seen with ${what.text ?? ''}.`],
    });
  };

const atPractice =
  (what: Concept) =>
  (record: PracticeRecord): void => {
    gpNoKnownAllergies(record, '2012-01-10T09:00:00Z');
    gpProblem(record, { what, onset: '2025-02-11' });
    gpMedicine(record, {
      what: medicines.paracetamol,
      dose: '2 tablets up to four times a day when needed',
      from: '2025-02-11',
      issues: [-60, -20],
    });
  };

const colcloughProblem = words('Dupuytren contracture of left ring finger');
/** Objected through her practice: the code stands in the record. */
export const colclough: Story = {
  key: 'colclough',
  gp: (record) => {
    atPractice(colcloughProblem)(record);
    gpObservation(record, { what: dissent, legacy: '93C1.00', at: [-210, '11:15'] });
  },
  uhnm: hospital(colcloughProblem),
};

const tomlinsonProblem = words('Tarsal tunnel syndrome of left foot');
/** Objected through his practice, whose system says so before it gives anything. */
export const tomlinson: Story = {
  key: 'tomlinson',
  gpConsent: false,
  gp: atPractice(tomlinsonProblem),
  uhdb: hospital(tomlinsonProblem),
  uhnm: hospital(tomlinsonProblem),
};

const wardleProblem = words('Plantar fasciitis of right heel');
/** Objected through the register. */
export const wardle: Story = {
  key: 'wardle',
  gp: atPractice(wardleProblem),
  uhnm: hospital(wardleProblem),
  mpft: hospital(wardleProblem),
};

const lockettProblem = words('Cubital tunnel syndrome of right elbow');
/** Restricted at the demographics service. */
export const lockett: Story = { key: 'lockett', gp: atPractice(lockettProblem), uhnm: hospital(lockettProblem) };

const zielinskiProblem = words('Trigger thumb of right hand');
/** Unknown to the demographics service. */
export const zielinski: Story = { key: 'zielinski', uhnm: hospital(zielinskiProblem) };

/** Objected and changed his mind: the later code decides, and the objection in the register was withdrawn. */
export const pritchard: Story = {
  key: 'pritchard',
  gp: (record) => {
    gpNoKnownAllergies(record, '2011-09-01T09:00:00Z');
    gpProblem(record, { what: problems.diabetes1, legacy: 'C10E.', onset: '1984-03-20' });
    gpMedicine(record, {
      what: medicines.insulin,
      dose: 'By pump, as set at the clinic',
      from: '2016-05-09',
      issues: [-85, -57, -29, -1],
      quantity: [3, 'vial'],
    });
    gpMedicine(record, {
      what: medicines.atorvastatin,
      dose: '1 tablet at night',
      from: '2014-10-06',
      issues: [-85, -57, -29, -1],
    });
    gpVitals(record, [-57, '09:30'], { weight: 78.3, pressure: [126, 74] });
    gpInvestigation(record, {
      at: [-57, '09:00'],
      title: 'HbA1c, kidney function',
      values: { hba1c: 56, creatinine: 88, egfr: 86, acr: 2.1, cholesterol: 4.1 },
    });
    gpObservation(record, { what: dissent, legacy: 'XaKRw', at: [-400, '10:00'] });
    gpObservation(record, { what: consent, at: [-90, '14:30'], note: 'Changed his mind after a hypo away from home' });
  },
  uhnm: (chart) => {
    const clinic = encounter(chart, {
      kind: 'AMB',
      type: visits.clinic,
      from: [-130, '10:00'],
      to: [-130, '10:30'],
      treatmentFunction: ['307', 'Diabetes'],
      by: staff.osei,
    });
    problem(chart, { what: problems.diabetes1, onset: '1984-03-20', by: staff.osei, encounter: clinic });
    device(
      chart,
      words('Insulin pump with continuous glucose sensor'),
      '2016-05-09',
      'Set at Royal Stoke diabetes centre',
    );
    prescription(chart, {
      what: medicines.insulin,
      dose: 'By pump, 38 units a day',
      from: '2016-05-09',
      authored: -130,
      by: staff.osei,
      category: 'outpatient',
    });
    bloods(chart, { at: [-130, '09:40'], title: 'HbA1c', values: { hba1c: 58 }, encounter: clinic });
    letter(chart, {
      title: 'Diabetes clinic letter',
      at: [-128, '09:00'],
      by: staff.osei,
      encounter: clinic,
      paragraphs: ['Time in range 71 %. No severe hypos since the sensor.'],
    });
  },
};
