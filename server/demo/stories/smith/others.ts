import { also, sct, words } from '../../codes.ts';
import { allergy, observation, problem, vitalSigns } from '../../chart/findings.ts';
import { appointment, encounter, episode, referral, visits } from '../../chart/contacts.ts';
import { assessment, carePlan, flag, legal, planTypes, task } from '../../chart/plans.ts';
import { bloods } from '../../chart/results.ts';
import { careTeam, relatedPerson } from '../../chart/people-around.ts';
import { letter } from '../../chart/documents.ts';
import { medicines, prescription } from '../../chart/medicines.ts';
import type { Chart } from '../../chart/chart.ts';
import { staff } from '../../chart/staff.ts';
import { problems, reactions, substances } from '../substances.ts';

export const daughter = {
  given: 'Susan',
  family: 'Harrison',
  relationship: ['DAU', 'natural daughter'],
  phone: '07700 900123',
} as const;

/** UHDB: diabetes clinic in Burton, and the allergy clinic that tested him. */
export function smithAtUhdb(chart: Chart): void {
  const clinic = encounter(chart, {
    kind: 'AMB',
    type: visits.clinic,
    from: '2023-05-18T10:00:00Z',
    to: '2023-05-18T12:30:00Z',
    service: words('Drug allergy clinic'),
    by: staff.brandt,
    place: 'Royal Derby allergy clinic',
  });
  allergy(chart, {
    to: substances.penicillins,
    recorded: '2023-05-18T12:20:00Z',
    clinical: 'resolved',
    verification: 'refuted',
    criticality: 'low',
    reaction: reactions.none,
    by: staff.brandt,
    note: 'Refuted: oral challenge negative',
    encounter: clinic,
  });
  letter(chart, {
    title: 'Letter from drug allergy clinic',
    at: '2023-05-18T16:00:00Z',
    format: 'html',
    by: staff.brandt,
    encounter: clinic,
    paragraphs: [
      'Mr Smith had skin tests and an oral challenge with amoxicillin today. There was no reaction.',
      'We do not think that he is allergic to penicillin. The reaction of 2014 at another hospital was not known to us.',
    ],
  });
  const diabetes = encounter(chart, {
    kind: 'AMB',
    type: visits.clinic,
    from: [-220, '11:00'],
    to: [-220, '11:40'],
    treatmentFunction: ['307', 'Diabetes'],
    by: staff.osei,
    place: 'Queen’s Hospital Burton diabetes centre',
  });
  problem(chart, { what: problems.diabetes2, onset: '2008-06-02', by: staff.osei, encounter: diabetes });
  bloods(chart, {
    at: [-220, '11:32'],
    title: 'Kidney function and electrolytes',
    values: { sodium: 139, potassium: 4.7, urea: 10.2, creatinine: 138, egfr: 43, bicarbonate: 25, crp: 4 },
    ranges: { creatinine: [62, 106] },
    encounter: diabetes,
  });
  bloods(chart, { at: [-220, '11:33'], title: 'HbA1c', values: { hba1c: 59, hba1cPercent: 7.5 }, encounter: diabetes });
  letter(chart, {
    title: 'Diabetes clinic letter',
    at: [-218, '09:00'],
    by: staff.osei,
    encounter: diabetes,
    paragraphs: ['HbA1c 59 mmol/mol. Dapagliflozin suits him and helps his heart. No change.'],
  });
  appointment(chart, {
    at: [95, '11:00'],
    what: 'Diabetes clinic',
    specialty: ['307', 'Diabetes'],
    by: staff.osei,
    place: 'Queen’s Hospital Burton diabetes centre',
  });
}

