import { also, sct, words, type Concept } from '../../codes.ts';
import { medicines } from '../../chart/medicines.ts';
import { gpConsultation } from '../../practice/consultation.ts';
import { gpMedicine } from '../../practice/medication.ts';
import {
  gpAllergy,
  gpDiary,
  gpImmunisation,
  gpInvestigation,
  gpObservation,
  gpProblem,
  gpReferral,
  gpVitals,
} from '../../practice/entries.ts';
import type { PracticeRecord } from '../../practice/record.ts';
import { problems, reactions, substances } from '../substances.ts';

const monthly = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from - 28 * (count - 1 - index));

function allergies(record: PracticeRecord): void {
  const hollis = record.staff('Dr', 'Martin', 'Hollis');
  gpAllergy(record, {
    to: substances.penicillins,
    legacy: '14L1.00',
    recorded: '1998-02-03T10:20:00Z',
    onset: '1998',
    reaction: reactions.rash,
    by: hollis,
    note: 'Penicillin allergy: rash',
  });
  gpAllergy(record, {
    to: substances.codeine,
    recorded: '1998-02-03T10:21:00Z',
    kind: 'intolerance',
    criticality: 'low',
    verification: 'confirmed',
    reaction: reactions.vomiting,
    by: hollis,
  });
  gpAllergy(record, {
    to: substances.trimethoprim,
    recorded: '2011-03-11T09:05:00Z',
    verification: 'entered-in-error',
    reaction: reactions.headache,
    ended: { on: '2011-03-14', because: 'Entered in error' },
  });
}

function problemList(record: PracticeRecord): void {
  const failure = gpProblem(record, { what: problems.heartFailure, legacy: 'G58..00', onset: '2019-03-19' });
  gpProblem(record, { what: problems.fibrillation, legacy: 'G573000', onset: '2017-08-01', related: [failure] });
  gpProblem(record, { what: problems.kidney3b, onset: '2020-10-12' });
  gpProblem(record, { what: problems.diabetes2, legacy: 'C10F.00', onset: '2008-06-02' });
  gpProblem(record, {
    what: also(problems.frailty, sct('925831000000107', 'Moderate frailty')),
    onset: '2024-02-20',
    note: 'Moderate frailty, electronic frailty index 0.29',
  });
  gpProblem(record, { what: problems.kneeArthritis, legacy: 'N05..11', onset: '2012-05-15', significance: 'minor' });
  gpProblem(record, { what: problems.hypertension, legacy: 'G20..00', onset: '1999-11-08' });
  gpProblem(record, { what: problems.hearing, onset: '2021-01-27', significance: 'minor' });
  const past: readonly (readonly [Concept, string, string])[] = [
    [problems.infarction, '2006-01-09', '2006-04-30'],
    [problems.cellulitis, '2022-07-04', '2022-07-25'],
    [problems.gout, '2016-09-02', '2018-01-10'],
    [problems.fracture, '1987-02-14', '1987-05-01'],
    [problems.appendicitis, '1961-06', '1961-07'],
    [problems.anaemia, '2013-03-05', '2014-02-11'],
    [words('Inguinal hernia, right'), '2003-10-20', '2004-01-16'],
    [words('Chest infection'), '2023-12-18', '2024-01-09'],
    [words('Cataract, left eye'), '2018-04-11', '2019-02-06'],
    [words('Shingles'), '2015-11-30', '2016-01-04'],
    [words('Basal cell carcinoma of nose'), '2020-02-19', '2020-06-24'],
    [words('Urinary tract infection'), '2011-03-09', '2011-03-20'],
  ];
  for (const [what, onset, ended] of past) gpProblem(record, { what, onset, ended, significance: 'minor' });
}

