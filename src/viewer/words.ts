import { sectionIds, type SectionId } from '../fhir/look.ts';
import type { SourceStatus, Setting } from '../fhir/status.ts';
import type { Ending } from './model/connection.ts';
import type { LaunchFailureCode } from '../launch/failure.ts';

/*
 * Every word that the viewer itself says. Plain English, what happened and what to do; words from sources are never here.
 * The words for states are those of the specification, to the letter: none of them says that something does not exist.
 */

export const product = 'One Health and Care';
export const ownSystem = 'your own record system';

/** `1 organisation`, `3 organisations`. */
export function count(of: number, one: string, many = `${one}s`): string {
  return `${of.toLocaleString('en-GB')} ${of === 1 ? one : many}`;
}

/** Behind the labels that there is room for: begins with what is seen, so that it can be asked for by voice. */
export function moreOrganisations(n: number): string {
  return `+${n}, ${n} more ${n === 1 ? 'organisation' : 'organisations'}`;
}

/** `UHNM`, `UHNM and SCC`, `UHNM, SCC and CHC`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Title of a section, and what its items are called in a sentence. */
export const sectionWords: Readonly<Record<SectionId, { readonly title: string; readonly items: string }>> = {
  overview: { title: 'Overview', items: 'items' },
  timeline: { title: 'Timeline', items: 'events' },
  problems: { title: 'Problems', items: 'problems' },
  medicines: { title: 'Medicines', items: 'medicines' },
  allergies: { title: 'Allergies', items: 'allergies' },
  results: { title: 'Results', items: 'results' },
  'vital-signs': { title: 'Vital signs', items: 'vital signs' },
  encounters: { title: 'Contacts', items: 'contacts' },
  appointments: { title: 'Appointments, referrals', items: 'appointments or referrals' },
  procedures: { title: 'Procedures', items: 'procedures' },
  immunisations: { title: 'Immunisations', items: 'immunisations' },
  documents: { title: 'Documents', items: 'documents' },
  'care-plans': { title: 'Care plans', items: 'care plans' },
  'social-care': { title: 'Social care', items: 'social care items' },
  'mental-health': { title: 'Mental health', items: 'mental health items' },
  alerts: { title: 'Alerts', items: 'alerts' },
  people: { title: 'People', items: 'people' },
  about: { title: 'About this record', items: 'further items' },
};

/** The groups of the rail: their titles, and the section with which each begins. */
const railTitles: readonly (readonly [title: string | undefined, first: SectionId])[] = [
  [undefined, 'overview'],
  ['Clinical', 'problems'],
  ['Plans and people', 'care-plans'],
  [undefined, 'about'],
];

/** The sections as the rail has them: in the order of the one list that there is of them. */
export const railGroups: readonly { readonly title: string | undefined; readonly sections: readonly SectionId[] }[] =
  railTitles.map(([title, first], index) => {
    const next = railTitles[index + 1]?.[1];
    const to = next === undefined ? sectionIds.length : sectionIds.indexOf(next);
    return { title, sections: sectionIds.slice(sectionIds.indexOf(first), to) };
  });

/** How a source ended, in the middle of a sentence after its name. */
export const endedWords: Readonly<Record<SourceStatus, string>> = {
  complete: 'has answered',
  partial: 'answered in part',
  timeout: 'has not answered',
  unavailable: 'cannot be reached',
  'no-record': 'gave no record to show',
  'not-sharing': `does not share with ${product}`,
  'identity-mismatch': 'answered about someone whose details differ: not shown',
  'not-permitted': 'is not shown to your role',
};

/** In the place of how a source ended: nobody knows the person's number, so it could not be asked. */
export const notAskedWords = 'was not asked';

/** The state of a source, standing by itself. */
export function stateWords(status: SourceStatus | 'asking', time: string): string {
  switch (status) {
    case 'asking':
      return 'Being asked';
    case 'complete':
      return `Answered today ${time}`;
    case 'partial':
      return 'Answered in part';
    case 'timeout':
      return 'Has not answered';
    case 'unavailable':
      return 'Cannot be reached';
    case 'no-record':
      return 'Gave no record to show';
    case 'not-sharing':
      return `Does not share with ${product}`;
    case 'identity-mismatch':
      return 'Answered about someone whose details differ: not shown';
    case 'not-permitted':
      return 'Not shown to your role';
  }
}