/** MPFT: community heart failure service and memory clinic. */
export function smithAtMpft(chart: Chart): void {
  const relative = relatedPerson(chart, { ...daughter, roles: ['Carer'] });
  const team = careTeam(chart, 'Community heart failure service', -9, [staff.ellis, staff.duffy], [relative]);
  const care = episode(chart, { type: words('Heart failure service'), from: -9, by: staff.ellis, team: [team] });
  allergy(chart, {
    to: substances.plaster,
    recorded: '2019-08-06T10:00:00Z',
    onset: '2019',
    criticality: 'low',
    category: 'environment',
    reaction: reactions.dermatitis,
    by: staff.duffy,
  });
  problem(chart, {
    what: { ...also(problems.frailty, sct('925861000000102', 'Severe frailty')), text: 'Frailty' },
    onset: '2024-02-20',
    recorded: -4,
    severity: sct('24484000', 'Severe'),
    by: staff.ellis,
    note: 'Severe frailty, Clinical Frailty Scale 7',
  });
  problem(chart, { what: problems.cognitive, onset: -51, by: staff.sato });
  const visit = encounter(chart, {
    kind: 'HH',
    type: words('Heart failure nurse visit'),
    from: [-4, '10:15'],
    to: [-4, '11:00'],
    by: staff.ellis,
    episode: care,
    reason: problems.heartFailure,
  });
  vitalSigns(
    chart,
    [-4, '10:25'],
    { pulse: 76, saturation: 96, respiration: 18, weight: 80.3, pressure: [108, 62] },
    { encounter: visit, by: staff.ellis },
  );
  observation(chart, {
    what: words('Clinical Frailty Scale'),
    at: [-4, '10:40'],
    category: 'survey',
    value: 7,
    encounter: visit,
    by: staff.ellis,
  });
  carePlan(chart, {
    title: 'Heart failure care plan',
    type: planTypes.personalised,
    at: [-4, '10:50'],
    until: 180,
    by: staff.ellis,
    careTeam: [team],
    description: 'Daily weight; ring if it rises by 2 kg in three days.',
    goals: ['To stay out of hospital', 'To manage the stairs'],
    activities: ['Weight each morning', 'Blood test after each change of tablets', 'Visit each week for six weeks'],
  });
  flag(chart, { what: words('Falls: high risk'), category: 'Safety', from: -4, by: staff.ellis });
  assessment(chart, {
    title: 'Falls risk assessment',
    at: [-4, '10:45'],
    by: staff.ellis,
    encounter: visit,
    answers: [
      ['Falls in the last 12 months', 3],
      ['Dizzy on standing', true],
      ['Walking aid', 'Frame'],
    ],
  });
  encounter(chart, {
    kind: 'HH',
    type: words('Community nurse visit'),
    from: [-8, '14:00'],
    to: [-8, '14:30'],
    by: staff.duffy,
    episode: care,
  });
  const memory = encounter(chart, {
    kind: 'AMB',
    type: words('Memory clinic'),
    from: [-51, '13:30'],
    to: [-51, '14:40'],
    by: staff.sato,
    service: words('Memory service'),
  });
  prescription(chart, {
    what: medicines.mirtazapine,
    dose: '1 tablet at night',
    from: -287,
    authored: [-18, '09:00'],
    by: staff.sato,
    category: 'community',
    reason: words('Low mood and poor sleep'),
  });
  letter(chart, {
    title: 'Memory clinic letter',
    at: [-43, '12:00'],
    format: 'html',
    by: staff.sato,
    encounter: memory,
    paragraphs: ['Montreal Cognitive Assessment 22 of 30. Mild cognitive impairment, no dementia. Review in a year.'],
  });
  appointment(chart, { at: [3, '10:00'], what: 'Community nurse visit', by: staff.duffy, recorded: -4 });
  appointment(chart, { at: [10, '10:00'], what: 'Heart failure nurse visit', by: staff.ellis, recorded: -4 });
  referral(chart, {
    what: words('Referral for home oxygen assessment'),
    at: [-4, '11:10'],
    to: 'UHNM respiratory physiology',
    by: staff.ellis,
  });
}

/** NSCHT: one old contact, ended. */
export function smithAtNscht(chart: Chart): void {
  const stay = encounter(chart, {
    kind: 'AMB',
    type: words('Talking therapies, 6 sessions'),
    from: '2018-10-02T10:00:00Z',
    to: '2018-12-11T11:00:00Z',
    by: staff.tunstall,
  });
  problem(chart, { what: problems.depression, onset: '2018-09-12', ended: '2019-03-01', encounter: stay });
  flag(chart, {
    what: words('Hearing loss: face him and speak clearly'),
    category: 'Reasonable adjustment',
    from: '2018-10-02',
  });
}