function medication(record: PracticeRecord): void {
  const last = -39;
  const repeats = [
    [medicines.ramipril, '1 capsule once a day', '2019-05-03'],
    [medicines.furosemide, '1 tablet in the morning', '2021-03-14'],
    [medicines.bisoprolol, '1 tablet once a day', '2019-03-22'],
    [medicines.apixaban, '1 tablet twice a day', '2017-08-08'],
    [medicines.dapagliflozin, '1 tablet once a day', '2023-01-17'],
    [medicines.lansoprazole, '1 capsule once a day', '2019-03-22'],
    [medicines.metformin, '1 tablet twice a day, with food', '2008-06-11'],
    [medicines.atorvastatin, '1 tablet at night', '2010-04-26'],
    [medicines.paracetamol, '2 tablets up to four times a day when needed', '2012-05-15'],
    [medicines.macrogol, '1 sachet twice a day when needed', '2024-03-04'],
  ] as const;
  for (const [what, dose, from] of repeats) gpMedicine(record, { what, dose, from, issues: monthly(last, 6) });
  gpMedicine(record, { what: medicines.spironolactone, dose: '1 tablet once a day', from: -51, issues: [-51, last] });
  const past = [
    [medicines.aspirin, '1 tablet once a day', '2006-01-20', '2017-08-08', 'Changed to anticoagulant'],
    [medicines.simvastatin, '1 tablet at night', '2006-01-20', '2010-04-26', 'Changed to atorvastatin'],
    [medicines.amlodipine, '1 tablet once a day', '2001-02-12', '2019-03-22', 'Heart failure'],
    [medicines.gliclazide, '1 tablet with breakfast', '2011-01-17', '2023-01-17', 'Low blood sugars'],
    [medicines.ferrous, '1 tablet once a day', '2013-03-05', '2014-02-11', 'Course completed'],
  ] as const;
  for (const [what, dose, from, on, because] of past)
    gpMedicine(record, { what, dose, from, ended: { on, because }, issues: [from, on] });
  const courses = [
    [medicines.doxycycline, '2 capsules on the first day, then 1 once a day', '2023-12-18', '2023-12-25'],
    [medicines.doxycycline, '1 capsule twice a day', '2022-07-04', '2022-07-11'],
    [medicines.prednisolone, '6 tablets once a day for 5 days', '2016-09-02', '2016-09-07'],
    [medicines.codeine, '1 tablet four times a day', '1998-01-26', '1998-02-03'],
  ] as const;
  for (const [what, dose, from, on] of courses)
    gpMedicine(record, { what, dose, from, type: 'acute', ended: { on }, issues: [from], quantity: [8, 'tablet'] });
}

function consultations(record: PracticeRecord): void {
  const nurse = record.staff('Mrs', 'Tina', 'Gough');
  gpConsultation(record, {
    at: [-2, '11:40'],
    type: 'GP phone call',
    headings: [
      {
        title: 'History',
        text: 'Breathing easier since discharge. Two pillows. Weight steady at home. Asked about new tablets.',
      },
      {
        title: 'Comment',
        text: 'Discharge letter not yet worked through: ramipril still on repeat here. To check with the ward pharmacist.',
      },
      { title: 'Follow up', text: 'Blood test this week by community nurse.' },
    ],
  });
  gpConsultation(record, {
    at: [-22, '09:50'],
    type: 'GP Surgery',
    headings: [
      {
        title: 'Problem',
        items: (encounter) => [
          gpObservation(record, { what: problems.dyspnoea, at: [-22, '09:50'], encounter, listed: false }),
        ],
      },
      { title: 'History', text: 'More breathless on stairs for two weeks, ankles swollen by evening.' },
      {
        title: 'Examination',
        items: (encounter) =>
          gpVitals(record, [-22, '09:55'], { pulse: 88, weight: 84.2, pressure: [138, 76] }, encounter),
      },
      {
        title: 'Follow up',
        items: (encounter) => [
          gpReferral(record, {
            what: words('Referral to heart failure service'),
            at: [-22, '10:05'],
            to: 'UHNM cardiology',
            priority: 'urgent',
            description: 'Worsening heart failure despite furosemide and spironolactone.',
            encounter,
          }),
        ],
      },
    ],
  });
  gpConsultation(record, {
    at: [-48, '14:10'],
    type: 'Diabetes review',
    by: nurse,
    headings: [
      {
        title: 'Examination',
        items: (encounter) =>
          gpVitals(record, [-48, '14:15'], { weight: 82.6, bmi: 27.3, pressure: [132, 72] }, encounter),
      },
      {
        title: 'Comment',
        text: 'Feet: pulses present, sensation reduced at both great toes. HbA1c 61, was 58. No hypos.',
      },
    ],
  });
  gpConsultation(record, {
    at: [-83, '08:40'],
    type: 'Blood test',
    by: nurse,
    headings: [{ title: 'Procedure', text: 'Venous blood taken from left arm.' }],
  });
}

