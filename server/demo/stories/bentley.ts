import { sct, words } from '../codes.ts';
import { appointment, encounter, episode, referral, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { allergy, familyHistory, immunisation, problem, vitalSigns } from '../chart/findings.ts';
import { medicines, prescription } from '../chart/medicines.ts';
import { assessment, carePlan, flag, planTypes } from '../chart/plans.ts';
import { relatedPerson } from '../chart/people-around.ts';
import { report } from '../chart/results.ts';
import type { Chart } from '../chart/chart.ts';
import { staff } from '../chart/staff.ts';
import { gpConsultation } from '../practice/consultation.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpAllergy, gpImmunisation, gpProblem, gpVitals } from '../practice/entries.ts';
import type { PracticeRecord } from '../practice/record.ts';
import type { Story } from './story.ts';
import { problems, reactions, substances } from './substances.ts';

const mother = { given: 'Kate', family: 'Bentley', relationship: ['MTH', 'mother'], phone: '07700 900203' } as const;

function practice(record: PracticeRecord): void {
  gpAllergy(record, {
    to: substances.peanut,
    recorded: '2020-07-22T10:00:00Z',
    onset: '2020-07',
    verification: 'confirmed',
    criticality: 'high',
    reaction: reactions.swelling,
  });
  gpProblem(record, { what: problems.epilepsy, onset: '2022-11-03' });
  gpProblem(record, { what: problems.eczema, onset: '2018-09', significance: 'minor' });
  gpMedicine(record, {
    what: medicines.levetiracetam,
    dose: '3 ml twice a day',
    from: '2022-11-10',
    issues: [-90, -60, -30, -2],
    quantity: [300, 'ml'],
  });
  gpMedicine(record, {
    what: medicines.adrenaline,
    dose: 'For anaphylaxis: 1 injection into the outer thigh, call 999',
    from: '2020-07-22',
    issues: [-200],
    quantity: [2, 'device'],
  });
  gpImmunisation(record, { what: sct('38598009', 'Measles, mumps and rubella vaccination'), at: '2019-05-08' });
  gpImmunisation(record, {
    what: sct('38598009', 'Measles, mumps and rubella vaccination'),
    at: '2021-10-13',
    note: 'Second dose',
  });
  for (const at of ['2018-06-28', '2018-07-26', '2018-08-23'])
    gpImmunisation(record, { what: words('6-in-1 vaccination'), at });
  gpConsultation(record, {
    at: [-30, '16:10'],
    type: 'GP Surgery',
    headings: [
      { title: 'History', text: 'With his mother. One seizure of two minutes since the summer.' },
      {
        title: 'Examination',
        items: (encounter) =>
          gpVitals(record, [-30, '16:15'], { weight: 27.4, height: 129, temperature: 36.8 }, encounter),
      },
    ],
  });
}

function uhnm(chart: Chart): void {
  relatedPerson(chart, { ...mother, roles: ['Parental responsibility'] });
  const seizure = encounter(chart, {
    kind: 'EMER',
    type: visits.emergency,
    from: [-112, '08:05'],
    to: [-112, '13:00'],
    reason: words('Seizure'),
    place: 'Royal Stoke Children’s Emergency',
    by: staff.iqbal,
    discharge: 'Own home with mother',
  });
  vitalSigns(
    chart,
    [-112, '08:15'],
    { pulse: 122, saturation: 96, temperature: 38.2, respiration: 24 },
    { encounter: seizure },
  );
  problem(chart, { what: problems.epilepsy, onset: '2022-11-03', by: staff.abara });
  report(chart, {
    what: words('EEG'),
    at: '2022-10-30T10:00:00Z',
    conclusion: 'Centrotemporal spikes in sleep.',
    service: ['NEU', 'Neurophysiology'],
    by: staff.abara,
  });
  prescription(chart, {
    what: words('Buccal midazolam 5 mg/1 ml oromucosal solution'),
    dose: '5 mg if a seizure lasts five minutes',
    from: -112,
    by: staff.abara,
    encounter: seizure,
  });
  familyHistory(chart, ['MTH', 'mother'], words('Migraine'), '2022-11-03');
  letter(chart, {
    title: 'Paediatric clinic letter',
    at: [-85, '12:00'],
    format: 'html',
    by: staff.abara,
    paragraphs: ['Seizures less often. Levetiracetam up to 3 ml twice a day. School has the rescue plan.'],
  });
  appointment(chart, {
    at: [40, '14:00'],
    what: 'Paediatric epilepsy clinic',
    specialty: ['420', 'Paediatrics'],
    by: staff.abara,
    place: 'Royal Stoke children’s outpatients',
  });
}

function mpft(chart: Chart): void {
  const care = episode(chart, { type: words('School nursing'), from: '2023-09-04' });
  const visit = encounter(chart, {
    kind: 'AMB',
    type: words('School nurse review'),
    from: [-65, '09:30'],
    to: [-65, '10:00'],
    by: staff.duffy,
    episode: care,
  });
  vitalSigns(chart, [-65, '09:40'], { weight: 26.9, height: 128 }, { encounter: visit });
  carePlan(chart, {
    title: 'Seizure plan for school',
    type: planTypes.emergency,
    at: [-65, '10:00'],
    by: staff.duffy,
    activities: [
      'Time the seizure',
      'Buccal midazolam at five minutes',
      'Call 999 if it has not stopped ten minutes later',
    ],
  });
  immunisation(chart, {
    vaccine: words('Influenza vaccine, nasal spray'),
    at: -38,
    notDone: 'Not given: unwell on the day',
    by: staff.duffy,
  });
  allergy(chart, {
    to: substances.peanut,
    recorded: -65,
    criticality: 'high',
    category: 'food',
    reaction: reactions.swelling,
    by: staff.duffy,
  });
  referral(chart, {
    what: words('Referral to speech and language therapy'),
    at: -65,
    to: 'MPFT children’s therapy',
    by: staff.duffy,
  });
}

function stc(chart: Chart): void {
  relatedPerson(chart, { ...mother, roles: ['Guardian', 'Parental responsibility'] });
  flag(chart, { what: words('Child protection plan (CP-IS)'), category: 'Child protection', from: -140 });
  episode(chart, { type: words('Children’s social care: child protection'), from: -140, by: staff.marsh });
  assessment(chart, {
    title: 'Child and family assessment',
    at: [-150, '10:00'],
    by: staff.marsh,
    answers: [
      ['Home conditions', 'Overcrowded; move agreed'],
      ['Attends school', true],
    ],
  });
}

/** Oliver Bentley: a child with epilepsy and a peanut allergy. */
export const bentley: Story = {
  key: 'bentley',
  demographic: { relatives: [mother] },
  gp: practice,
  gpPatient: {
    contact: [
      {
        relationship: [{ text: 'Mother' }],
        name: { family: 'Bentley', given: ['Kate'] },
        telecom: [{ system: 'phone', value: mother.phone }],
      },
    ],
  },
  uhnm,
  mpft,
  stc,
};
