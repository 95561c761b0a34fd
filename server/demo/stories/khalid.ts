import { sct, words } from '../codes.ts';
import { appointment, encounter, episode, visits } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { allergy, observation, problem, vitalSigns } from '../chart/findings.ts';
import { medicines, prescription } from '../chart/medicines.ts';
import { carePlan, flag } from '../chart/plans.ts';
import { bloods, report } from '../chart/results.ts';
import { relatedPerson } from '../chart/people-around.ts';
import { staff } from '../chart/staff.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpProblem, gpVitals } from '../practice/entries.ts';
import { primaryLists, type ListKey } from '../practice/stu3.ts';
import type { Story } from './story.ts';
import { problems, reactions, substances } from './substances.ts';

/** Zara Khalid: pregnant, moved practice a short while ago, needs an interpreter. */
export const khalid: Story = {
  key: 'khalid',
  demographic: {
    interpreter: ['ur', 'Urdu'],
    relatives: [{ given: 'Imran', family: 'Khalid', relationship: ['HUSB', 'husband'], phone: '07700 900209' }],
  },
  gp: (record) => {
    gpProblem(record, { what: problems.asthma, onset: '2007', significance: 'minor' });
    gpMedicine(record, {
      what: medicines.folicAcid,
      dose: '1 tablet once a day',
      from: -190,
      ended: { on: -110 },
      issues: [-190, -140],
    });
    gpMedicine(record, { what: medicines.ferrous, dose: '1 tablet once a day', from: -40, issues: [-40, -12] });
    gpVitals(record, [-40, '11:00'], { weight: 66.2, pressure: [108, 64] });
    const since = record.calendar.day(-52);
    for (const key of Object.keys(primaryLists) as ListKey[]) record.warn(key, 'data-in-transit', since);
    record.warn('allergies', 'confidential-items');
    record.warn('investigations', 'data-awaiting-filing', record.calendar.day(-6));
  },
  uhnm: (chart) => {
    relatedPerson(chart, {
      given: 'Imran',
      family: 'Khalid',
      relationship: ['HUSB', 'husband'],
      roles: ['Next of kin'],
      phone: '07700 900209',
    });
    const pregnancy = problem(chart, { what: sct('77386006', 'Pregnancy', 'Pregnant'), onset: -180, by: staff.bright });
    const care = episode(chart, { type: words('Maternity care'), from: -140, by: staff.bright, reason: pregnancy });
    const booking = encounter(chart, {
      kind: 'AMB',
      type: words('Maternity booking'),
      from: [-140, '10:00'],
      to: [-140, '11:00'],
      by: staff.bright,
      episode: care,
      treatmentFunction: ['560', 'Midwifery'],
    });
    vitalSigns(
      chart,
      [-140, '10:10'],
      { weight: 61.4, height: 160, bmi: 24, pressure: [112, 66] },
      { encounter: booking },
    );
    bloods(chart, {
      at: [-140, '10:30'],
      title: 'Booking bloods',
      values: { haemoglobin: 112, platelets: 244, ferritin: 18 },
      ranges: { haemoglobin: [110, 150] },
      encounter: booking,
    });
    bloods(chart, {
      at: [-8, '09:30'],
      title: 'Blood count, 28 weeks',
      values: { haemoglobin: 101, platelets: 221 },
      ranges: { haemoglobin: [105, 150] },
      status: 'preliminary',
    });
    observation(chart, {
      what: words('Pregnancy status'),
      at: -8,
      value: sct('77386006', 'Pregnancy', 'Pregnant'),
      note: '28 weeks',
    });
    report(chart, {
      what: sct('16310003', 'Diagnostic ultrasonography', 'Anomaly scan, 20 weeks'),
      at: [-62, '14:00'],
      conclusion: 'Single baby, normal growth, placenta clear of the cervix.',
      by: staff.lindqvist,
      imaging: { modality: ['US', 'Ultrasound'] },
    });
    encounter(chart, {
      kind: 'AMB',
      type: visits.clinic,
      from: [-8, '09:00'],
      to: [-8, '09:30'],
      by: staff.bright,
      episode: care,
      treatmentFunction: ['560', 'Midwifery'],
    });
    allergy(chart, {
      to: substances.penicillins,
      recorded: -140,
      verification: 'unconfirmed',
      reaction: reactions.rash,
      by: staff.bright,
    });
    prescription(chart, {
      what: medicines.aspirin,
      dose: '2 tablets at night until 36 weeks',
      from: -138,
      by: staff.bright,
      category: 'outpatient',
    });
    carePlan(chart, {
      title: 'Birth plan',
      at: -8,
      by: staff.bright,
      goals: ['A woman to interpret', 'Imran to be there'],
    });
    flag(chart, { what: words('Interpreter needed: Urdu'), category: 'Communication', from: -140 });
    letter(chart, {
      title: 'Maternity booking letter',
      at: [-139, '09:00'],
      by: staff.bright,
      encounter: booking,
      paragraphs: ['Booked at eight weeks. Aspirin advised.'],
    });
    appointment(chart, {
      at: [13, '09:00'],
      what: 'Antenatal clinic, 30 weeks',
      specialty: ['560', 'Midwifery'],
      by: staff.bright,
    });
    appointment(chart, { at: [41, '14:00'], what: 'Growth scan', specialty: ['501', 'Obstetrics'] });
  },
  patients: {
    uhnm: {
      communication: [
        { language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'ur', display: 'Urdu' }] }, preferred: true },
      ],
    },
  },
};
