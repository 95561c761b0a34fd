import { sct, words } from '../codes.ts';
import { appointment, encounter, episode, referral, visits } from '../chart/contacts.ts';
import { documentTypes, letter } from '../chart/documents.ts';
import { allergy, observation, problem, vitalSigns } from '../chart/findings.ts';
import { medicines, prescription } from '../chart/medicines.ts';
import { assessment, carePlan, flag, planTypes, task } from '../chart/plans.ts';
import { careTeam, relatedPerson } from '../chart/people-around.ts';
import { bloods, procedure, report } from '../chart/results.ts';
import { staff } from '../chart/staff.ts';
import type { Story } from './story.ts';
import { problems, reactions, substances } from './substances.ts';

/** Eileen Forsyth: registered outside the region, a new hip at UHDB. */
export const forsyth: Story = {
  key: 'forsyth',
  uhdb: (chart) => {
    const stay = encounter(chart, {
      kind: 'IMP',
      type: visits.inpatient,
      from: [-66, '07:10'],
      to: [-62, '13:40'],
      treatmentFunction: ['110', 'Trauma and Orthopaedics'],
      place: 'Queen’s Hospital Burton ward 20',
      by: staff.fenn,
      admission: 'Own home, planned',
      discharge: 'Own home with daughter',
    });
    problem(chart, { what: words('Osteoarthritis of left hip'), onset: '2021-02', by: staff.fenn });
    procedure(chart, {
      what: sct('52734007', 'Total replacement of hip', 'Total replacement of left hip'),
      at: [-66, '09:30'],
      encounter: stay,
      by: staff.fenn,
    });
    report(chart, {
      what: words('X-ray of pelvis'),
      at: [-65, '10:00'],
      conclusion: 'Left hip prosthesis in good position.',
      by: staff.lindqvist,
      encounter: stay,
      imaging: { modality: ['DX', 'Digital Radiography'] },
    });
    bloods(chart, {
      at: [-65, '07:00'],
      title: 'After operation',
      values: { haemoglobin: 101, sodium: 136, potassium: 4.1, creatinine: 74, crp: 88 },
      ranges: { haemoglobin: [115, 165], creatinine: [45, 84] },
      encounter: stay,
    });
    prescription(chart, {
      what: medicines.apixaban,
      dose: '1 tablet twice a day for 35 days',
      from: -66,
      to: -31,
      status: 'completed',
      encounter: stay,
      by: staff.fenn,
    });
    allergy(chart, {
      to: substances.codeine,
      recorded: -66,
      kind: 'intolerance',
      criticality: 'low',
      reaction: reactions.vomiting,
    });
    letter(chart, {
      title: 'Discharge letter, orthopaedics',
      at: [-62, '13:00'],
      type: documentTypes.discharge,
      by: staff.fenn,
      encounter: stay,
      paragraphs: ['New left hip. Walks with two sticks. Apixaban for 35 days.'],
    });
    appointment(chart, {
      at: [14, '10:00'],
      what: 'Orthopaedic clinic',
      specialty: ['110', 'Trauma and Orthopaedics'],
      by: staff.fenn,
    });
    for (let index = 0; index < 14; index += 1)
      bloods(chart, {
        at: [-100 - index * 90, '08:30'],
        title: 'INR',
        values: { inr: 2 + (index % 5) / 10 },
        ranges: { inr: [2, 3] },
      });
  },
  wmshcr: (chart) => {
    const coventry = chart.of('RKB', 'University Hospitals Coventry and Warwickshire');
    const visit = encounter(coventry, {
      kind: 'EMER',
      type: visits.emergency,
      from: [-510, '15:10'],
      to: [-510, '18:30'],
      reason: words('Fall on the stairs'),
    });
    report(coventry, {
      what: words('X-ray of left wrist'),
      at: [-510, '16:00'],
      conclusion: 'No fracture.',
      encounter: visit,
      imaging: { modality: ['DX', 'Digital Radiography'] },
    });
    letter(coventry, {
      title: 'A&E letter',
      at: [-510, '18:30'],
      encounter: visit,
      paragraphs: ['Fall on holiday. No fracture.'],
    });
  },
};

