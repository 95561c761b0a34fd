import { binds, isRecommended, type Judged } from './statement.ts';

const specification = 'https://hl7.org/fhir/smart-app-launch/STU2.2';

/** The capabilities of the specification, by the requirement that says what listing one promises. */
const capabilities: readonly (readonly [name: string, id: number])[] = [
  ['launch-ehr', 352],
  ['launch-standalone', 353],
  ['authorize-post', 354],
  ['client-public', 355],
  ['client-confidential-symmetric', 356],
  ['client-confidential-asymmetric', 357],
  ['sso-openid-connect', 358],
  ['context-banner', 359],
  ['context-style', 360],
  ['context-ehr-patient', 361],
  ['context-ehr-encounter', 362],
  ['context-standalone-patient', 363],
  ['context-standalone-encounter', 364],
  ['permission-offline', 365],
  ['permission-online', 366],
  ['permission-patient', 367],
  ['permission-user', 368],
  ['permission-v1', 369],
  ['permission-v2', 370],
  ['smart-app-state', 371],
];

const capabilitySets: readonly (readonly [name: string, id: number])[] = [
  ['Patient Access for Standalone Apps', 348],
  ['Patient Access for EHR Launch', 349],
  ['Clinician Access for Standalone', 350],
  ['Clinician Access for EHR Launch', 351],
];

const pages: readonly (readonly [file: string, title: string])[] = [
  ['app-launch.html', 'App launch'],
  ['scopes-and-launch-context.html', 'Scopes and launch context'],
  ['client-confidential-asymmetric.html', 'Asymmetric client authentication'],
  ['client-confidential-symmetric.html', 'Symmetric client authentication'],
  ['backend-services.html', 'Backend services'],
  ['token-introspection.html', 'Token introspection'],
  ['conformance.html', 'Capabilities and discovery'],
  ['brands.html', 'User-access brands'],
];

const answerWords = { 'not-applicable': 'Does not apply', yes: 'Yes', no: 'No', open: 'Not yet' } as const;

/** A test file as a link from `docs/`, under a short name. */
function fileLink(path: string): string {
  const name = path.replace(/^server\/auth\/conformance\//, '').replace(/(\.store)?\.test\.tsx?$/, '');
  return `[${name}](../${path})`;
}

function requirementLink({ id, page }: Judged): string {
  return `[@${id}](${specification}/${page})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** How a requirement stands, in a cell. */
function standing(one: Judged): string {
  if (one.files.length > 0) {
    const files = one.files.map(fileLink).join(', ');
    return isRecommended(one) ? `Yes: ${files}` : files;
  }
  if (one.answer === undefined) return 'Not answered.';
  return `${answerWords[one.answer.answer]}. ${one.answer.reason}`;
}

/** A table for each page of the specification that has rows. */
function byPage(rows: readonly Judged[], head: string): string {
  return pages
    .map(([file, title]) => ({ title, of: rows.filter(({ page }) => page.startsWith(`${file}#`)) }))
    .filter(({ of }) => of.length > 0)
    .map(({ title, of }) =>
      [
        `### ${title}`,
        table(
          ['Requirement', '', head],
          of.map((one) => [requirementLink(one), one.conformance, standing(one)]),
        ),
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** Requirements that miss the same, in one row. */
function byReason(rows: readonly Judged[]): readonly (readonly string[])[] {
  const reasons = [...new Set(rows.map(({ answer }) => answer?.reason ?? ''))];
  return reasons.map((reason) => [
    rows
      .filter(({ answer }) => answer?.reason === reason)
      .map(requirementLink)
      .join(' '),
    reason,
  ]);
}

function counts(name: string, rows: readonly Judged[]): readonly string[] {
  const answered = (answer: string): number => rows.filter((one) => one.answer?.answer === answer).length;
  const shown = rows.filter(({ files }) => files.length > 0).length;
  return [name, rows.length, shown, answered('yes'), answered('no'), answered('not-applicable'), answered('open')].map(
    String,
  );
}

/** `docs/smart-conformance.md`, from every requirement as it stands. */
export function conformanceDocument(judged: readonly Judged[]): string {
  const byId = new Map(judged.map((one) => [one.id, one]));
  const named = (list: readonly (readonly [string, number])[], code: boolean): readonly (readonly string[])[] =>
    list.flatMap(([name, id]) => {
      const one = byId.get(id);
      return one === undefined ? [] : [[code ? `\`${name}\`` : name, requirementLink(one), standing(one)]];
    });
  const of = (actor: string, rule: (one: Judged) => boolean): readonly Judged[] =>
    judged.filter((one) => one.actor === actor && rule(one));
  const duties = of('Server', binds);
  const recommended = of('Server', isRecommended);
  const clientDuties = of('Client', binds);
  const clientRecommended = of('Client', isRecommended);
  const open = judged.filter((one) => one.answer?.answer === 'open');
  const free = judged.filter((one) => !binds(one) && !isRecommended(one));
  const heading = 'Shown by these tests, or why not';

  return `${[
    '# SMART App Launch 2.2: what is kept, and what shows it',
    `This page is made from a run of the tests, by \`npm run conformance\`. Nobody edits it: \`npm test\` fails where it says something else than the run. Each number is a requirement of the [specification](${specification}/) (STU 2.2) and leads to the place where it stands.`,
    'A requirement counts as shown where a test that names it at the end of its title (`@15`) has passed. The tests drive the server from outside, over HTTP, as an app, an EPR or an attacker would.',
    '## In short',
    table(
      ['', 'Requirements', 'Shown by a test', 'Yes, in words', 'No', 'Does not apply', 'Not yet'],
      [
        counts('A server SHALL', duties),
        counts('A server SHOULD', recommended),
        counts('A client SHALL', clientDuties),
        counts('A client SHOULD', clientRecommended),
      ],
    ),
    `The other ${free.length} of the ${judged.length} requirements are permissions (MAY) or marked as deprecated. They need no answer.`,
    '## Capability sets',
    table(['Set', 'Requirement', heading], named(capabilitySets, false)),
    '## Capabilities',
    'Only what is shown here is listed in `/fhir/.well-known/smart-configuration`.',
    table(['Capability', 'Requirement', heading], named(capabilities, true)),
    ...(open.length === 0 ? [] : ['## Not yet', table(['Requirements', 'What is missing'], byReason(open))]),
    '## What binds a server',
    byPage(duties, heading),
    '## What a server is recommended to do',
    byPage(recommended, 'Yes or no'),
    '## As a client',
    'The viewer is a client of this server, and this server is a client of an EPR that launches it as a SMART app.',
    byPage(clientDuties, heading),
    '## What a client is recommended to do',
    byPage(clientRecommended, 'Yes or no'),
    '## How this page is made',
    [
      '1. `server/auth/conformance/requirements.tsv` lists the 439 requirements by number, strictness, actor and place.',
      '2. Tests name what they show at the end of their titles; `server/auth/conformance/` holds those that ask for it as public conformance suites do.',
      '3. `server/auth/conformance/answers.tsv` answers what no test shows, with a reason. A requirement that is neither shown nor answered, or is both, is a fault.',
      '4. `npm run conformance` runs every test file that names a requirement, takes answers out that a test has made needless, and writes this page. `npm run conformance -- --check` only says whether it is up to date.',
    ].join('\n'),
  ].join('\n\n')}\n`;
}