export const viewOnly = 'Looks, does not contribute';

export const settingWords: Readonly<Record<Setting, string>> = {
  gp: 'GP practice',
  acute: 'hospital',
  'mental-community': 'mental health and community',
  council: 'council',
  'continuing-care': 'continuing healthcare',
  ambulance: 'ambulance, out of hours',
  'shared-record': 'neighbouring shared care record',
};

export const hostAlone = (host: string): string =>
  `No NHS number: only the record of ${host} is shown. Nobody else could be asked.`;

export const banner = {
  born: 'Born',
  gender: 'Gender',
  nhsNumber: 'NHS No.',
  waiting: 'Waiting for who this is',
  died: 'Died',
  ageAtDeath: 'Age at death',
  address: 'Address',
  phone: 'Phone and email',
  practice: 'GP practice',
  alerts: 'Alerts',
  more: 'More',
  notKnown: 'Not known',
  unverified: 'Number not verified',
  restricted: 'Contact details restricted',
  /** Where the contact would stand. */
  hidden: (at: string | undefined) =>
    `${at === undefined ? 'Restricted' : `Restricted at ${at}`}: not shown. Do not tell anyone where the person lives or how to reach them.`,
  asking: (organisations: number) => `still asking ${count(organisations, 'organisation')}`,
  differ: (field: string) => `Organisations differ on ${field}`,
  andMore: (n: number) => `and ${n} more`,
};

export const strip = {
  region: 'Organisations',
  asking: (of: number) => `Asking ${count(of, 'organisation')}`,
  answered: (n: number, of: number) =>
    n === of ? `All ${count(of, 'organisation')} have answered` : `${n} of ${count(of, 'organisation')} have answered`,
  answeredShort: (n: number, of: number) => `${n} of ${of} answered`,
  answeredNarrow: (n: number, of: number) => `${n} of ${of} have answered`,
  hasNot: (n: number) => (n === 1 ? '1 has not' : `${n} have not`),
  gave: (some: number, none: number) =>
    [some > 0 ? `${some} gave a record` : '', none > 0 ? `${none} gave none` : '']
      .filter((one) => one !== '')
      .join(', '),
  shares: 'What each organisation shares',
  details: 'Details',
  andMore: (n: number) => `and ${n} more`,
  test: 'Test: invented people',
  old: (time: string, minutes: number) => `Asked today ${time}, ${count(minutes, 'minute')} ago`,
  askAgain: 'Ask again',
  tryAgain: 'Try again',
  close: 'Close',
};

/** What the region wants every user to know for a time. */
export const notice = {
  label: 'Notices',
  about: (section: SectionId) => `${sectionWords[section].title}: `,
  days: (from: string, until: string | undefined) =>
    until === undefined ? `(since ${from})` : `(${from} to ${until})`,
};

export const bar = {
  incomplete: 'Incomplete',
  organisation: 'Organisation',
  time: 'Time',
  all: 'all',
  filter: 'Filter',
  search: 'Search',
  searchEverything: 'Search everything',
  times: {
    all: 'all',
    month: 'last 30 days',
    year: 'last 12 months',
    'five-years': 'last 5 years',
  },
  removeFilter: 'Remove filter',
  newSince: (n: number) => `${n} new`,
  newSinceDay: (n: number, day: string) => (day === '' ? `${n} new` : `${n} new since ${day}`),
  newSinceLooked: (n: number, day: string) => (day === '' ? `${n} new` : `${n} new since you last looked, ${day}`),
  freshSince: (day: string) => (day === '' ? 'new since you last looked' : `new since ${day}`),
  notFromUs: 'not from us',
  notFromUsButton: 'Not from us',
  around: (title: string) => `belongs to ${title}`,
};

/** What goes along with a copy, and stands on a print. */
export const copy = {
  notKnown: 'Not known',
  unverified: 'number not verified',
  noDose: 'Dose not recorded',
  outOfRange: 'marked out of range',
  range: (range: string) => `reference ${range}`,
  inError: 'Entered in error',
  person: (name: string, born: string, number: string) => `${name}, born ${born}, NHS No. ${number}`,
  from: (at: string) => `Copied from ${product}, ${at}. Correct only at that time.`,
  button: 'Copy',
};

