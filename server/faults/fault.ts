/** The words behind "Answered in part". */
const missing = 'not everything arrived';
const unreadable = 'something could not be read';
const unproved = 'something could not be proved to be about this person';

/** How a source with a fault ends. `shown`: how much of its record reaches the screen. */
export type Ending = {
  readonly status: 'complete' | 'partial' | 'timeout' | 'unavailable' | 'identity-mismatch';
  readonly text: string;
  readonly shown: 'all' | 'part' | 'nothing';
};

const whole: Ending = { status: 'complete', text: 'Answered', shown: 'all' };
const part = (why: string, shown: Ending['shown'] = 'part'): Ending => ({
  status: 'partial',
  text: `Answered in part: ${why}`,
  shown,
});
const late: Ending = { status: 'timeout', text: 'Has not answered', shown: 'nothing' };
const dead: Ending = { status: 'unavailable', text: 'Cannot be reached', shown: 'nothing' };
const mismatch: Ending = {
  status: 'identity-mismatch',
  text: 'Answered about someone whose details differ: not shown',
  shown: 'nothing',
};

/** One way in which a source can fail, and what is then seen of it. */
export type Fault = {
  /** What it does, as it stands behind "The source …". */
  readonly title: string;
  /** At what it fails: every request, its CapabilityStatement, or the record. */
  readonly at: 'every' | 'capability' | 'record';
  readonly ends: Ending;
  /** Where a GP practice ends otherwise; undefined where there is no such thing at GP Connect. */
  readonly practice?: Ending | undefined;
  /** True where nothing but its deadline ends it. */
  readonly waits?: boolean;
  /** What becomes of the whole record where the demographics service fails so; absent where it cannot. */
  readonly demographics?: 'undecided' | 'fine';
};

const toPages = { at: 'record', ends: part(missing), practice: whole } as const;
const redirect = { at: 'record', ends: dead, demographics: 'undecided' } as const;

