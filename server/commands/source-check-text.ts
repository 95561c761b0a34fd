import type { SourceCheck } from '../governance/source-check/source-check.ts';

const times = (count: number): string => (count === 1 ? '' : ` (${count} times)`);

/** A check in words for the person at the shell: what works, how fast, what it lists, what does not conform. */
export function sourceCheckText(check: SourceCheck): string {
  const { source, steps, lists, types, codes, faults } = check;
  const width = Math.max(0, ...types.map(({ type }) => type.length));
  const shown = codes.unmapped.slice(0, 50);
  const sections: readonly (readonly string[])[] = [
    [`${source.id}: ${source.name}, ${source.kind}, ${source.address}`],
    [check.usable ? `Usable. ${check.ended}` : `Not usable. ${check.ended}`],
    steps.length === 0
      ? []
      : [
          `How fast (${check.ms} ms in all, of ${check.deadlineMs} ms that it may take)`,
          ...steps.map(({ what, ms, ended }) => `  ${String(ms).padStart(6)} ms  ${what}: ${ended}`),
        ],
    lists === undefined
      ? []
      : [
          `What it lists: FHIR ${lists.fhirVersion}, ${lists.everything ? '$everything' : 'no $everything, so one search a type'}`,
          ...(lists.everything ? [] : [`  ${lists.types.join(', ') || 'no type that can be searched by person'}`]),
        ],
    {
      proved: ['Identity: proved to be the test person, by NHS number and date of birth'],
      'not proved': [
        `Identity: not proved${check.differsOn.length === 0 ? '' : `, it differs on ${check.differsOn.join(' and ')}`}`,
      ],
      'not asked': [],
    }[check.identity],
    types.length === 0
      ? []
      : [
          'What it gave',
          ...types.map(({ type, came, proved }) =>
            proved >= came
              ? `  ${type.padEnd(width)}  ${proved}`
              : `  ${type.padEnd(width)}  ${proved} of ${came}: the rest is not proved to be the person’s, or nothing points at it`,
          ),
        ],
    types.length === 0
      ? []
      : [
          codes.unmapped.length === 0
            ? `Codes: all are understood${codes.mapped === 0 ? '' : `, ${codes.mapped} by a ConceptMap`}`
            : `Codes of its own without a map${codes.mapped === 0 ? '' : ` (${codes.mapped} have one)`}`,
          ...shown.map(({ system, code, count }) => `  ${system} ${code}${times(count)}`),
          ...(codes.unmapped.length > shown.length ? [`  and ${codes.unmapped.length - shown.length} more`] : []),
          ...(codes.wordsAlone === 0 ? [] : [`  ${codes.wordsAlone} named by words alone, without a code`]),
        ],
    faults.length === 0
      ? []
      : ['What does not conform', ...faults.map(({ what, count }) => `  ${what}${times(count)}`)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n');
}
