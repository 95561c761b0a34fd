import type { Ref } from '../chart/chart.ts';
import type { When } from '../calendar.ts';
import { sct, type Concept } from '../codes.ts';
import type { PracticeRecord } from './record.ts';

/** A heading of a consultation: free text, coded entries, or both. */
export type Heading = {
  readonly title:
    'Problem' | 'History' | 'Examination' | 'Comment' | 'Medication' | 'Follow up' | 'Procedure' | 'Social';
  readonly text?: string;
  readonly items?: (encounter: Ref) => readonly Ref[];
};

/** A consultation: the Encounter, its List, a topic and its headings, as GP Connect nests them. */
export function gpConsultation(
  record: PracticeRecord,
  entry: {
    readonly at: When;
    readonly type: string;
    readonly headings: readonly Heading[];
    readonly by?: Ref;
    readonly problem?: Ref;
  },
): Ref {
  const { calendar, patient } = record;
  const at = calendar.instant(entry.at);
  const by = entry.by ?? record.gp;
  const id = record.id();
  const participant = (system: string, code: string, display: string): unknown => ({
    type: [{ coding: [{ system, code, display }] }],
    individual: by,
  });
  const encounter = record.add(
    'Encounter',
    {
      status: 'finished',
      type: [{ text: entry.type }],
      subject: patient,
      participant: [
        participant('http://hl7.org/fhir/v3/ParticipationType', 'PPRF', 'primary performer'),
        participant('https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-ParticipantType-1', 'REC', 'recorder'),
      ],
      period: { start: at },
      location: [{ location: record.location }],
      serviceProvider: record.organisation,
    },
    id,
  );
  const list = (suffix: string, title: string | undefined, code: Concept, items: readonly Ref[]): Ref =>
    record.add(
      'List',
      {
        status: 'current',
        mode: 'snapshot',
        title,
        code,
        subject: patient,
        encounter,
        date: at,
        orderedBy: {
          coding: [{ system: 'http://hl7.org/fhir/list-order', code: 'system', display: 'Sorted by System' }],
        },
        entry: items.map((item) => ({ item })),
      },
      `${id}${suffix}`,
    );
  const headings = entry.headings.map((heading, index) => {
    const note =
      heading.text === undefined
        ? []
        : [
            record.add('Observation', {
              status: 'final',
              code: sct('37331000000100', 'Comment note'),
              subject: patient,
              context: encounter,
              effectiveDateTime: at,
              issued: at,
              performer: [by],
              comment: heading.text,
            }),
          ];
    const items = [...note, ...(heading.items?.(encounter) ?? [])];
    return list(`-PG0-HD${index}`, heading.title, sct('24781000000107', 'Category (EHR)'), items);
  });
  const topic = list('-PG0', undefined, sct('25851000000105', 'Topic (EHR)'), headings);
  list('-LST', entry.type, sct('325851000000107', 'Consultation'), [topic]);
  record.list('consultations', encounter);
  return encounter;
}