export const print = {
  button: 'Print',
  choose: 'Sections to print',
  what: 'Item',
  date: 'Date',
  source: 'Source',
  incomplete: 'Incomplete:',
  filter: (filter: string) => `Only what the filter ${filter} lets through.`,
  count: (shown: number, all: number) => (shown < all ? `${shown} of ${all}` : String(all)),
  foot: (who: string, at: string, asked: string) =>
    `Printed by ${who === '' ? 'an unnamed user' : who}, ${at}. Organisations asked ${asked}. Correct only at that time.`,
};

export const search = {
  results: 'What was found',
  found: (n: number, sections: number) =>
    n === 0
      ? 'Nothing that has arrived holds these words. This does not mean that there is nothing to know.'
      : `${count(n, 'item')} found in ${count(sections, 'section')}`,
  here: 'In this section',
  narrow: (n: number, title: string) => `Show only these ${n.toLocaleString('en-GB')} in ${title}`,
  more: (n: number, items: string) => `${n.toLocaleString('en-GB')} more ${items}`,
  by: 'Found by:',
};

export const states = {
  loading: (section: SectionId) => `Loading ${sectionWords[section].items}`,
  stillWaiting: (n: number) => `Still waiting for ${count(n, 'organisation')}`,
  missingHere: (section: SectionId) => `There may be ${sectionWords[section].items} that are not shown here.`,
  missingOverview: 'What it holds is missing here.',
  missingOverviewMany: 'What they hold is missing here.',
  nothingHere: (title: string, n: number) => `Nothing to list here. What was given (${n}) is under ${title}.`,
  emptyAnswered: (section: SectionId, n: number) =>
    n === 1
      ? `The 1 organisation that answered gave no ${sectionWords[section].items} to show.`
      : `The ${n} organisations that answered gave no ${sectionWords[section].items} to show.`,
  mayHoldMore: (labels: readonly string[]) =>
    `${listed(labels)} ${labels.length === 1 ? 'says that its list' : 'say that their lists'} may not be complete.`,
  nothingSoFar: 'Nothing so far.',
  mayBeMissing: (section: SectionId) => `so there may be ${sectionWords[section].items} that are not shown.`,
  zeroSoFar: '0 so far',
  hidden: (n: number, filter: string) =>
    `${count(n, 'item')} ${n === 1 ? 'is' : 'are'} hidden by the filter ${filter}.`,
  nobodyAnswered: 'No organisation has answered. This does not mean that there is nothing to know.',
  declaredRole: (role: string, organisation: string, declared: string) =>
    `Your role is ${role} until ${organisation} confirms that it is ${declared}.`,
  role: (section: SectionId) => `Your role does not include ${sectionWords[section].items}.`,
  rolePart: (section: SectionId) => `Your role includes only some ${sectionWords[section].items}.`,
  roleWithout: (items: readonly string[]) => `Your role does not include ${listed(items)}.`,
  roleAllergies: 'Allergies: not included in your role',
  notInRole: 'not included in your role',
  sectionError: 'This section could not be shown. The others are not affected.',
  cut: (time: string, n: number, of: number) =>
    `The connection was lost at ${time}, when ${n} of ${count(of, 'organisation')} had answered. What they sent is shown.`,
  askOthers: 'Ask the others',
  offline: (time: string) => `You are offline. What you see arrived at ${time}.`,
  noEscalation: 'No treatment-escalation or resuscitation decision was given. This does not mean full treatment.',
  arrived: (n: number, label: string) => `${n} more from ${label} have arrived.`,
  show: 'Show',
  tryAgain: 'Try again',
};

