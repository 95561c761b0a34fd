import { sct, words } from '../codes.ts';
import { appointment, encounter, episode } from '../chart/contacts.ts';
import { documentTypes, letter } from '../chart/documents.ts';
import { problem } from '../chart/findings.ts';
import { assessment, carePlan, flag, legal, planTypes, task } from '../chart/plans.ts';
import type { Chart } from '../chart/chart.ts';
import { careTeam, relatedPerson } from '../chart/people-around.ts';
import { staff } from '../chart/staff.ts';
import { gpConsultation } from '../practice/consultation.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpDiary, gpInvestigation, gpNoKnownAllergies, gpObservation, gpProblem } from '../practice/entries.ts';
import { medicines } from '../chart/medicines.ts';
import type { Story } from './story.ts';

const sister = {
  given: 'Joanne',
  family: 'Fernyhough',
  relationship: ['SIS', 'sister'],
  phone: '07700 900210',
} as const;
const syndrome = sct('41040004', 'Complete trisomy 21 syndrome', 'Down’s syndrome');

/** Lucy Fernyhough: Down's syndrome, supported living, what helps her and what the law says. */
export const fernyhough: Story = {
  key: 'fernyhough',
  demographic: { relatives: [sister] },
  gp: (record) => {
    gpNoKnownAllergies(record, '2010-05-12T09:00:00Z');
    gpProblem(record, { what: syndrome, legacy: 'PJ0..00', onset: '1987-09-09' });
    gpProblem(record, { what: sct('110359009', 'Intellectual disability', 'Learning disability'), onset: '1991' });
    gpProblem(record, { what: words('Hypothyroidism'), onset: '2005-04-06' });
    gpMedicine(record, {
      what: medicines.levothyroxine,
      dose: '1 tablet once a day',
      from: '2005-04-13',
      issues: [-87, -59, -31, -3],
    });
    gpInvestigation(record, { at: [-31, '09:30'], title: 'Thyroid function', values: { tsh: 3.2 } });
    gpObservation(record, { what: words('Reasonable adjustment: double appointment, quiet room'), at: '2024-06-03' });
    gpConsultation(record, {
      at: [-31, '10:00'],
      type: 'Learning disability health check',
      headings: [{ title: 'Comment', text: 'With support worker. Easy-read action plan given.' }],
    });
    gpDiary(record, words('Learning disability health check'), 334, -31);
  },
  nscht: (chart) => {
    const attorney = relatedPerson(chart, { ...sister, roles: ['Attorney, health and welfare', 'Next of kin'] });
    const team = careTeam(chart, 'Community learning disability team', -600, [staff.kemp], [attorney]);
    episode(chart, { type: words('Community learning disability team'), from: -600, by: staff.kemp, team: [team] });
    problem(chart, { what: syndrome, onset: '1987-09-09', by: staff.kemp });
    flag(chart, {
      what: words('Reasonable adjustment: easy-read letters, time to answer, a familiar person'),
      category: 'Reasonable adjustment',
      from: -600,
    });
    flag(chart, { what: words('Hospital passport'), category: 'Communication', from: -600 });
    carePlan(chart, {
      title: 'Health action plan',
      type: planTypes.personalised,
      at: -90,
      by: staff.kemp,
      careTeam: [team],
      goals: ['To swim each week'],
    });
    letter(chart, {
      title: 'About me',
      at: -90,
      type: words('About me'),
      format: 'html',
      by: staff.kemp,
      paragraphs: [
        'I like swimming, trains and tea with two sugars.',
        'I do not like needles. Let me hold Joanne’s hand.',
        'When I rub my ear, something hurts.',
      ],
    });
    assessment(chart, {
      title: 'Mental capacity assessment: where to live',
      at: [-210, '10:00'],
      by: staff.kemp,
      answers: [
        ['Has capacity for this decision', false],
        ['Best interests meeting held', true],
      ],
    });
    encounter(chart, {
      kind: 'HH',
      type: words('Learning disability nurse visit'),
      from: [-16, '10:00'],
      to: [-16, '11:00'],
      by: staff.kemp,
    });
    appointment(chart, { at: [26, '10:00'], what: 'Learning disability nurse visit', by: staff.kemp });
  },
  stc: (chart) => {
    relatedPerson(chart, { ...sister, roles: ['Attorney, health and welfare'] });
    episode(chart, { type: words('Supported living, Willow House'), from: '2016-04-04', by: staff.marsh });
    episode(chart, { type: words('Day support: swimming and kitchen'), from: '2019-01-07', by: staff.marsh });
    episode(chart, { type: words('Direct payment'), from: '2020-04-01', to: '2022-03-31' });
    flag(chart, {
      what: words('Deprivation of liberty safeguards: authorisation in force'),
      category: 'Legal status',
      from: -190,
    });
    flag(chart, {
      what: words('Safeguarding adults enquiry, section 42: money taken by a neighbour'),
      category: 'Safeguarding',
      from: -20,
      by: staff.marsh,
    });
    legal(
      chart,
      '2019-11-11T10:00:00Z',
      'Lasting power of attorney, health and welfare: Joanne Fernyhough',
      'treatment',
    );
    carePlan(chart, {
      title: 'Care and support plan',
      type: planTypes.personalised,
      at: -110,
      by: staff.marsh,
      activities: ['One support worker, 08:00 to 22:00', 'Sleep-in at night'],
    });
    task(chart, { what: 'Review of authorisation', at: -10, due: 170 });
  },
  chc: (chart) => {
    episode(chart, { type: words('NHS continuing healthcare: joint package'), from: -280, by: staff.quayle });
    carePlan(chart, {
      title: 'Continuing healthcare package',
      at: -280,
      by: staff.quayle,
      activities: ['Two to one support in the community, 10 hours a week'],
    });
    assessment(chart, {
      title: 'NHS continuing healthcare: decision support tool',
      at: [-285, '10:00'],
      by: staff.quayle,
      answers: [
        ['Cognition', 'High'],
        ['Communication', 'High'],
        ['Eligible', true],
      ],
    });
    task(chart, { what: 'Yearly review of package', at: -280, due: 85 });
  },
  uhnm: (chart) => {
    chart.add('ResearchSubject', -150, {
      status: 'on-study',
      period: { start: chart.calendar.day(-150) },
      study: { display: 'Thyroid health in adults with Down’s syndrome (invented study)' },
    });
    legal(chart, -150, 'Consent to take part in research, by consultee', 'research');
    encounter(chart, {
      kind: 'AMB',
      type: words('Outpatient clinic'),
      from: [-150, '14:00'],
      to: [-150, '14:45'],
      treatmentFunction: ['302', 'Endocrinology'],
      by: staff.osei,
    });
    letter(chart, {
      title: 'Endocrinology clinic letter',
      at: -148,
      type: documentTypes.letter,
      by: staff.osei,
      paragraphs: ['Thyroid function well controlled.'],
    });
    letters(chart);
  },
};

