import { sct, words } from '../codes.ts';
import { appointment, encounter, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { allergy, problem, vitalSigns } from '../chart/findings.ts';
import { medicines } from '../chart/medicines.ts';
import { bloods, procedure, report } from '../chart/results.ts';
import { staff } from '../chart/staff.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpImmunisation, gpInvestigation, gpNoKnownAllergies, gpProblem, gpVitals } from '../practice/entries.ts';
import type { Story } from './story.ts';
import { problems, reactions, substances } from './substances.ts';

/** Susan Jefferies: her birth date is another one at UHDB, day and month exchanged. */
export const jefferies: Story = {
  key: 'jefferies',
  gp: (record) => {
    gpNoKnownAllergies(record, '2009-03-03T09:00:00Z');
    gpProblem(record, { what: words('Hypothyroidism'), onset: '2009-03-03' });
    gpProblem(record, { what: problems.hypertension, onset: '2015-06-17' });
    gpMedicine(record, {
      what: medicines.levothyroxine,
      dose: '1 tablet once a day',
      from: '2009-03-10',
      issues: [-88, -60, -32, -4],
    });
    gpMedicine(record, {
      what: medicines.amlodipine,
      dose: '1 tablet once a day',
      from: '2015-06-17',
      issues: [-88, -60, -32, -4],
    });
    gpVitals(record, [-60, '10:00'], { weight: 68.1, pressure: [136, 82] });
    gpInvestigation(record, { at: [-60, '09:00'], title: 'Thyroid function', values: { tsh: 2.1 } });
    gpImmunisation(record, { what: sct('822851000000102', 'Seasonal influenza vaccination'), at: -45 });
  },
  uhnm: (chart) => {
    encounter(chart, {
      kind: 'AMB',
      type: visits.clinic,
      from: [-250, '10:00'],
      to: [-250, '10:20'],
      treatmentFunction: ['302', 'Endocrinology'],
      by: staff.osei,
    });
    bloods(chart, { at: [-250, '09:40'], title: 'Thyroid function', values: { tsh: 4.9 } });
  },
  patients: { uhdb: { birthDate: '1961-12-04' } },
  uhdb: (chart) => {
    const visit = encounter(chart, {
      kind: 'EMER',
      type: visits.emergency,
      from: [-20, '13:00'],
      to: [-20, '16:10'],
      reason: words('Wrist injury'),
      by: staff.iqbal,
    });
    problem(chart, { what: words('Fracture of left wrist'), onset: -20, encounter: visit });
    report(chart, {
      what: words('X-ray of left wrist'),
      at: [-20, '14:00'],
      conclusion: 'Fracture of the distal radius, in good position.',
      encounter: visit,
      imaging: { modality: ['DX', 'Digital Radiography'] },
    });
    appointment(chart, { at: [9, '09:30'], what: 'Fracture clinic', specialty: ['110', 'Trauma and Orthopaedics'] });
  },
};

/** Amira Hussain: five organisations, five opinions of her allergies. */
export const hussain: Story = {
  key: 'hussain',
  gp: (record) => {
    gpNoKnownAllergies(record, '2015-02-09T10:00:00Z');
    gpProblem(record, { what: problems.asthma, legacy: 'H33..00', onset: '1984' });
    gpMedicine(record, {
      what: medicines.salbutamol,
      dose: '2 puffs when needed',
      from: '2010-01-11',
      issues: [-70, -14],
      quantity: [1, 'device'],
    });
    gpVitals(record, [-70, '09:00'], { weight: 70.4, pressure: [122, 78] });
  },
  uhnm: (chart) => {
    const visit = encounter(chart, {
      kind: 'EMER',
      type: visits.emergency,
      from: '2021-08-14T21:00:00Z',
      to: '2021-08-15T06:00:00Z',
      reason: reactions.anaphylaxis,
      by: staff.iqbal,
    });
    allergy(chart, {
      to: substances.penicillins,
      recorded: '2021-08-14T22:00:00Z',
      onset: '2021-08-14',
      criticality: 'high',
      reaction: reactions.anaphylaxis,
      severity: 'severe',
      by: staff.iqbal,
      encounter: visit,
      note: 'Anaphylaxis within minutes of flucloxacillin',
    });
    allergy(chart, {
      to: substances.ibuprofen,
      recorded: '2021-08-14T22:10:00Z',
      verification: 'entered-in-error',
      reaction: reactions.urticaria,
      by: staff.iqbal,
    });
    vitalSigns(chart, '2021-08-14T21:05:00Z', { pulse: 138, saturation: 90, pressure: [82, 44] }, { encounter: visit });
  },
  uhdb: (chart) => {
    const clinic = encounter(chart, {
      kind: 'AMB',
      type: visits.clinic,
      from: [-200, '09:00'],
      to: [-200, '12:00'],
      service: words('Drug allergy clinic'),
      by: staff.brandt,
    });
    allergy(chart, {
      to: substances.penicillins,
      recorded: [-200, '12:00'],
      clinical: 'resolved',
      verification: 'refuted',
      criticality: 'low',
      reaction: reactions.none,
      by: staff.brandt,
      encounter: clinic,
      note: 'Oral challenge negative',
    });
    procedure(chart, {
      what: words('Oral drug challenge, amoxicillin'),
      at: [-200, '10:00'],
      encounter: clinic,
      by: staff.brandt,
    });
    letter(chart, {
      title: 'Letter from drug allergy clinic',
      at: [-199, '09:00'],
      by: staff.brandt,
      encounter: clinic,
      paragraphs: ['Oral challenge with amoxicillin negative. Flucloxacillin was not tested.'],
    });
  },
  mpft: (chart) => {
    allergy(chart, {
      to: substances.latex,
      recorded: [-330, '10:00'],
      category: 'environment',
      criticality: 'low',
      reaction: reactions.dermatitis,
      by: staff.duffy,
    });
    allergy(chart, {
      to: substances.ibuprofen,
      recorded: [-330, '10:05'],
      kind: 'intolerance',
      criticality: 'unable-to-assess',
      reaction: words('Wheeze'),
    });
  },
  wmshcr: (chart) => {
    const birmingham = chart.of('RRK', 'University Hospitals Birmingham');
    allergy(birmingham, {
      to: substances.latex,
      recorded: '2019-05-05T10:00:00Z',
      category: 'environment',
      clinical: 'resolved',
      reaction: reactions.rash,
    });
    allergy(birmingham, {
      to: substances.penicillins,
      recorded: '2018-02-02T10:00:00Z',
      verification: 'unconfirmed',
      criticality: 'unable-to-assess',
    });
  },
};
