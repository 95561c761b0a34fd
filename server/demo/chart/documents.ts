import { coded, sct, type Concept } from '../codes.ts';
import type { When } from '../calendar.ts';
import { formatDate, parseDate, dayOf } from '../../../src/fhir/date.ts';
import { formatNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { mediaTypeOf, type Letter } from '../letter.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Chart, Ref } from './chart.ts';
import type { Staff } from './staff.ts';

/** Types of letters and records. */
export const documentTypes = {
  discharge: sct('373942005', 'Discharge summary'),
  letter: { text: 'Clinic letter' },
} as const;

/** A letter: a DocumentReference and the bytes behind it. */
export function letter(
  chart: Chart,
  entry: {
    readonly title: string;
    readonly at: When;
    readonly type?: Concept;
    readonly format?: Letter['format'];
    readonly paragraphs: readonly string[];
    readonly by?: Staff;
    readonly encounter?: Ref;
    readonly setting?: readonly [code: string, display: string];
    readonly description?: string;
  },
): Ref {
  const { person, calendar } = chart;
  const created = new Date(calendar.ms(entry.at));
  const content: Letter = {
    format: entry.format ?? 'pdf',
    title: entry.title,
    from: chart.system.name,
    date: formatDate(dayOf(created.getTime())),
    about: `${person.family}, ${person.given} (${person.title})  Born ${formatDate(parseDate(person.birthDate) ?? dayOf(0))}  NHS No. ${formatNhsNumber(person.nhsNumber)}`,
    paragraphs: entry.paragraphs,
    created,
  };
  const binary = chart.file(content);
  return chart.add('DocumentReference', entry.at, {
    status: 'current',
    docStatus: 'final',
    type: entry.type ?? documentTypes.letter,
    category: [sct('823651000000106', 'Clinical note')],
    date: calendar.instant(entry.at),
    author: [entry.by === undefined ? chart.organisation : chart.staff(entry.by)],
    custodian: chart.organisation,
    description: entry.description ?? entry.title,
    content: [
      {
        attachment: {
          contentType: mediaTypeOf(content),
          language: 'en-GB',
          url: `Binary/${binary}`,
          title: entry.title,
          creation: calendar.instant(entry.at),
        },
      },
    ],
    context: {
      ...(entry.encounter === undefined ? {} : { encounter: [entry.encounter] }),
      ...(entry.setting === undefined
        ? {}
        : { practiceSetting: coded(system.practiceSetting, entry.setting[0], entry.setting[1]) }),
    },
  });
}