/** What reaches a hospital by letter, fax and camera: one of each format that a document may have. */
function letters(chart: Chart): void {
  const endocrinology = ['302', 'Endocrinology'] as const;
  const common = { by: staff.osei, setting: endocrinology };
  letter(chart, {
    ...common,
    title: 'Care review, all pages',
    at: -149,
    paragraphs: Array.from(
      { length: 60 },
      (_, at) =>
        `${at + 1}. Lucy came with her sister. We talked about levothyroxine, about what she likes to eat, and about who goes swimming with her. Nothing changes until the review of next year.`,
    ),
  });
  letter(chart, {
    ...common,
    title: 'Letter to the practice',
    at: -147,
    format: 'rtf',
    paragraphs: ['Levothyroxine 100 micrograms goes on.', 'Thyroid function again in a year, please.'],
  });
  letter(chart, {
    ...common,
    title: 'Consent form, scanned',
    at: -146,
    format: 'scan',
    paragraphs: ['Signed by Joanne Fernyhough as attorney.'],
  });
  letter(chart, {
    ...common,
    title: 'Faxed referral',
    at: -145,
    format: 'fax',
    paragraphs: ['Please see this woman, whose thyroid function was low.', 'She comes with her support worker.'],
  });
  letter(chart, {
    ...common,
    title: 'Photograph of the swimming certificate',
    at: -144,
    type: words('Photograph'),
    format: 'photograph',
    paragraphs: ['25 metres.'],
  });
  letter(chart, {
    ...common,
    title: 'Telephone call',
    at: -143,
    type: words('Note of a telephone call'),
    format: 'text',
    paragraphs: ['Joanne asks for an easy-read copy of the letter. Sent today.'],
  });
  letter(chart, {
    ...common,
    title: 'Discharge summary, day case',
    at: '2019-06-12T15:00:00Z',
    type: documentTypes.discharge,
    format: 'cda',
    setting: ['160', 'Plastic surgery'],
    paragraphs: [
      'Laceration of left hand closed under local anaesthetic.',
      'Stitches out in ten days, at the practice.',
    ],
  });
  letter(chart, {
    ...common,
    title: 'Easy-read plan',
    at: -142,
    type: words('Easy-read letter'),
    format: 'word',
    paragraphs: ['Take one tablet each morning.', 'Tell us if you feel cold or tired.'],
  });
}