function findings(record: PracticeRecord): void {
  gpVitals(record, [-180, '10:00'], { pulse: 72, weight: 81.4, height: 174, pressure: [128, 70] });
  gpVitals(record, [-365, '10:00'], { pulse: 70, weight: 80.9, pressure: [134, 74] });
  gpObservation(record, {
    what: sct('8517006', 'Former smoker', 'Ex-smoker'),
    at: [-48, '14:12'],
    note: '20 a day until 2006',
  });
  gpObservation(record, { what: sct('228274009', 'Lifetime non-drinker', 'Drinks no alcohol'), at: [-48, '14:13'] });
  gpObservation(record, {
    what: words('Hearing loss: reasonable adjustment'),
    at: '2021-01-27',
    note: 'Face him and speak clearly; he wears two hearing aids.',
  });
  gpObservation(record, { what: words('Has a carer: daughter Susan Harrison'), at: '2022-09-05' });
  gpObservation(record, {
    what: words('Family history: father died of myocardial infarction at 62'),
    at: '1999-11-08',
  });
  const flu = sct('822851000000102', 'Seasonal influenza vaccination');
  for (const at of [-70, -430, -800, -1165, -1530]) gpImmunisation(record, { what: flu, at, lot: `FL${-at}` });
  gpImmunisation(record, {
    what: sct('1324681000000101', 'Administration of first dose of SARS-CoV-2 vaccine'),
    at: '2021-01-22',
    lot: 'EK4241',
  });
  gpImmunisation(record, {
    what: sct('1324691000000104', 'Administration of second dose of SARS-CoV-2 vaccine'),
    at: '2021-04-09',
    lot: 'ER1749',
  });
  gpImmunisation(record, { what: sct('12866006', 'Pneumococcal vaccination'), at: '2010-11-02' });
  gpImmunisation(record, {
    what: words('Shingles vaccination'),
    at: '2015-09-21',
    note: 'Given before the episode of shingles that autumn',
  });
  gpInvestigation(record, {
    at: [-49, '09:15'],
    title: 'Kidney function',
    values: { sodium: 138, potassium: 4.8, urea: 10.9, creatinine: 142, egfr: 41 },
    filed: 'Stable, repeat in 3 months',
  });
  gpInvestigation(record, { at: [-49, '09:16'], title: 'HbA1c', values: { hba1c: 61 }, filed: 'Discuss at review' });
  gpInvestigation(record, { at: [-230, '09:15'], title: 'HbA1c', values: { hba1c: 58 } });
  gpInvestigation(record, {
    at: [-410, '09:20'],
    title: 'Kidney function, blood count, lipids',
    values: { sodium: 139, potassium: 4.6, urea: 9.8, creatinine: 131, egfr: 46, haemoglobin: 118, cholesterol: 3.9 },
  });
  gpInvestigation(record, {
    at: [-560, '09:20'],
    title: 'Kidney function',
    values: { sodium: 140, potassium: 4.6, urea: 9.1, creatinine: 127, egfr: 48 },
  });
  gpInvestigation(record, {
    at: [-720, '09:20'],
    title: 'Kidney function, HbA1c',
    values: { sodium: 139, potassium: 4.5, urea: 8.8, creatinine: 124, egfr: 49, hba1c: 55 },
  });
  gpDiary(record, words('Diabetes review'), 317, -48);
  gpDiary(record, words('Kidney function test'), 42, -49);
}

/** John Smith at Etruria Vale Surgery. */
export function smithAtPractice(record: PracticeRecord): void {
  allergies(record);
  problemList(record);
  medication(record);
  consultations(record);
  findings(record);
}
