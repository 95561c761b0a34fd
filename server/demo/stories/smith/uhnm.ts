import { sct, words } from '../../codes.ts';
import { allergy, immunisation, observation, problem, vitalSigns } from '../../chart/findings.ts';
import { appointment, encounter, referral, visits } from '../../chart/contacts.ts';
import { bloods, procedure, report } from '../../chart/results.ts';
import { carePlan, flag, legal, planTypes } from '../../chart/plans.ts';
import { device, medicines, prescription } from '../../chart/medicines.ts';
import { documentTypes, letter } from '../../chart/documents.ts';
import type { Chart, Ref } from '../../chart/chart.ts';
import { staff } from '../../chart/staff.ts';
import { problems, reactions, substances } from '../substances.ts';

const cardiology = ['320', 'Cardiology'] as const;

function olderHistory(chart: Chart): void {
  const attendance = encounter(chart, {
    kind: 'EMER',
    type: visits.emergency,
    from: '2014-06-22T16:05:00Z',
    to: '2014-06-22T22:40:00Z',
    reason: words('Anaphylaxis'),
    place: 'Royal Stoke Emergency Department',
    by: staff.iqbal,
  });
  prescription(chart, {
    what: words('Co-amoxiclav 1.2 g injection'),
    dose: '1.2 g into a vein, one dose begun',
    from: '2014-06-22',
    to: '2014-06-22',
    authored: '2014-06-22T16:30:00Z',
    status: 'stopped',
    stoppedFor: 'Anaphylaxis',
    by: staff.iqbal,
    encounter: attendance,
    category: 'inpatient',
  });
  allergy(chart, {
    to: substances.penicillins,
    recorded: '2014-06-22T18:00:00Z',
    onset: '2014-06-22',
    criticality: 'high',
    reaction: reactions.anaphylaxis,
    severity: 'severe',
    by: staff.iqbal,
    note: 'Anaphylaxis after IV co-amoxiclav',
    encounter: attendance,
  });
  problem(chart, { what: problems.heartFailure, onset: '2019-03-19', by: staff.okafor });
  problem(chart, { what: problems.fibrillation, onset: '2017-08-01', by: staff.okafor });
  procedure(chart, {
    what: sct('415070008', 'Percutaneous coronary intervention'),
    at: '2006-01-10T03:20:00Z',
    note: 'Stent to left anterior descending artery',
  });
  procedure(chart, { what: words('Right inguinal hernia repair'), at: '2004-01-16T10:00:00Z' });
  procedure(chart, { what: words('Left cataract extraction and lens implant'), at: '2019-02-06T11:00:00Z' });
  device(chart, words('Coronary stent, drug eluting'), '2006-01-10', 'Left anterior descending artery');
  const echo = encounter(chart, {
    kind: 'AMB',
    type: words('Echocardiogram'),
    from: [-59, '10:30'],
    place: 'Royal Stoke cardiac physiology',
    treatmentFunction: cardiology,
  });
  procedure(chart, {
    what: sct('433236007', 'Transthoracic echocardiography', 'Echocardiogram'),
    at: [-59, '10:30'],
    encounter: echo,
  });
  report(chart, {
    what: sct('433236007', 'Transthoracic echocardiography', 'Echocardiogram'),
    at: [-59, '11:10'],
    conclusion: 'Dilated left ventricle, ejection fraction 32 %. Moderate mitral regurgitation. Both atria enlarged.',
    service: ['CUS', 'Cardiac Ultrasound'],
    by: staff.okafor,
    encounter: echo,
  });
  bloods(chart, {
    at: [-59, '10:10'],
    title: 'NT-proBNP',
    values: { ntProBnp: 2960, haemoglobin: 111 },
    encounter: echo,
  });
}