export const pages = {
  sessionEnded: (host: string) => `Your session has ended. Open ${product} again from ${host}.`,
  refused: {
    title: `This person’s information is not available in ${product}`,
    reasons: 'There can be several reasons. This page looks the same for all of them.',
    note: 'This does not mean that there is nothing to know about this person.',
    heading: 'What you can do',
    steps: [
      `Check in your own system that the right person is open, then open ${product} again.`,
      'Ask the person, or someone who may speak for them.',
      'Phone or email the organisations that care for them. They can still share what you need.',
    ],
    mistake: 'If you think this is a mistake, phone the records team on',
    orEmail: 'or email',
    audit: 'Your name, role and the time have been added to the audit trail.',
  },
  undecided:
    'This record cannot be shown just now, because it could not be checked whether it may be. Try again in a few minutes, or phone the organisations that care for the person.',
  undecidedTitle: 'This record cannot be shown just now',
  endedTitle: 'Your session has ended',
  opening: `Opening ${product}`,
};

/** What is said of a record that was closed, and the one thing to do. */
export function endedPage(
  why: Exclude<Ending, 'refused'>,
  host: string,
  idleLockMinutes: number,
): { readonly title: string; readonly text: string } {
  const again = `Open ${product} again from ${host}.`;
  switch (why) {
    case 'session-ended':
      return { title: pages.endedTitle, text: pages.sessionEnded(host) };
    case 'locked':
      return { title: 'Locked', text: `Locked after ${count(idleLockMinutes, 'minute')} without use. ${again}` };
    case 'patient-changed':
      return {
        title: 'Another person has been opened',
        text: `Another person has been opened in ${host}. This record is closed.`,
      };
    case 'closed':
      return { title: 'This record is closed', text: `You have closed this record. ${again}` };
  }
}

/** What a failed launch says, and the one thing to do. */
export function launchFailure(
  code: LaunchFailureCode,
  host: string,
): { readonly title: string; readonly text: string } {
  const again = `Open ${product} again from ${host}.`;
  switch (code) {
    case 'no-launch':
    case 'session-ended':
      return { title: pages.endedTitle, text: pages.sessionEnded(host) };
    case 'launch-used':
      return { title: pages.endedTitle, text: `This way in has been used, or has waited too long. ${again}` };
    case 'foreign-launch':
      return {
        title: `${product} was not opened`,
        text: `The address that your system used is not one that ${product} accepts. Tell your IT service desk.`,
      };
    case 'insecure-page':
      return {
        title: `${product} was not opened`,
        text: 'This page was not opened over a secure connection (https). Tell your IT service desk.',
      };
    case 'unreachable':
      return { title: `${product} was not opened`, text: `${product} did not answer in time. ${again}` };
    case 'untrusted-answer':
      return { title: `${product} was not opened`, text: `The sign-in could not be checked. ${again}` };
    case 'no-person':
      return { title: `${product} was not opened`, text: `Your system did not say which person to show. ${again}` };
  }
}

