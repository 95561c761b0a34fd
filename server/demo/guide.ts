import { dayOf, formatDate, parseDate } from '../../src/fhir/date.ts';
import { formatNhsNumber } from '../../src/fhir/nhs-number.ts';
import { ashgrovePatients } from './ashgrove/patients.ts';
import { identityUsers } from './identity/users.ts';
import { people } from './people.ts';
import { practiceOutside, practices, r4Systems, systems } from './systems.ts';

const hostNames = { millbrook: 'Millbrook Clinical Desktop', trentside: 'Trentside Practice System' } as const;

const practiceName = (ods: string): string => {
  const practice = practices.find((one) => one.ods === ods);
  if (practice !== undefined) return practice.sharing ? practice.name : `${practice.name} (does not share)`;
  return ods === practiceOutside.ods ? `${practiceOutside.name} (outside the region)` : ods;
};

/** How each door is tried by hand, and what to look for. */
const doors = [
  '## The four doors',
  '',
  'The first page of the demo’s port (`http://127.0.0.1:3001/`) leads to all of them. The browser’s address line and the tools of its developers show each step.',
  '',
  '**Signed context.** Millbrook Clinical Desktop (in a frame) and Trentside Practice System (in a tab). Choose a user at the top right, a person, and One Health and Care.',
  '',
  '- The first time it asks name and role, with what the host says already filled in and locked; the second time it does not',
  '- In the frame nothing depends on a cookie: block third-party cookies and it opens all the same',
  '- Reload the frame: one sentence says what to do, and nobody’s record is shown',
  '',
  '**SMART launch.** Ashgrove Chart, the EPR of a rehabilitation hospital, is a SMART server of its own: it hands over `iss` and `launch`, and One Health and Care asks it, as an app would.',
  '',
  ...ashgrovePatients.map(({ family, story, look }) => `- ${family}: ${story} ${look.join('. ')}.`),
  '- Dr Marlow’s `fhirUser` is a Practitioner, so that she is asked for her role; the nurse’s and the receptionist’s is a PractitionerRole, and theirs is locked',
  '- The launch works once: press Back, and it is refused in words',
  '- `/ashgrove/fhir/.well-known/smart-configuration` says what it does; `/ashgrove/fhir/Patient/x` answers 401 without a token',
  '',
  '**Encrypted link.** Peakside Surgery Desktop can only fill in a URL and encrypt it, with AES-256-GCM or, as old systems do, AES-256-CBC. The link says which person; who asks is said by a sign-in at Demo Care Identity.',
  '',
  '- No NHS number is in the address line, and the same person gives another link at each click',
  '- The sign-in is asked once a session; open a second person and it is not asked again',
  '- Change a letter of the link, or open one that is ten minutes old: both are refused',
  '- ZIELINSKI and TOMLINSON get the pages of someone who is not shown',
  '',
  '**Sign-in.** “Sign in without an EPR”, for the ambulance service and out-of-hours doctors. Demo Care Identity has no passwords: choose who you are.',
  '',
  ...identityUsers.map(({ title, given, family, post, about }) => `- ${title} ${given} ${family}, ${post}. ${about}`),
  '- Find a person by NHS number and birth date, with a reason: both are on the audit trail, where the person can see them',
  '- “I do not have the NHS number” traces by names, birth date, gender and postcode (`/pds` holds them; SMITH, John, ST5 9ZZ)',
  '- A wrong birth date, WARDLE (objected), LOCKETT (restricted), ZIELINSKI (unknown) and no match get one and the same page; after five of them within ten minutes you are stopped for ten',
  '',
  'A public SMART sandbox can open the viewer too, and other SMART apps can open on this record: [sandbox.md](sandbox.md).',
  '',
];

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
    ...doors,
    '## The systems',
    '',
    `Behind one port stand ${systems.length} systems. Each differs, because real ones do:`,
    '',
    '- `pds`: the demographics service, as the NHS Personal Demographics Service’s FHIR API',
    '- `gp`: the practices, as GP Connect Access Record Structured (STU3)',
    ...asked,
    '',
    'On `/switches` of the demo’s port each can be made slow, silent or wrong, in a page that works without script; `GET` and `POST /switches.json` do the same for a test, for example `{ "uhdb": { "mode": "hang" } }`. The modes are `on`, `slow` (with `ms`) and every fault of [faults.md](faults.md), which says what the screen then shows; `DELETE` sets all back. `GET /log.json` lists what the systems were asked, `DELETE` empties it.',
    '',
    ...sections,
  ].join('\n');
}