/** Staffordshire County Council: home care and his daughter as carer. */
export function smithAtScc(chart: Chart): void {
  const relative = relatedPerson(chart, { ...daughter, roles: ['Carer', 'Next of kin'], since: '2022-09-05' });
  relatedPerson(chart, {
    given: 'Derek',
    family: 'Poole',
    relationship: ['NBOR', 'neighbor'],
    roles: ['Keyholder'],
    phone: '01632 960141',
  });
  careTeam(chart, 'Adult social care, Newcastle locality', -300, [staff.marsh, staff.dhillon], [relative]);
  episode(chart, { type: words('Home care, 2 visits a day'), from: -300, to: -15, by: staff.marsh });
  episode(chart, { type: words('Home care, 4 visits a day'), from: -9, by: staff.marsh });
  episode(chart, { type: words('Equipment: bed rails, commode, walking frame'), from: -8, by: staff.dhillon });
  episode(chart, { type: words('Reablement'), from: -420, to: -378 });
  carePlan(chart, {
    title: 'Care and support plan',
    type: planTypes.personalised,
    at: -7,
    until: 84,
    by: staff.marsh,
    note: 'Key safe at the front door; there is a dog.',
    description: 'Two carers for washing and dressing; one at noon and at bedtime.',
    activities: [
      'Morning, 45 minutes, two carers',
      'Noon, 30 minutes',
      'Tea, 30 minutes',
      'Bedtime, 45 minutes, two carers',
    ],
    goals: ['To wash and dress with help', 'To go to the allotment once a week'],
  });
  assessment(chart, {
    title: 'Care Act assessment',
    at: [-8, '14:00'],
    by: staff.marsh,
    answers: [
      ['Managing nutrition', 'Needs help'],
      ['Personal hygiene', 'Needs two people'],
      ['Using the home safely', 'Needs equipment'],
      ['Eligible', true],
    ],
  });
  assessment(chart, {
    title: 'Carer’s assessment: Susan Harrison',
    at: [-8, '15:00'],
    by: staff.marsh,
    answers: [
      ['Hours of care a week', 20],
      ['Wants a break', true],
    ],
  });
  task(chart, { what: 'Review of care package', at: -7, due: 35 });
  legal(chart, '2023-03-14T10:00:00Z', 'Lasting power of attorney, health and welfare: Susan Harrison', 'treatment');
}

/** Stoke-on-Trent City Council: an old adaptation. */
export function smithAtStc(chart: Chart): void {
  episode(chart, { type: words('Home adaptation: level access shower'), from: '2017-04-03', to: '2017-06-19' });
}

/** Continuing healthcare: a checklist that did not lead to a full assessment. */
export function smithAtChc(chart: Chart): void {
  episode(chart, { type: words('NHS continuing healthcare: checklist'), from: -10, to: -9, by: staff.quayle });
  assessment(chart, {
    title: 'NHS continuing healthcare checklist',
    at: [-10, '10:00'],
    by: staff.quayle,
    answers: [
      ['Breathing', 'B'],
      ['Mobility', 'B'],
      ['Continence', 'C'],
      ['Full assessment needed', false],
    ],
  });
}

/** West Midlands Shared Care Record: what its members hold. */
export function smithAtWmshcr(chart: Chart): void {
  const birmingham = chart.of('RRK', 'University Hospitals Birmingham');
  encounter(birmingham, {
    kind: 'AMB',
    type: words('Cardiology second opinion'),
    from: [-640, '10:00'],
    treatmentFunction: ['320', 'Cardiology'],
  });
  bloods(birmingham, {
    at: [-640, '09:40'],
    title: 'Kidney function',
    values: { sodium: 140, potassium: 4.4, creatinine: 126, egfr: 48 },
  });
}