/** Walter Bagnall: died eleven weeks ago. */
export const bagnall: Story = {
  key: 'bagnall',
  uhnm: (chart) => {
    const cancer = problem(chart, {
      what: sct('363358000', 'Malignant tumour of lung', 'Lung cancer'),
      onset: -420,
      by: staff.moorcroft,
    });
    const stay = encounter(chart, {
      kind: 'IMP',
      type: visits.inpatient,
      from: [-101, '11:00'],
      to: [-92, '12:00'],
      treatmentFunction: ['340', 'Respiratory Medicine'],
      reason: words('Breathlessness'),
      diagnosis: [cancer],
      place: 'Royal Stoke Ward 222',
      by: staff.moorcroft,
      discharge: 'Own home, end of life care',
    });
    report(chart, {
      what: sct('77477000', 'Computerised axial tomography', 'CT of chest'),
      at: [-415, '13:00'],
      conclusion: 'Mass of 52 mm in the right upper lobe with nodes on both sides.',
      by: staff.lindqvist,
      imaging: { modality: ['CT', 'Computed Tomography'] },
    });
    bloods(chart, {
      at: [-100, '07:00'],
      title: 'Kidney function, blood count',
      values: { sodium: 128, potassium: 4.9, creatinine: 97, albumin: 24, haemoglobin: 92 },
      encounter: stay,
    });
    letter(chart, {
      title: 'Discharge letter, respiratory medicine',
      at: [-92, '12:00'],
      type: documentTypes.discharge,
      by: staff.moorcroft,
      encounter: stay,
      paragraphs: ['Mr Bagnall wishes to die at home. Morphine and anticipatory medicines are in place.'],
    });
  },
  mpft: (chart) => {
    const wife = relatedPerson(chart, {
      given: 'Edna',
      family: 'Bagnall',
      relationship: ['WIFE', 'wife'],
      roles: ['Next of kin'],
      phone: '01632 960142',
    });
    const team = careTeam(chart, 'Palliative care', -95, [staff.duffy], [wife]);
    episode(chart, { type: words('Palliative care'), from: -95, to: -79, team: [team] });
    carePlan(chart, {
      title: 'End of life care plan',
      type: planTypes.endOfLife,
      at: -95,
      status: 'completed',
      by: staff.duffy,
      goals: ['To die at home'],
      activities: ['Visits twice a day', 'Anticipatory medicines in the house'],
    });
    prescription(chart, {
      what: medicines.morphine,
      dose: '2.5 ml when needed for pain or breathlessness',
      from: -95,
      to: -79,
      status: 'completed',
      by: staff.duffy,
      category: 'community',
    });
    flag(chart, { what: words('End of life care'), category: 'Safety', from: -95, to: -79 });
  },
  scc: (chart) => {
    episode(chart, { type: words('Home care, fast track'), from: -92, to: -79 });
  },
};

/** Doreen Shufflebotham: COPD; her practice does not share. */
export const shuffle: Story = {
  key: 'shuffle',
  gp: () => undefined,
  uhnm: (chart) => {
    const copd = problem(chart, { what: problems.copd, onset: '2014-11', by: staff.moorcroft });
    const stay = encounter(chart, {
      kind: 'IMP',
      type: visits.inpatient,
      from: [-45, '19:00'],
      to: [-41, '12:00'],
      treatmentFunction: ['340', 'Respiratory Medicine'],
      diagnosis: [copd],
      place: 'Royal Stoke Ward 222',
      by: staff.moorcroft,
      admission: 'A&E',
      discharge: 'Own home',
    });
    vitalSigns(
      chart,
      [-45, '19:10'],
      { pulse: 104, saturation: 86, respiration: 28, temperature: 37.8, pressure: [142, 84] },
      { encounter: stay },
    );
    prescription(chart, {
      what: medicines.tiotropium,
      dose: '1 capsule inhaled once a day',
      from: -41,
      by: staff.moorcroft,
      encounter: stay,
    });
    prescription(chart, {
      what: medicines.salbutamol,
      dose: '2 puffs when needed',
      from: -41,
      by: staff.moorcroft,
      encounter: stay,
    });
    allergy(chart, {
      to: substances.penicillins,
      recorded: '2014-11-20T09:00:00Z',
      verification: 'unconfirmed',
      reaction: reactions.urticaria,
    });
    report(chart, {
      what: sct('399208008', 'Plain X-ray of chest', 'Chest X-ray'),
      at: [-45, '20:00'],
      conclusion: 'Hyperinflated lungs. No consolidation.',
      by: staff.lindqvist,
      encounter: stay,
      imaging: { modality: ['DX', 'Digital Radiography'] },
    });
    letter(chart, {
      title: 'Discharge letter, respiratory medicine',
      at: [-41, '12:00'],
      type: documentTypes.discharge,
      by: staff.moorcroft,
      encounter: stay,
      paragraphs: ['Exacerbation of COPD. Target saturation 88 to 92 %.'],
    });
    flag(chart, { what: words('Oxygen alert: target saturation 88 to 92 %'), category: 'Safety', from: -41 });
  },
  mpft: (chart) => {
    const visit = encounter(chart, {
      kind: 'HH',
      type: words('Respiratory nurse visit'),
      from: [-34, '11:00'],
      to: [-34, '11:45'],
      by: staff.duffy,
    });
    observation(chart, {
      what: words('MRC dyspnoea scale'),
      at: [-34, '11:10'],
      category: 'survey',
      value: 4,
      encounter: visit,
    });
    carePlan(chart, {
      title: 'COPD self-management plan',
      type: planTypes.personalised,
      at: -34,
      by: staff.duffy,
      activities: ['Rescue pack at home', 'Pulmonary rehabilitation from next month'],
    });
    appointment(chart, { at: [20, '13:00'], what: 'Pulmonary rehabilitation' });
    referral(chart, { what: words('Referral to pulmonary rehabilitation'), at: -34, by: staff.duffy, to: 'MPFT' });
  },
  stc: (chart) => {
    episode(chart, { type: words('Meals service'), from: -200 });
    assessment(chart, {
      title: 'Care Act assessment',
      at: -205,
      answers: [
        ['Managing nutrition', 'Needs help'],
        ['Eligible', true],
      ],
    });
    task(chart, { what: 'Yearly review', at: -30, due: 60 });
  },
};
