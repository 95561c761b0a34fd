import { coded, sct, words } from '../codes.ts';
import { appointment, encounter, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { observation, problem, vitalSigns } from '../chart/findings.ts';
import { medicines, prescription } from '../chart/medicines.ts';
import { bloods, procedure, report } from '../chart/results.ts';
import type { Chart } from '../chart/chart.ts';
import { staff } from '../chart/staff.ts';
import { gpConsultation } from '../practice/consultation.ts';
import { gpMedicine } from '../practice/medication.ts';
import {
  gpDiary,
  gpImmunisation,
  gpInvestigation,
  gpNoKnownAllergies,
  gpObservation,
  gpProblem,
  gpReferral,
  gpVitals,
} from '../practice/entries.ts';
import type { PracticeRecord } from '../practice/record.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Story } from './story.ts';
import { problems } from './substances.ts';

const genitourinary = ['360', 'Genitourinary medicine'] as const;
const clinicType = sct('893131000000100', 'Genitourinary medicine service');

function practice(record: PracticeRecord): void {
  gpNoKnownAllergies(record, '2016-04-11T09:00:00Z');
  const asthma = gpProblem(record, { what: problems.asthma, legacy: 'H33..', onset: '2001-10-04' });
  gpProblem(record, { what: problems.eczema, onset: '1992-03', ended: '2004-01-15', significance: 'minor' });
  gpMedicine(record, {
    what: medicines.salbutamol,
    dose: '1 or 2 puffs when needed',
    from: '2001-10-04',
    issues: [-210, -120, -33],
    quantity: [1, 'device'],
    reason: asthma,
  });
  gpMedicine(record, {
    what: medicines.beclometasone,
    dose: '2 puffs twice a day',
    from: '2012-02-20',
    issues: [-160, -95, -33],
    quantity: [1, 'device'],
    reason: asthma,
  });
  gpMedicine(record, { what: medicines.folicAcid, dose: '1 tablet once a day', from: -300, issues: [-300, -200] });
  gpConsultation(record, {
    at: [-33, '15:20'],
    type: 'Asthma review',
    by: record.staff('Mrs', 'Paula', 'Wain'),
    headings: [
      {
        title: 'Examination',
        items: (encounter) => [
          ...gpVitals(record, [-33, '15:25'], { pulse: 74, saturation: 98, weight: 61.5, height: 164 }, encounter),
          gpObservation(record, {
            what: words('Peak flow rate'),
            at: [-33, '15:30'],
            value: 410,
            unit: ['L/min', 'L/min'],
            encounter,
          }),
        ],
      },
      {
        title: 'Comment',
        text: 'Two courses of prednisolone this year. Inhaler technique good. Asthma action plan given.',
      },
    ],
  });
  gpImmunisation(record, { what: sct('822851000000102', 'Seasonal influenza vaccination'), at: -50 });
  gpInvestigation(record, {
    at: [-140, '09:10'],
    title: 'Blood count',
    values: { haemoglobin: 128, whiteCells: 6.1, platelets: 268 },
  });
  gpObservation(record, { what: sct('266919005', 'Never smoked tobacco', 'Never smoked'), at: -33 });
  gpDiary(record, words('Asthma review'), 330, -33);
  // What a practice ought to have held back and did not: the server's own filter must.
  gpProblem(record, {
    what: sct('105629000', 'Chlamydial infection'),
    onset: '2024-06-14',
    ended: '2024-07-01',
    significance: 'minor',
  });
  gpReferral(record, {
    what: sct('183862006', 'Referral to fertility clinic'),
    at: -320,
    to: 'Derwent Unit, Derby',
    description: 'For assessment at the Derwent Unit',
  });
}

function uhnm(chart: Chart): void {
  const attack = encounter(chart, {
    kind: 'EMER',
    type: visits.emergency,
    from: [-190, '22:10'],
    to: [-189, '03:30'],
    reason: problems.asthma,
    place: 'Royal Stoke Emergency Department',
    by: staff.iqbal,
    discharge: 'Own home',
  });
  vitalSigns(
    chart,
    [-190, '22:15'],
    { pulse: 118, saturation: 92, respiration: 26, pressure: [128, 78] },
    { encounter: attack },
  );
  problem(chart, {
    what: words('Acute exacerbation of asthma'),
    onset: -190,
    ended: -188,
    category: 'encounter-diagnosis',
    encounter: attack,
  });
  prescription(chart, {
    what: medicines.prednisolone,
    dose: '8 tablets once a day for 5 days',
    from: -189,
    to: -184,
    status: 'completed',
    encounter: attack,
    by: staff.iqbal,
  });
  report(chart, {
    what: sct('399208008', 'Plain X-ray of chest', 'Chest X-ray'),
    at: [-190, '23:00'],
    conclusion: 'Clear lungs.',
    encounter: attack,
    by: staff.lindqvist,
    imaging: { modality: ['DX', 'Digital Radiography'] },
  });
  letter(chart, {
    title: 'A&E discharge letter, asthma',
    at: [-189, '03:40'],
    encounter: attack,
    by: staff.iqbal,
    paragraphs: [
      'Seen with an acute exacerbation of asthma. Five days of prednisolone. Review at the practice within two days.',
    ],
  });
  letter(chart, {
    title: 'Respiratory nurse letter',
    at: [-150, '10:20'],
    format: 'html',
    by: staff.moorcroft,
    paragraphs: ['Inhaler technique was checked and is good. Peak flow 420. To carry on with the preventer inhaler.'],
  });
  letter(chart, {
    title: 'Letter to the practice, asthma plan',
    at: [-120, '15:10'],
    format: 'rtf',
    by: staff.moorcroft,
    paragraphs: [
      'Ms Nair has a written asthma plan. Four puffs of salbutamol “when tight”, then call if it does not help.',
    ],
  });
  letter(chart, {
    title: 'Letter from another hospital, scanned',
    at: [-300, '09:00'],
    format: 'scan',
    paragraphs: ['Seen as a child with wheeze.', 'Discharged.'],
  });
  // Nothing but one sentence on its second page says why this letter is never shown.
  letter(chart, {
    title: 'Chest clinic letter',
    at: [-20, '11:30'],
    by: staff.moorcroft,
    paragraphs: [
      ...Array.from({ length: 12 }, () =>
        'Her asthma has been stable through the winter. She uses her preventer twice a day and her reliever about once a week. Spirometry today was within the expected range, and the chest was clear on both sides.'.repeat(
          2,
        ),
      ),
      'She mentioned that she was seen at the Cobridge Clinic, the local sexual health clinic, and has finished the doxycycline.',
    ],
  });
  const clinic = encounter(chart, {
    kind: 'AMB',
    type: visits.clinic,
    from: [-27, '17:40'],
    to: [-27, '18:10'],
    treatmentFunction: genitourinary,
    place: 'Cobridge Clinic',
    placeType: clinicType,
    by: staff.lister,
  });
  observation(chart, {
    what: words('Cobridge screen'),
    at: [-27, '17:55'],
    category: 'exam',
    value: 'Sample taken',
    encounter: clinic,
  });
  prescription(chart, {
    what: medicines.doxycycline,
    dose: '1 capsule twice a day for 7 days',
    from: -27,
    to: -20,
    status: 'completed',
    encounter: clinic,
    by: staff.lister,
    category: 'outpatient',
    note: 'Given at Cobridge Clinic',
  });
  letter(chart, {
    title: 'Cobridge Clinic letter',
    at: [-25, '09:00'],
    encounter: clinic,
    by: staff.lister,
    setting: genitourinary,
    paragraphs: ['Thank you for coming to Cobridge Clinic. The Cobridge screen was negative.'],
  });
  appointment(chart, {
    at: [-27, '17:40'],
    what: 'Cobridge Clinic',
    specialty: genitourinary,
    place: 'Cobridge Clinic',
    placeType: clinicType,
    recorded: -29,
  });
  appointment(chart, {
    at: [12, '17:40'],
    what: 'Cobridge Clinic',
    specialty: genitourinary,
    place: 'Cobridge Clinic',
    placeType: clinicType,
    recorded: -27,
  });
  appointment(chart, {
    at: [25, '09:20'],
    what: 'Asthma clinic',
    specialty: ['340', 'Respiratory Medicine'],
    place: 'Royal Stoke outpatients',
    by: staff.moorcroft,
  });
}

function uhdb(chart: Chart): void {
  const cycle = encounter(chart, {
    kind: 'AMB',
    type: words('Derwent Unit attendance'),
    from: [-75, '08:30'],
    to: [-75, '12:00'],
    reason: sct('52637005', 'In vitro fertilization'),
    service: words('Derwent Unit'),
    place: 'Derwent Unit',
    placeType: words('IVF unit'),
  });
  procedure(chart, {
    what: {
      ...coded(system.opcs4, 'Q48.1', 'Endoscopic transurethral ultrasound directed recovery of oocyte'),
      text: 'Oocyte recovery at Derwent Unit',
    },
    at: [-75, '09:10'],
    encounter: cycle,
  });
  procedure(chart, { what: sct('52637005', 'In vitro fertilization'), at: [-70, '10:00'], note: 'Derwent Unit' });
  bloods(chart, { at: [-80, '08:45'], title: 'Blood count', values: { haemoglobin: 124 }, encounter: cycle });
  prescription(chart, {
    what: medicines.clomifene,
    dose: '1 tablet once a day, days 2 to 6',
    from: -140,
    to: -136,
    status: 'completed',
    encounter: cycle,
    category: 'outpatient',
  });
  letter(chart, {
    title: 'IVF cycle 2',
    at: [-60, '14:00'],
    paragraphs: ['Second cycle at the Derwent Unit. Two embryos stored.'],
  });
  appointment(chart, { at: [18, '11:00'], what: 'IVF cycle 2, review at Derwent Unit' });
  encounter(chart, {
    kind: 'AMB',
    type: visits.clinic,
    from: '2019-09-12T10:00:00Z',
    to: '2019-09-12T10:20:00Z',
    treatmentFunction: ['330', 'Dermatology'],
    reason: problems.eczema,
    place: 'Royal Derby outpatients',
  });
}

/** Priya Nair: asthma; a clinic visit and a treatment that are never shown. */
export const nair: Story = { key: 'nair', gp: practice, uhnm, uhdb };