function admission(chart: Chart): Ref {
  const emergency = encounter(chart, {
    kind: 'EMER',
    type: visits.emergency,
    from: [-14, '04:35'],
    to: [-14, '09:20'],
    reason: problems.dyspnoea,
    place: 'Royal Stoke Emergency Department',
    by: staff.iqbal,
    admission: 'Own home, by ambulance',
    discharge: 'Admitted to cardiology',
  });
  const acute = problem(chart, {
    what: words('Acute decompensated heart failure'),
    onset: -14,
    ended: -9,
    category: 'encounter-diagnosis',
    by: staff.okafor,
  });
  const stay = encounter(chart, {
    kind: 'IMP',
    type: visits.inpatient,
    from: [-14, '09:20'],
    to: [-9, '15:05'],
    treatmentFunction: cardiology,
    reason: words('Acute heart failure'),
    diagnosis: [acute],
    place: 'Royal Stoke Ward 220',
    by: staff.okafor,
    admission: 'A&E',
    discharge: 'Own home',
  });
  vitalSigns(
    chart,
    [-14, '04:50'],
    { pulse: 112, saturation: 88, temperature: 36.9, respiration: 28, pressure: [158, 94] },
    { encounter: emergency },
  );
  observation(chart, {
    what: sct('1104051000000101', 'Royal College of Physicians NEWS2 total score', 'NEWS2 total score'),
    at: [-14, '04:50'],
    category: 'survey',
    value: 9,
    encounter: emergency,
  });
  vitalSigns(
    chart,
    [-12, '08:00'],
    { pulse: 92, saturation: 94, temperature: 36.6, respiration: 20, weight: 83.1, pressure: [124, 72] },
    { encounter: stay },
  );
  vitalSigns(
    chart,
    [-9, '07:30'],
    { pulse: 78, saturation: 97, temperature: 36.5, respiration: 16, weight: 79.8, pressure: [112, 66] },
    { encounter: stay },
  );
  observation(chart, {
    what: sct('1104051000000101', 'Royal College of Physicians NEWS2 total score', 'NEWS2 total score'),
    at: [-9, '07:30'],
    category: 'survey',
    value: 1,
    encounter: stay,
  });
  bloods(chart, {
    at: [-14, '05:48'],
    title: 'Kidney function and electrolytes',
    values: {
      sodium: 129,
      potassium: 4.6,
      urea: 18.4,
      creatinine: 189,
      egfr: 29,
      bicarbonate: 21,
      magnesium: 0.69,
      crp: 34,
      troponin: 38,
    },
    encounter: emergency,
  });
  bloods(chart, {
    at: [-12, '06:55'],
    title: 'Kidney function and electrolytes',
    values: { sodium: 131, potassium: 4.4, urea: 16.8, creatinine: 176, egfr: 32, bicarbonate: 22, crp: 21 },
    encounter: stay,
  });
  bloods(chart, {
    at: [-9, '06:40'],
    title: 'Kidney function and electrolytes',
    values: {
      sodium: 133,
      potassium: 4.9,
      urea: 13.1,
      creatinine: 151,
      egfr: 38,
      bicarbonate: 24,
      magnesium: 0.74,
      crp: 12,
    },
    encounter: stay,
  });
  report(chart, {
    what: sct('399208008', 'Plain X-ray of chest', 'Chest X-ray'),
    at: [-13, '10:20'],
    conclusion:
      'Enlarged heart. Upper lobe blood diversion and small bilateral effusions in keeping with heart failure. No consolidation.',
    by: staff.lindqvist,
    encounter: stay,
    imaging: { modality: ['DX', 'Digital Radiography'] },
  });
  procedure(chart, {
    what: sct('29303009', 'Electrocardiographic procedure', '12-lead ECG'),
    at: [-14, '04:55'],
    encounter: emergency,
    note: 'Atrial fibrillation, rate 112, left bundle branch block',
  });
  return stay;
}

