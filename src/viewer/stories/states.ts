import { masked } from '../../fhir/masked.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { SourceStatus } from '../../fhir/status.ts';
import { ohc, sourceUri, system } from '../../fhir/systems.ts';
import type { LaunchFailureCode } from '../../launch/failure.ts';
import type { SectionId } from '../../record/record.ts';
import { noFilter, type Filter } from '../model/filter.ts';
import { banner, endedPage, help, launchFailure, overview, ownSystem, pages, states } from '../words.ts';

/** The host whose desktop stands around the viewer in every state. */
export const hostName = 'Millbrook Clinical Desktop';
/** A clinician: whoever may see most. */
export const clinician = 'R8000';
const receptionist = 'R8009';

/** What the server does where the record is asked for the first time; asked again, it answers as it should. */
export type Answer = 'whole' | 'cut' | 'refused' | 'undecided' | 'session-ended' | 'unreachable';
/** What happens once the record stands on the screen. */
export type Happening = 'objection' | 'person-changed' | 'session-ended' | 'locked' | 'closed' | 'offline';

/** One state of the page: who is looked at, how the server answers, what happens then, and what must be read there. */
export type PageState = {
  readonly title: string;
  /** A key of the demo's people. */
  readonly person: string;
  /** R-code of the user's role; absent: a clinician. */
  readonly role?: string;
  readonly section?: SectionId;
  /** How sources end, by id, where it is not as they really did; `asking`: they never do. */
  readonly sources?: Readonly<Record<string, SourceStatus | 'asking'>>;
  readonly answer?: Answer;
  readonly happens?: Happening;
  /** The way in fails: there is no record at all. */
  readonly failure?: LaunchFailureCode | 'opening';
  /** Changes a resource on its way: for what none of the demo's people has. */
  readonly edit?: (resource: Resource) => Resource;
  /** Resources more. */
  readonly more?: readonly Resource[];
  /** Minutes for which the record has been open. */
  readonly minutesOld?: number;
  /** True at the user's first launch. */
  readonly firstTime?: true;
  /** Days since the user last looked. */
  readonly daysSinceLook?: number;
  readonly filter?: Filter;
  /** The row that is opened: how its name begins. */
  readonly row?: string;
  /** False: the host shows the person's banner itself. */
  readonly needPatientBanner?: false;
  /** What stands on the screen, in these words. */
  readonly says: readonly string[];
};

const everyone = (status: SourceStatus | 'asking'): NonNullable<PageState['sources']> =>
  Object.fromEntries(
    ['gp', 'uhnm', 'uhdb', 'mpft', 'nscht', 'scc', 'stc', 'chc', 'wmshcr'].map((id) => [`demo-${id}`, status]),
  );

const unverified = (resource: Resource): Resource =>
  resource.resourceType !== 'Patient'
    ? resource
    : {
        ...resource,
        identifier: [
          {
            system: system.nhsNumber,
            value: '9991234578',
            extension: [
              {
                url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
                valueCodeableConcept: { coding: [{ code: 'number-present-but-not-traced' }] },
              },
            ],
          },
        ],
      };

/** A flag such as a social worker raises. */
const safeguarding: Resource = {
  resourceType: 'Flag',
  id: 'story-safeguarding',
  meta: {
    source: sourceUri('demo-scc'),
    tag: [
      { system: system.odsOrganisation, code: '413', display: 'Staffordshire County Council' },
      { system: ohc.sourceLabel, code: 'SCC' },
    ],
  },
  status: 'active',
  category: [{ text: 'Safeguarding' }],
  code: { text: 'Safeguarding adult concern' },
  period: { start: '2026-11-02' },
};

/** A person whose whereabouts the demographics service keeps to itself, as the server lets such a Patient go. */
const restricted = (resource: Resource): Resource =>
  resource.resourceType === 'Patient' ? { ...resource, address: [masked], telecom: [masked] } : resource;

const refused = [pages.refused.title, pages.refused.note];
const ended = (why: Parameters<typeof endedPage>[0]): readonly string[] => [endedPage(why, hostName, 15).text];