/** Every fault that a source can have over HTTP, by the name of its switch in the demo. */
export const faults = {
  off: { title: 'closes every connection at once', at: 'every', ends: dead, demographics: 'undecided' },
  hang: {
    title: 'takes every request and never answers',
    at: 'every',
    ends: late,
    waits: true,
    demographics: 'undecided',
  },
  'hang-after-headers': {
    title: 'sends its headers and no body',
    at: 'record',
    ends: late,
    waits: true,
    demographics: 'undecided',
  },
  'hang-in-body': {
    title: 'stops in the middle of its answer',
    at: 'record',
    ends: part(missing),
    waits: true,
    demographics: 'undecided',
  },
  'hang-between-pages': { ...toPages, title: 'never sends its second page', ends: part(missing, 'all'), waits: true },
  drip: { title: 'sends a byte a second', at: 'record', ends: late, waits: true, demographics: 'undecided' },
  'slow-under-load': {
    title: 'answers one request at a time and forgets the others',
    at: 'every',
    ends: late,
    practice: whole,
    waits: true,
  },
  'reset-before': {
    title: 'resets the connection before it answers',
    at: 'record',
    ends: dead,
    demographics: 'undecided',
  },
  reset: {
    title: 'resets the connection in the middle of its answer',
    at: 'record',
    ends: part(missing),
    demographics: 'undecided',
  },
  'reset-once': { title: 'resets the connection, the first time', at: 'record', ends: whole, demographics: 'fine' },
  'close-between': { title: 'closes kept connections without a word', at: 'every', ends: whole, demographics: 'fine' },
  html: { title: 'answers with a web page', at: 'every', ends: dead, demographics: 'undecided' },
  'html-as-json': {
    title: 'answers with a web page that it calls FHIR',
    at: 'record',
    ends: dead,
    demographics: 'undecided',
  },
  outcome: { title: 'answers 200 with an OperationOutcome', at: 'record', ends: dead, demographics: 'undecided' },
  'half-json': { title: 'ends its answer halfway', at: 'record', ends: part(unreadable), demographics: 'undecided' },
  flood: { title: 'sends 500 MB', at: 'record', ends: part(missing, 'all'), demographics: 'undecided' },
  'gzip-bomb': {
    title: 'sends 500 MB packed into one (gzip)',
    at: 'record',
    ends: part(missing, 'all'),
    demographics: 'undecided',
  },
  'br-bomb': {
    title: 'sends a bomb in a packing that was not asked for (br)',
    at: 'record',
    ends: dead,
    demographics: 'undecided',
  },
  'zstd-bomb': {
    title: 'sends a bomb in a packing that was not asked for (zstd)',
    at: 'record',
    ends: dead,
    demographics: 'undecided',
  },
  'plain-as-gzip': { title: 'calls gzip what is not packed', at: 'record', ends: dead, demographics: 'undecided' },
  'gzip-as-plain': {
    title: 'packs its answer and does not say so',
    at: 'record',
    ends: dead,
    demographics: 'undecided',
  },
  deep: { title: 'nests a resource 10,000 levels deep', at: 'record', ends: part(unreadable, 'all') },
  'deep-beside': { title: 'nests 10,000 levels beside its resources', at: 'record', ends: whole },
  proto: { title: 'sends members named __proto__ and constructor', at: 'record', ends: whole, demographics: 'fine' },
  'duplicate-ids': { title: 'gives two resources one id', at: 'record', ends: part(unreadable, 'all') },
  'endless-next': { ...toPages, title: 'links from each page to a further one', ends: part(missing, 'all') },
  'circular-next': { ...toPages, title: 'links from its second page to its first', ends: part(missing, 'all') },
  'next-other-host': { ...toPages, title: 'links to a page on another host', ends: part(missing, 'all') },
  'next-other-path': { ...toPages, title: 'links to a page outside its base URL', ends: part(missing, 'all') },
  'next-encoded-path': {
    ...toPages,
    title: 'links to a page outside its base URL, encoded',
    ends: part(missing, 'all'),
  },
  'next-file': { ...toPages, title: 'links to a file', ends: part(missing, 'all') },
  'next-loopback': { ...toPages, title: 'links to a page on 127.0.0.1', ends: part(missing, 'all') },
  'next-metadata': { ...toPages, title: 'links to a page on 169.254.169.254', ends: part(missing, 'all') },
  'next-ipv6': { ...toPages, title: 'links to a page on [::1]', ends: part(missing, 'all') },
  'next-decimal': {
    ...toPages,
    title: 'links to a page on an address written as a number',
    ends: part(missing, 'all'),
  },
  '301': { ...redirect, title: 'redirects to an internal address (301)' },
  '302': { ...redirect, title: 'redirects to an internal address (302)' },
  '303': { ...redirect, title: 'redirects to an internal address (303)' },
  '307': { ...redirect, title: 'redirects to an internal address (307)' },
  '308': { ...redirect, title: 'redirects to an internal address (308)' },
  'other-person': { title: 'answers about another person', at: 'every', ends: mismatch },
  mixture: { title: 'mixes in another person’s data', at: 'record', ends: part(unproved, 'all') },
  'foreign-patient': { title: 'sends another Patient beside the person', at: 'record', ends: part(unproved, 'all') },
  'wrong-type': { title: 'calls its answer plain text', at: 'record', ends: dead, demographics: 'undecided' },
  'no-type': { title: 'does not say what its answer is', at: 'record', ends: dead, demographics: 'undecided' },
  stu3: { title: 'is of FHIR STU3', at: 'capability', ends: dead, practice: undefined },
  dstu2: { title: 'is of FHIR DSTU2', at: 'capability', ends: dead, practice: undefined },
  'bad-utf8': { title: 'sends bytes that are no UTF-8 in a resource', at: 'record', ends: part(unreadable, 'all') },
  bom: { title: 'begins with a byte order mark', at: 'record', ends: whole, demographics: 'fine' },
  clock: { title: 'has a clock that is years ahead', at: 'record', ends: whole, demographics: 'fine' },
  '401': { title: 'answers 401', at: 'record', ends: dead, demographics: 'undecided' },
  '403': { title: 'answers 403', at: 'record', ends: dead, demographics: 'undecided' },
  '404': { title: 'answers 404 where it had found the person', at: 'record', ends: dead },
  '429': {
    title: 'answers 429 and asks to be left alone for a minute',
    at: 'record',
    ends: dead,
    demographics: 'undecided',
  },
  '500': { title: 'answers 500', at: 'every', ends: dead, demographics: 'undecided' },
  '503': { title: 'answers 503', at: 'record', ends: dead, demographics: 'undecided' },
  '503-once': { title: 'answers 503, the first time', at: 'record', ends: whole, demographics: 'fine' },
  '429-once': {
    title: 'answers 429 and asks for a moment, the first time',
    at: 'record',
    ends: whole,
    demographics: 'fine',
  },
  'empty-200': { title: 'answers 200 with nothing', at: 'record', ends: dead, demographics: 'undecided' },
  '204': { title: 'answers 204', at: 'record', ends: dead, demographics: 'undecided' },
  'total-alone': {
    title: 'says how many resources it has and sends none',
    at: 'record',
    ends: part(missing, 'nothing'),
    practice: dead,
  },
  'no-resources': { title: 'sends entries that are no resources', at: 'record', ends: part(unreadable, 'all') },
  'entry-errors': { title: 'sends errors in the place of resources', at: 'record', ends: part(unreadable, 'all') },
  'tiny-entries': {
    title: 'sends a million empty entries',
    at: 'record',
    ends: { ...part(`${missing}; ${unreadable}`), shown: 'all' },
  },
  'long-string': { title: 'sends a text of 5 MB', at: 'record', ends: whole },
  'out-of-range': { title: 'sends a number out of range', at: 'record', ends: part(unreadable, 'all') },
  nan: { title: 'sends NaN', at: 'record', ends: part(unreadable, 'all') },
  'length-short': {
    title: 'says that its answer is shorter than it is',
    at: 'record',
    ends: part(unreadable),
    demographics: 'undecided',
  },
  'length-long': {
    title: 'says that its answer is longer than it is',
    at: 'record',
    ends: part(missing, 'all'),
    demographics: 'undecided',
  },
  'chunk-garbage': { title: 'breaks the chunks of its answer', at: 'record', ends: dead, demographics: 'undecided' },
  'http-1.0': { title: 'speaks HTTP/1.0', at: 'record', ends: whole, demographics: 'fine' },
  'informational-flood': {
    title: 'sends interim answers without end',
    at: 'record',
    ends: late,
    waits: true,
    demographics: 'undecided',
  },
  'long-header': { title: 'sends a header of 1 MB', at: 'record', ends: dead, demographics: 'undecided' },
} as const satisfies { readonly [id: string]: Fault };

export type FaultId = keyof typeof faults;
export const faultIds = Object.keys(faults) as FaultId[];

/** The fault of a name, with every member that it may have. */
export const faultOf = (id: FaultId): Fault => faults[id];

/** How a fault ends at a GP practice; undefined where there is no such thing there. */
export function endingAtPractice(fault: Fault): Ending | undefined {
  return 'practice' in fault ? fault.practice : fault.ends;
}