function discharge(chart: Chart, stay: Ref): void {
  const by = staff.okafor;
  const at = [-9, '14:00'] as const;
  const continued = [
    [medicines.bisoprolol, '1 tablet once a day'],
    [medicines.apixaban, '1 tablet twice a day'],
    [medicines.dapagliflozin, '1 tablet once a day'],
    [medicines.spironolactone, '1 tablet once a day'],
    [medicines.lansoprazole, '1 capsule once a day'],
    [medicines.metformin, '1 tablet twice a day, with food'],
    [medicines.atorvastatin, '1 tablet at night'],
  ] as const;
  for (const [what, dose] of continued)
    prescription(chart, { what, dose, from: -14, authored: at, by, encounter: stay, note: 'Continued' });
  prescription(chart, {
    what: medicines.sacubitril,
    dose: '1 tablet twice a day',
    from: -9,
    authored: at,
    by,
    encounter: stay,
    note: 'Started: replaces ramipril. First dose 36 hours after the last ramipril.',
  });
  prescription(chart, {
    what: medicines.ramipril,
    dose: '1 capsule once a day',
    from: '2019-05-03',
    to: -11,
    authored: [-11, '09:30'],
    status: 'stopped',
    stoppedFor: 'Changed to sacubitril/valsartan: must not be taken together',
    by,
    encounter: stay,
  });
  prescription(chart, {
    what: medicines.furosemide,
    dose: '2 tablets in the morning and 1 at lunchtime',
    from: -9,
    authored: at,
    by,
    encounter: stay,
    note: 'Increased',
  });
  letter(chart, {
    title: 'Discharge letter, cardiology',
    at: [-9, '15:00'],
    type: documentTypes.discharge,
    by,
    encounter: stay,
    setting: cardiology,
    paragraphs: [
      'Mr Smith was with us for five nights with worsening heart failure. He lost 4 kg with furosemide into a vein.',
      'Ramipril was stopped and, 36 hours later, sacubitril/valsartan 49 mg/51 mg twice a day started. The two must not be taken together.',
      'Furosemide is now 80 mg in the morning and 40 mg at lunchtime.',
      'The practice is asked to remove ramipril from repeat, and to check kidney function and potassium within ten days.',
      'A ReSPECT form was written with Mr Smith and his daughter.',
    ],
  });
}

function since(chart: Chart): void {
  carePlan(chart, {
    title: 'ReSPECT plan',
    type: planTypes.respect,
    at: [-10, '11:30'],
    by: staff.okafor,
    description:
      'Focus on comfort and on treatment that keeps him at home. Ward treatment yes, intensive care no. CPR attempts not recommended.',
    goals: ['To be at home with his daughter and the dog', 'To breathe comfortably'],
  });
  flag(chart, {
    what: sct('1382601000000107', 'ReSPECT form', 'ReSPECT plan'),
    category: 'Treatment escalation',
    from: -10,
    by: staff.okafor,
  });
  letter(chart, {
    title: 'ReSPECT form',
    at: [-10, '11:30'],
    type: planTypes.respect,
    by: staff.okafor,
    paragraphs: [
      'What matters to me: being at home, seeing my family, not being breathless.',
      'Recommendation: care focused on comfort and function. Hospital admission for treatable illness. Not for intensive care. CPR attempts NOT recommended.',
      'Talked through with Mr Smith, who has capacity, and with Susan Harrison, his daughter.',
    ],
  });
  legal(chart, [-10, '11:30'], 'Advance decision: no intensive care', 'adr', true);
  bloods(chart, {
    at: [-1, '07:10'],
    title: 'Kidney function and electrolytes',
    values: {
      sodium: 134,
      potassium: 5.6,
      urea: 14.2,
      creatinine: 168,
      egfr: 34,
      bicarbonate: 23,
      magnesium: 0.78,
      crp: 8,
      ntProBnp: 4210,
      haemoglobin: 108,
      whiteCells: 7.2,
      platelets: 231,
    },
    note: 'Potassium raised since sacubitril/valsartan and spironolactone: repeat within 48 hours.',
  });
  appointment(chart, {
    at: [7, '10:40'],
    what: 'Heart failure clinic',
    specialty: cardiology,
    place: 'Royal Stoke outpatients',
    by: staff.okafor,
    recorded: -9,
  });
  appointment(chart, {
    at: [-59, '10:30'],
    what: 'Echocardiogram',
    specialty: cardiology,
    place: 'Royal Stoke cardiac physiology',
    recorded: -90,
  });
  appointment(chart, {
    at: [-120, '09:30'],
    what: 'Cardiology clinic',
    status: 'noshow',
    specialty: cardiology,
    place: 'Royal Stoke outpatients',
    recorded: -160,
  });
  referral(chart, {
    what: words('Referral to community heart failure nurses'),
    at: [-9, '13:00'],
    to: 'MPFT community heart failure service',
    by: staff.okafor,
    reason: problems.heartFailure,
    note: 'Review within two weeks of discharge',
  });
  immunisation(chart, {
    vaccine: words('Influenza vaccine'),
    at: -400,
    notDone: 'Given at his practice',
  });
}

/** John Smith at UHNM. */
export function smithAtUhnm(chart: Chart): void {
  olderHistory(chart);
  discharge(chart, admission(chart));
  since(chart);
}