export const overview = {
  alerts: 'Alerts',
  problems: 'Active problems',
  medicines: 'Current medicines',
  carePlans: 'Care plans',
  results: 'Results out of range',
  latestOfEach: 'latest of each',
  isNew: 'New',
  contacts: 'Contacts',
  people: 'People',
  newestFirst: 'newest first',
  toCome: 'To come',
  beforeToday: (today: string) => `Before today, ${today}`,
  noDate: 'No date',
  of: (shown: number, all: number) => (shown < all ? `${shown} of ${all}` : String(all)),
  more: (n: number) => `${n} more`,
  older: (n: number) => `${n} older`,
  morePast: (n: number, past: number) =>
    [n > 0 ? `${n} more` : '', past > 0 ? `${past} past` : ''].filter((part) => part !== '').join(', '),
  below: (names: readonly string[]) =>
    names.length > 5
      ? `More below: ${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
      : `More below: ${names.join(', ')}`,
  rowsBelow: (n: number, items: string) => `${n} more ${items} below`,
  updated: (date: string) => `updated ${date}`,
  outOfRangeNone: 'Of the latest results that arrived, none is marked out of range by its laboratory.',
};

export const drawer = {
  label: 'Details',
  recordedBy: (what: string, n: number) => `${what}, recorded by ${count(n, 'organisation')}`,
  records: (what: string, n: number) => `${what}, ${count(n, 'record')} of 1 organisation`,
  position: (at: number, of: number) => `${at} of ${of}`,
  previous: 'Previous',
  next: 'Next',
  close: 'Close',
  shown: 'Shown in the list',
  differ: (fields: string) => `Organisations differ on ${fields}.`,
  overwritten: 'Nothing has been overwritten. Check with the person or the organisations.',
  shows: (label: string, why: string) => `The list shows the record of ${label}, because ${why}.`,
  notRecorded: 'Not recorded',
  linked: 'Linked items',
  codes: 'Codes',
  raw: 'Raw FHIR',
  fields: 'Fields',
  answered: 'Answered',
  loading: 'Loading the details',
  gone: 'This item could not be shown. The others are not affected.',
  onlyThis: 'Show only what belongs to this',
  report: 'Report an error',
};

/** Why a group shows the record that it shows, in the drawer. */
export function whyShown(section: SectionId): string {
  if (section === 'allergies') return 'the highest risk is always the one shown';
  if (section === 'medicines') return 'a current prescription is shown before a stopped one, and the newest first';
  return 'the newest record is the one shown';
}

/** What a dose hangs on, beside the medicines. */
export const dosing = {
  weight: 'Weight',
  filtration: 'eGFR',
  none: (name: string, whole: boolean) => (whole ? `No dated ${name} was given` : `No dated ${name} so far`),
};

/** What one item of a section is called at the head of its drawer. */
export const itemWords: Readonly<Record<SectionId, string>> = {
  overview: 'Item',
  timeline: 'Event',
  problems: 'Problem',
  medicines: 'Medicine',
  allergies: 'Allergy',
  results: 'Result',
  'vital-signs': 'Vital sign',
  encounters: 'Contact',
  appointments: 'Appointment or referral',
  procedures: 'Procedure',
  immunisations: 'Immunisation',
  documents: 'Document',
  'care-plans': 'Care plan',
  'social-care': 'Social care',
  'mental-health': 'Mental health',
  alerts: 'Alert',
  people: 'Person or team',
  about: 'Further item',
};

/** Titles of the subsections that `Group.subsection` names, in the order in which they stand. */
export const subsectionWords: Readonly<Partial<Record<SectionId, readonly (readonly [id: string, title: string])[]>>> =
  {
    problems: [
      ['active', 'Active problems'],
      ['past', 'Past problems'],
      ['family-history', 'Family history'],
      ['ruled-out', 'Past or ruled out'],
    ],
    medicines: [
      ['current', 'Current medicines'],
      ['planned', 'Planned'],
      ['past', 'Past medicines'],
      ['devices', 'Devices'],
    ],
    allergies: [
      ['active', 'Allergies'],
      ['past', 'Past or ruled out'],
      ['ruled-out', 'Past or ruled out'],
    ],
    results: [
      ['blood', 'Blood and other tests'],
      ['radiology', 'Radiology'],
      ['other', 'Other results'],
      ['reports', 'Reports'],
    ],
    encounters: [
      ['inpatient', 'Hospital stays'],
      ['emergency', 'A&E and urgent care'],
      ['clinic', 'Clinics'],
      ['contact', 'Contacts'],
      ['other', 'Other'],
    ],
    appointments: [
      ['to-come', 'To come'],
      ['past', 'Before today'],
      ['referrals', 'Referrals'],
      ['tasks', 'Tasks'],
    ],
    'care-plans': [
      ['escalation', 'Treatment escalation and resuscitation'],
      ['plan', 'Plans'],
      ['legal', 'Legal'],
      ['preferences', 'Preferences'],
      ['goal', 'Goals'],
    ],
    procedures: [
      ['current', 'Under way'],
      ['past', 'Done'],
      ['not-done', 'Not done'],
    ],
    immunisations: [
      ['due', 'Due'],
      ['given', 'Given'],
      ['not-given', 'Not given'],
      ['prevention', 'Smoking, alcohol and living'],
    ],
    'social-care': [
      ['current', 'Current'],
      ['assessments', 'Assessments'],
      ['past', 'Past'],
    ],
    people: [
      ['contact', 'Family, carers and contacts'],
      ['practice', 'GP practice'],
      ['professional', 'Professionals'],
      ['team', 'Teams'],
      ['organisation', 'Organisations'],
    ],
    about: [
      ['supporting', 'Supporting records'],
      ['other', 'Other records'],
    ],
  };
export const otherSubsections: readonly (readonly [id: string, title: string])[] = [
  ['current', 'Current'],
  ['past', 'Past'],
];

export const about = {
  organisations: 'What each organisation shares',
  organisation: 'Organisation',
  kind: 'Kind',
  state: 'State',
  gave: 'Gave',
  shares: 'Shares',
  contact: 'Queries',
  neverShown: 'Never shown',
  switchedOff: 'Shown here by decision of the region',
  switchedOffWords: (one: { title: string; by: string; on: string; reason: string }) =>
    `${one.title}: not left out since ${one.on}, decided by ${one.by}. ${one.reason}`,
  unreadable: (n: number) => `${count(n, 'line')} of the answers could not be read and are not shown.`,
  people: 'For the person',
  notices: [
    { href: '/privacy', text: 'Privacy notice: what is shown of them, and to whom' },
    { href: '/say-no', text: 'How to say no, and how to change one’s mind' },
  ],
  look: 'Every look is recorded with your name, role and the time, and the person can be told.',
  scheme: 'Colours',
  schemes: { light: 'Light', dark: 'Dark', contrast: 'High contrast' },
};

/** The ways to learn to read the record, in About this record and at a first use. */
export const help = {
  title: 'Help',
  first: `${product} is new to you.`,
  tour: 'Take the three-minute tour',
  notNow: 'Not now',
  keys: 'Keys',
  guide: 'User guide',
  onePage: 'One page to print',
  closeGuide: 'Close the user guide',
  ask: 'Whom to ask:',
  askAboutItem: 'Of a single entry, ask the organisation that recorded it: its phone number stands behind its label.',
  askAboutRecord: 'Of this record as a whole, phone the records team on',
  orEmail: 'or email',
  wait: 'Loading help',
  gone: 'Help could not be shown. The record is not affected.',
};

/** The user's own profile, in About this record. */
export const own = {
  title: 'You',
  what: 'This is how you stand on the audit trail. A correction counts from your next look; what is written stays.',
  name: 'Name',
  organisation: 'Organisation',
  role: 'Your role',
  body: 'Professional body',
  number: 'Registration number',
  numberOf: (body: string) => `${body} number`,
  from: (host: string) => `From ${host}`,
  cannotChange: 'Cannot be changed here',
  unconfirmed: 'Not confirmed yet',
  save: 'Save',
  saved: 'Saved. It stands from your next look on.',
  loading: 'Loading your profile',
  failed: 'Your profile could not be read. Open this section again in a minute.',
};

export const skip = {
  main: 'Skip to the section',
  sections: 'Skip to the list of sections',
  organisations: 'Skip to the organisations',
};
export const spoken: Readonly<Record<'high' | 'low', string>> = { high: 'above range', low: 'below range' };
export const columns = {
  medicine: 'Medicine and dose',
  start: 'Start',
  issued: 'Last issued',
  end: 'End',
  source: 'Source',
  prescribed: 'Prescribed',
  date: 'Date',
  event: 'Event',
  kind: 'Kind',
  test: 'Test',
  value: 'Value',
  range: 'Reference range',
  previous: 'Before',
  today: 'Today',
  changed: 'Changed in the last 30 days',
  notChanged: 'Not changed',
};

/** Units as they are read aloud; others are read as they are written. */
const spokenUnits: Readonly<Record<string, string>> = {
  'mmol/L': 'millimoles per litre',
  'µmol/L': 'micromoles per litre',
  'mmol/mol': 'millimoles per mole',
  'g/L': 'grams per litre',
  'mg/L': 'milligrams per litre',
  'µg/L': 'micrograms per litre',
  'ng/L': 'nanograms per litre',
  'U/L': 'units per litre',
  'mL/min/1.73 m²': 'millilitres per minute per 1.73 square metres',
  mmHg: 'millimetres of mercury',
  '%': 'percent',
  '°C': 'degrees Celsius',
  '/min': 'per minute',
  kg: 'kilograms',
  cm: 'centimetres',
  'kg/m²': 'kilograms per square metre',
};

export function spokenUnit(unit: string | undefined): string {
  return unit === undefined ? '' : (spokenUnits[unit] ?? unit);
}

export const results = {
  views: { grid: 'Grid and trend', reports: 'Reports' },
  view: 'Show results as',
  panels: {
    kidney: 'Kidney',
    'blood-count': 'Blood count',
    liver: 'Liver',
    heart: 'Heart',
    diabetes: 'Diabetes',
    thyroid: 'Thyroid',
    urine: 'Urine',
    microbiology: 'Microbiology',
    radiology: 'Radiology',
    other: 'Other',
  },
  panelTitles: {
    kidney: 'Kidney function and electrolytes',
    'blood-count': 'Blood count and clotting',
    liver: 'Liver',
    heart: 'Heart and lipids',
    diabetes: 'Diabetes',
    thyroid: 'Thyroid',
    urine: 'Urine',
    microbiology: 'Microbiology',
    radiology: 'Radiology',
    other: 'Other results',
  },
  panelList: 'Panels',
  measurements: 'Measurements',
  taken: 'Taken',
  latest: 'Latest',
  previousSet: 'Previous',
  sets: (n: number) => `${count(n, 'set')}, newest first`,
  olderSets: (n: number) => count(n, 'older set'),
  olderReports: (n: number) => count(n, 'older report'),
  oneUnit: 'One unit in each column.',
  rangeOfLaboratory: (range: string, unit: string | undefined) =>
    `Range of this laboratory: ${range}${unit === undefined || range.includes(unit) ? '' : `\u00a0${unit}`}`,
  markedAbnormal: 'marked abnormal',
  noRange: 'This laboratory gave no range.',
  legend: { above: 'above range', below: 'below range', notMeasured: 'not measured' },
  notMeasured: 'not measured',
  comment: 'comment',
  orMore: (n: string) => `${n} or more`,
  orLess: (n: string) => `${n} or less`,
  inHospital: (label: string) => `${label} stay`,
  stay: (label: string, from: string, to: string | undefined) =>
    to === undefined ? `${label} stay from ${from}` : `${label} stay ${from} to ${to}`,
  trend: 'Trend',
  leftToRight: 'time runs left to right',
  spans: { quarter: '3 months', year: '1 year', 'two-years': '2 years', all: 'All' },
  spanLabel: 'Time shown',
  addTest: 'Add a test',
  remove: (test: string) => `Remove ${test}`,
  asTable: 'Show as table',
  asChart: 'Show as chart',
  reference: (range: string, unit: string | undefined) => `Reference ${range}${unit === undefined ? '' : ` ${unit}`}`,
  latestOn: (date: string) => `Latest, ${date}`,
  previousOn: (value: string) => `Previous ${value},`,
  outside: (earlier: number) => `${count(earlier, 'earlier result')} not in this time.`,
  undated: (n: number) => `${count(n, 'result')} without a date: see the grid.`,
  wordsOnly: (n: number) => `${count(n, 'result')} in words: see the grid.`,
  noneInTime: 'No result in this time.',
  beyond: 'An open mark is a value known only to be below or above what it says.',
  vague: 'A line through a mark: its date tells the month or the year alone.',
  notKnownAfter: (label: string, date: string) => `${label}: not known after ${date}`,
  chartOf: (test: string, n: number) => `${test}, ${count(n, 'result')}, oldest first`,
  loadingChart: 'Loading the chart',
  chartFailed: 'The chart could not be shown. All values stand in the grid.',
  noText: 'No text came with this report.',
  reportResults: 'Results of this report',
  enteredInError: 'Entered in error',
  attachments: (n: number) => count(n, 'attachment'),
};

export const timeline = {
  lanes: {
    gp: 'GP practice',
    emergency: 'A&E and urgent care',
    stays: 'Hospital stays',
    clinics: 'Hospital clinics, tests',
    community: 'Community',
    'mental-health': 'Mental health',
    'social-care': 'Social care',
    letters: 'Letters',
    other: 'Other organisations',
  },
  lanesLabel: 'Events by lane',
  spans: { month: '1 month', quarter: '3 months', year: '1 year', 'five-years': '5 years', all: 'All' },
  spanLabel: 'Time shown',
  asTable: 'Show as table',
  asLanes: 'Show as lanes',
  earlier: 'Earlier',
  today: 'Today',
  later: 'Later',
  allEvents: 'All events',
  bar: 'a bar is 3 months',
  windowFrom: 'Beginning of the time shown',
  windowTo: 'End of the time shown',
  period: (from: string, to: string) => `${from} to ${to}`,
  outside: (earlier: number, later: number) =>
    [
      earlier > 0 ? `${earlier.toLocaleString('en-GB')} earlier` : '',
      later > 0 ? `${later.toLocaleString('en-GB')} later` : '',
    ]
      .filter((one) => one !== '')
      .join(', '),
  undated: (n: number) => `${count(n, 'event')} without a date: in the table.`,
  keys: [
    [['←', '→'], 'event'],
    [['↑', '↓'], 'lane'],
    [['+', '−'], 'zoom'],
    [['Home', 'End'], 'first, last'],
    [['Enter'], 'open'],
  ] as readonly (readonly [keys: readonly string[], does: string])[],
  notKnown: (sentence: string) => `Not known. ${sentence} Its events are missing from every lane.`,
  notKnownMany: (sentence: string) => `Not known. ${sentence} Their events are missing from every lane.`,
  notKnownAfter: (date: string) => `Not known after ${date}`,
  several: (n: number) => count(n, 'event'),
  vague: (date: string) => `some time in ${date}`,
  goesOn: 'goes on',
  nights: (n: number) => count(n, 'night'),
  open: 'Open',
  linked: 'Linked',
  lookingForLinks: 'Looking for what it links to',
  nothingLinked: 'Nothing that arrived is linked to it.',
  events: 'Events',
};

/** What puts a list in order and narrows it. */
export const order = {
  label: 'Order and filter',
  type: 'Type',
  all: 'all',
  sorted: 'Order',
  words: 'Filter by words',
  by: { given: 'Newest first', name: 'Name', organisation: 'Organisation' },
  /** What stands first where that is not the newest. */
  given: { allergies: 'Highest risk first', people: 'Nearest first' } as Readonly<Partial<Record<SectionId, string>>>,
  count: (shown: number, all: number, items: string) =>
    shown < all
      ? `${shown.toLocaleString('en-GB')} of ${all.toLocaleString('en-GB')} ${items}`
      : `${all.toLocaleString('en-GB')} ${items}`,
};

/** Of safeguarding: that there is something is always said; what, only to who asks. */
export const safeguarding = {
  title: 'Safeguarding information',
  behind: 'Details are shown when you ask for them',
  count: (n: number) => n.toLocaleString('en-GB'),
  gate: 'This is safeguarding information. Its details may put someone at risk if the wrong person sees or hears them.',
  recorded: 'That you look at them is recorded by itself. Check who can see your screen.',
  show: 'Show the details',
  at: (section: string, date: string, sources: string) => `${section}, ${date}, ${sources}`,
  print: 'With safeguarding details',
  printed: 'This print holds safeguarding details. Keep it where nobody else can read it.',
  notPrinted: 'Safeguarding information exists. Its details are not printed.',
};

/** Documents, before they are opened; what is said of one that is open stands in `document/words.ts`. */
export const documents = {
  heading: 'Document',
  headings: (n: number) => `${n} documents`,
  kinds: {
    pdf: 'PDF',
    html: 'web page',
    rtf: 'rich text',
    tiff: 'scan',
    image: 'picture',
    text: 'text',
    xml: 'data (XML)',
    word: 'Word document',
    spreadsheet: 'spreadsheet',
    dicom: 'scan for imaging software (DICOM)',
    other: 'unknown kind',
  },
  noSize: 'size not given',
  /** A size as people say it: `84 kB`, `1.2 MB`. @param bytes of the file */
  size: (bytes: number) =>
    bytes < 1000
      ? `${bytes} bytes`
      : bytes < 1_000_000
        ? `${Math.round(bytes / 1000)}\u00a0kB`
        : `${(bytes / 1_000_000).toFixed(1)}\u00a0MB`,
  open: 'Open',
  openNamed: (name: string) => `Open ${name}`,
  elsewhere: (label: string) => `This document is kept elsewhere and cannot be opened here. Ask ${label} for it.`,
  drawing: 'Opening the document',
};