/**
 * Every state of the page. The URLs of `npm run viewer`, its page of stories, the end-to-end tests and the pictures are
 * drawn from this list.
 */
export const pageStates = {
  whole: {
    title: 'Every organisation has answered',
    person: 'smith',
    says: ['All 9 organisations have answered', 'Known allergies'],
  },
  opening: { title: 'The way in', person: 'smith', failure: 'opening', says: [pages.opening] },
  loading: {
    title: 'Asked, and nobody has answered yet',
    person: 'smith',
    section: 'medicines',
    sources: everyone('asking'),
    says: ['Asking 9 organisations', 'Allergies unavailable'],
  },
  arriving: {
    title: 'Some have answered, some are still asked',
    person: 'smith',
    sources: { 'demo-wmshcr': 'asking', 'demo-scc': 'asking', 'demo-uhdb': 'asking' },
    says: ['6 of 9 organisations have answered'],
  },
  hung: {
    title: 'One source has not answered in time',
    person: 'smith',
    section: 'allergies',
    sources: { 'demo-wmshcr': 'timeout' },
    says: ['WMShCR has not answered.', states.missingHere('allergies'), states.tryAgain],
  },
  failed: {
    title: 'One source cannot be reached',
    person: 'smith',
    section: 'medicines',
    sources: { 'demo-uhnm': 'unavailable' },
    says: ['UHNM cannot be reached.', states.missingHere('medicines')],
  },
  partial: {
    title: 'One source has answered in part',
    person: 'smith',
    section: 'results',
    sources: { 'demo-uhdb': 'partial' },
    says: ['UHDB', states.missingHere('results')],
  },
  nobody: {
    title: 'No organisation has answered',
    person: 'smith',
    sources: everyone('timeout'),
    says: [states.nobodyAnswered, 'Allergies unavailable'],
  },
  'nobody-section': {
    title: 'No organisation has answered, within a section',
    person: 'smith',
    section: 'procedures',
    sources: everyone('timeout'),
    says: [states.nobodyAnswered],
  },
  cut: {
    title: 'The connection was lost on the way',
    person: 'smith',
    answer: 'cut',
    sources: { 'demo-wmshcr': 'asking', 'demo-scc': 'asking', 'demo-uhdb': 'asking' },
    says: ['when 6 of 9 organisations had answered. What they sent is shown.', states.askOthers],
  },
  nothing: {
    title: 'Nothing anywhere: all have answered and gave none',
    person: 'adeyemi',
    section: 'medicines',
    says: [states.emptyAnswered('medicines', 4)],
  },
  'nothing-partial': {
    title: 'Nothing so far: not all have answered',
    person: 'adeyemi',
    section: 'procedures',
    sources: { 'demo-uhnm': 'timeout' },
    says: [states.nothingSoFar, 'UHNM has not answered', states.mayBeMissing('procedures')],
  },
  filtered: {
    title: 'Empty by the filter',
    person: 'smith',
    section: 'problems',
    filter: { ...noFilter, sourceId: 'demo-stc', time: 'year' },
    says: ['hidden by the filter STC, last 12 months.', 'Remove filter'],
  },
  old: {
    title: 'An open record that is no longer fresh',
    person: 'smith',
    minutesOld: 34,
    says: ['34 minutes ago', 'Ask again'],
  },
  offline: { title: 'The browser is offline', person: 'smith', happens: 'offline', says: ['You are offline.'] },
  fresh: {
    title: 'New since the user last looked',
    person: 'smith',
    daysSinceLook: 5,
    says: ['New'],
  },
  first: { title: 'The first launch of a user', person: 'smith', firstTime: true, says: [help.first] },
  'in-host': {
    title: 'In a host that shows its own banner',
    person: 'smith',
    needPatientBanner: false,
    says: ['SMITH, John', '999 123 4578'],
  },
  drawer: {
    title: 'One allergy of which organisations differ',
    person: 'smith',
    section: 'allergies',
    row: 'Penicillin',
    says: ['Organisations differ on', 'Nothing has been overwritten.', 'Shown in the list'],
  },
  refused: { title: 'Refused', person: 'wardle', says: refused },
  undecided: {
    title: 'It could not be checked whether the record may be shown',
    person: 'smith',
    answer: 'undecided',
    says: [pages.undecidedTitle, states.tryAgain],
  },
  unreachable: {
    title: 'The server itself cannot be reached',
    person: 'smith',
    answer: 'unreachable',
    says: ['Allergies unavailable'],
  },
  objection: {
    title: 'An objection arrives while the record is open',
    person: 'smith',
    happens: 'objection',
    says: refused,
  },
  'session-ended': {
    title: 'The session ended before anything was asked',
    person: 'smith',
    answer: 'session-ended',
    says: ended('session-ended'),
  },
  'session-ends': {
    title: 'The session ends while the record is open',
    person: 'smith',
    happens: 'session-ended',
    says: ended('session-ended'),
  },
  'person-changed': {
    title: 'The host opens another person',
    person: 'smith',
    happens: 'person-changed',
    says: ended('patient-changed'),
  },
  locked: { title: 'Nobody has used it', person: 'smith', happens: 'locked', says: ended('locked') },
  closed: { title: 'The user has closed it', person: 'smith', happens: 'closed', says: ended('closed') },
  'launch-used': {
    title: 'A way in that has been used',
    person: 'smith',
    failure: 'launch-used',
    says: [launchFailure('launch-used', ownSystem).text],
  },
  'launch-unreachable': {
    title: 'A way in that gets no answer',
    person: 'smith',
    failure: 'unreachable',
    says: [launchFailure('unreachable', ownSystem).text],
  },
  role: {
    title: 'The role does not include the section',
    person: 'smith',
    role: receptionist,
    section: 'results',
    says: [states.role('results')],
  },
  'role-overview': {
    title: 'The overview of a role that includes little',
    person: 'smith',
    role: receptionist,
    says: [states.roleAllergies],
  },
  died: { title: 'The person has died', person: 'bagnall', says: ['Died', 'Age at death'] },
  mismatch: {
    title: 'A source answered about someone whose birth date differs',
    person: 'jefferies',
    says: [banner.differ('date of birth')],
  },
  unverified: {
    title: 'The NHS number is not verified',
    person: 'smith',
    edit: unverified,
    says: [banner.unverified],
  },
  restricted: {
    title: 'Where the person lives and how to reach them is restricted',
    person: 'smith',
    edit: restricted,
    says: [banner.restricted],
  },
  warned: {
    title: 'The practice says that its list may not be complete',
    person: 'khalid',
    section: 'allergies',
    says: ['Items excluded due to confidentiality and/or patient preferences.'],
  },
  'not-sharing': {
    title: 'The practice does not share',
    person: 'shuffle',
    section: 'about',
    says: ['Does not share with One Health and Care'],
  },
  escalation: {
    title: 'A treatment-escalation decision stands first in the banner',
    person: 'smith',
    section: 'care-plans',
    says: ['ReSPECT'],
  },
  safeguarding: {
    title: 'Safeguarding information exists',
    person: 'smith',
    more: [safeguarding],
    says: ['Safeguarding', overview.alerts],
  },
  child: { title: 'A child, whose mother is the guardian', person: 'bentley', says: ['BENTLEY, Oliver'] },
  'mental-health': {
    title: 'Detained under the Mental Health Act in the spring',
    person: 'reeves',
    section: 'mental-health',
    says: ['REEVES'],
  },
} as const satisfies Readonly<Record<string, PageState>>;

export type PageStateId = keyof typeof pageStates;
export const pageStateIds = Object.keys(pageStates) as readonly PageStateId[];

/** The state of that name, or undefined. */
export function pageStateOf(id: string | null): PageState | undefined {
  const known = pageStateIds.find((one) => one === id);
  return known === undefined ? undefined : pageStates[known];
}
