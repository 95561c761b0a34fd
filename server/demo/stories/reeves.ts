import { sct, words } from '../codes.ts';
import { appointment, encounter, episode, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { familyHistory, observation, problem } from '../chart/findings.ts';
import { medicines, prescription } from '../chart/medicines.ts';
import { assessment, carePlan, flag, formulation, legal, planTypes, risk } from '../chart/plans.ts';
import { careTeam, relatedPerson } from '../chart/people-around.ts';
import { bloods } from '../chart/results.ts';
import type { Chart } from '../chart/chart.ts';
import { staff } from '../chart/staff.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpNoKnownAllergies, gpObservation, gpProblem } from '../practice/entries.ts';
import type { Story } from './story.ts';
import { problems } from './substances.ts';

function nscht(chart: Chart): void {
  const bipolar = problem(chart, { what: problems.bipolar, onset: '2015-07', by: staff.whitlock });
  const sister = relatedPerson(chart, {
    given: 'Megan',
    family: 'Reeves',
    relationship: ['SIS', 'sister'],
    roles: ['Nearest relative'],
    phone: '07700 900208',
  });
  const team = careTeam(chart, 'Community mental health team, Stoke', -180, [staff.tunstall, staff.whitlock], [sister]);
  const care = episode(chart, {
    type: words('Community mental health team'),
    from: -180,
    by: staff.tunstall,
    team: [team],
    reason: bipolar,
  });
  const stay = encounter(chart, {
    kind: 'IMP',
    type: visits.inpatient,
    from: [-236, '18:30'],
    to: [-182, '14:00'],
    service: sct('408467006', 'Adult mental illness'),
    place: 'Harplands Ward 1',
    by: staff.whitlock,
    diagnosis: [bipolar],
    legalStatus: 'Mental Health Act 1983, section 3',
    admission: 'Place of safety',
    discharge: 'Own home',
  });
  legal(chart, [-236, '18:30'], 'Mental Health Act 1983, section 3, ended on discharge', 'treatment');
  flag(chart, { what: words('Mental Health Act 1983, section 3'), category: 'Legal status', from: -236, to: -182 });
  flag(chart, { what: words('Section 117 aftercare'), category: 'Legal status', from: -182 });
  encounter(chart, {
    kind: 'HH',
    type: words('Care coordinator visit'),
    from: [-12, '11:00'],
    to: [-12, '11:50'],
    by: staff.tunstall,
    episode: care,
  });
  encounter(chart, {
    kind: 'VR',
    type: visits.phone,
    from: [-5, '16:00'],
    to: [-5, '16:10'],
    by: staff.tunstall,
    episode: care,
  });
  carePlan(chart, {
    title: 'Crisis plan',
    type: planTypes.crisis,
    at: -150,
    by: staff.tunstall,
    careTeam: [team],
    description: 'Signs: little sleep, spending, texts at night. First ring Megan, then the crisis line.',
    activities: [
      'Megan may take the bank card, as agreed',
      'Quetiapine at night for three nights',
      'Crisis line 01632 960199',
    ],
  });
  carePlan(chart, {
    title: 'Care Programme plan',
    type: planTypes.personalised,
    at: -150,
    by: staff.tunstall,
    goals: ['To go back to work at the garage', 'To keep the flat'],
  });
  risk(chart, {
    what: 'Harm to self',
    at: [-150, '10:00'],
    level: 'Medium',
    mitigation: 'Weekly contact; medicines for one week at a time',
    by: staff.tunstall,
  });
  risk(chart, {
    what: 'Relapse',
    at: [-150, '10:05'],
    level: 'High',
    mitigation: 'Lithium level every three months',
    by: staff.tunstall,
  });
  formulation(
    chart,
    [-190, '10:00'],
    'Mania after stopping lithium while on night shifts. His father’s death a year before. Good response to routine, sleep and work.',
    staff.whitlock,
    [bipolar],
  );
  assessment(chart, {
    title: 'Patient Health Questionnaire (PHQ-9)',
    at: [-12, '11:10'],
    by: staff.tunstall,
    answers: [['Total score', 8]],
  });
  assessment(chart, {
    title: 'Health of the Nation Outcome Scales',
    at: [-182, '10:00'],
    by: staff.whitlock,
    encounter: stay,
    answers: [
      ['Overactive or agitated behaviour', 1],
      ['Problems with living conditions', 2],
    ],
  });
  prescription(chart, {
    what: medicines.lithium,
    dose: '2 tablets at night',
    from: -210,
    authored: -182,
    by: staff.whitlock,
    encounter: stay,
    reason: bipolar,
  });
  prescription(chart, {
    what: medicines.quetiapine,
    dose: '1 tablet at night',
    from: -210,
    authored: -182,
    by: staff.whitlock,
    encounter: stay,
  });
  observation(chart, {
    what: words('Accommodation'),
    at: -150,
    category: 'social-history',
    value: 'Housing association flat, lives alone',
  });
  observation(chart, {
    what: words('Occupation'),
    at: -150,
    category: 'social-history',
    value: 'Motor mechanic, off sick',
  });
  letter(chart, {
    title: 'Inpatient discharge letter, psychiatry',
    at: [-181, '09:00'],
    by: staff.whitlock,
    encounter: stay,
    paragraphs: [
      'Detained under section 3 for eight weeks with mania. Lithium restarted. Section 117 aftercare applies.',
    ],
  });
  appointment(chart, { at: [16, '14:00'], what: 'Psychiatry outpatient review', by: staff.whitlock });
}

/** Callum Reeves: bipolar disorder, detained in the spring. */
export const reeves: Story = {
  key: 'reeves',
  gp: (record) => {
    gpNoKnownAllergies(record, '2014-03-04T09:00:00Z');
    gpProblem(record, { what: problems.bipolar, onset: '2015-07' });
    gpMedicine(record, {
      what: medicines.lithium,
      dose: '2 tablets at night',
      from: -182,
      issues: [-160, -132, -104, -76, -48, -20],
    });
    gpObservation(record, { what: sct('77176002', 'Smoker'), at: -90, value: 15, unit: ['/day', '/d'] });
    gpObservation(record, {
      what: sct('160573003', 'Alcohol intake'),
      at: -90,
      value: 12,
      unit: ['units/week', '{units}/wk'],
    });
  },
  nscht,
  uhnm: (chart) => {
    for (const [day, level] of [
      [-20, 0.71],
      [-104, 0.64],
      [-190, 0.82],
    ] as const)
      bloods(chart, {
        at: [day, '08:00'],
        title: 'Lithium',
        values: { lithium: level, creatinine: 81, tsh: 2.8, sodium: 141 },
      });
    encounter(chart, {
      kind: 'EMER',
      type: visits.emergency,
      from: [-237, '23:40'],
      to: [-236, '05:00'],
      reason: words('Brought in by police, section 136'),
      by: staff.iqbal,
    });
    familyHistory(chart, ['MTH', 'mother'], problems.bipolar, -236);
  },
  stc: (chart) => {
    episode(chart, { type: words('Supported tenancy'), from: -160, by: staff.marsh });
    assessment(chart, {
      title: 'Care Act assessment',
      at: -165,
      by: staff.marsh,
      answers: [
        ['Maintaining a home', 'Needs support'],
        ['Eligible', true],
      ],
    });
  },
};
