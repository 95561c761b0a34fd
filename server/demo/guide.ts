import { dayOf, formatDate, parseDate } from '../../src/fhir/date.ts';
import { formatNhsNumber } from '../../src/fhir/nhs-number.ts';
import { people } from './people.ts';
import { practiceOutside, practices, r4Systems, systems } from './systems.ts';

const hostNames = { millbrook: 'Millbrook Clinical Desktop', trentside: 'Trentside Practice System' } as const;

const practiceName = (ods: string): string => {
  const practice = practices.find((one) => one.ods === ods);
  if (practice !== undefined) return practice.sharing ? practice.name : `${practice.name} (does not share)`;
  return ods === practiceOutside.ods ? `${practiceOutside.name} (outside the region)` : ods;
};

/** `docs/demo.md`: the people of the demo region, with what to look at. A test keeps the file in step. */
export function demoGuide(): string {
  const sections = people.map((person) => {
    const born = formatDate(parseDate(person.birthDate) ?? dayOf(0));
    return [
      `## ${person.family}, ${person.given} (${person.title})`,
      '',
      person.story,
      '',
      `NHS No. ${formatNhsNumber(person.nhsNumber)}, born ${born}. Practice: ${practiceName(person.practice)}. Listed in ${person.hosts.map((host) => hostNames[host]).join(' and ')}.`,
      '',
      ...person.look.map((one) => `- ${one}`),
      '',
    ].join('\n');
  });
  const asked = r4Systems.map(
    ({ id, name, style, latencyMs }) =>
      `- \`${id}\`: ${name}, ${style.asked === 'everything' ? '`Patient/$everything`' : 'one search a type'}, ${style.pageSize} a page, ${style.ids} ids, ${style.references} references, ${latencyMs} ms`,
  );
  return [
    '# The demo region',
    '',
    'Everyone here is invented; NHS numbers are in the 999 test range and phone numbers in the ranges kept for fiction. Every date is relative to the day on which the demo is started, and the same seed gives the same data.',
    '',
    'Open a host, choose a person and open One Health and Care from its menu. What to look at stands below each name.',
    '',
    '## The systems',
    '',
    `Behind one port stand ${systems.length} systems. Each differs, because real ones do:`,
    '',
    '- `pds`: the demographics service, as the NHS Personal Demographics Service’s FHIR API',
    '- `gp`: the practices, as GP Connect Access Record Structured (STU3)',
    ...asked,
    '',
    'On `/switches` of the demo’s port each can be made slow, silent or wrong, in a page that works without script; `GET` and `POST /switches.json` do the same for a test, for example `{ "uhdb": { "mode": "hang" } }`. The modes are `on`, `off`, `slow` (with `ms`), `hang`, `500`, `html`, `other-person` and `reset`; `DELETE` sets all back. `GET /log.json` lists what the systems were asked, `DELETE` empties it.',
    '',
    ...sections,
  ].join('\n');
}
