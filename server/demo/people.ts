/** A person of the demo region, as the demographics service and the hosts' patient lists know them. All are invented. */
export type DemoPerson = {
  /** A short name for code and tests. */
  readonly key: string;
  readonly nhsNumber: string;
  /** A number that they had before two records of theirs were merged: the demographics service answers under the new one. */
  readonly formerNumber?: string;
  readonly title: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male';
  /** FHIR date. */
  readonly birthDate: string;
  readonly address: { readonly line: string; readonly city: string; readonly postcode: string };
  readonly phone?: string;
  /** ODS code of the registered practice. */
  readonly practice: string;
  /** How the demographics service knows them; `restricted` is `meta.security` R. */
  readonly demographics: 'known' | 'restricted' | 'unknown';
  /** Days before today on which they died. */
  readonly diedDaysAgo?: number;
  /** One line for a clinician: who this is. */
  readonly story: string;
  /** What to look at in the combined record. */
  readonly look: readonly string[];
  /** Which hosts list them. */
  readonly hosts: readonly ('millbrook' | 'trentside')[];
};

const both = ['millbrook', 'trentside'] as const;

export const people: readonly DemoPerson[] = [
  {
    key: 'smith',
    nhsNumber: '9991234578',
    title: 'Mr',
    given: 'John',
    family: 'SMITH',
    gender: 'male',
    birthDate: '1945-07-14',
    address: { line: '14 Ashcombe Road', city: 'Newcastle-under-Lyme', postcode: 'ST5 9ZZ' },
    phone: '01632 960111',
    practice: 'M83001',
    demographics: 'known',
    story:
      'Heart failure, diabetes and fourteen medicines; home from hospital nine days ago. Known to all nine organisations.',
    look: [
      'Sacubitril/valsartan was started at UHNM and ramipril stopped there, but ramipril is still on the GP list',
      'Furosemide has two different doses',
      'Penicillin allergy: the GP practice, UHNM and UHDB differ on status, certainty, risk and reaction',
      'Potassium 5.6, creatinine 168 and eGFR 34 yesterday',
      'ReSPECT form, heart failure care plan, home care, and his daughter as carer',
    ],
    hosts: both,
  },
  {
    key: 'nair',
    nhsNumber: '9991236015',
    title: 'Ms',
    given: 'Priya',
    family: 'NAIR',
    gender: 'female',
    birthDate: '1989-03-22',
    address: { line: '3 Kiln Court', city: 'Stoke-on-Trent', postcode: 'ST4 9ZZ' },
    phone: '07700 900201',
    practice: 'M83002',
    demographics: 'known',
    story: 'Asthma. Her sexual health visit and her fertility treatment are never shown.',
    look: [
      'Asthma review, inhalers and peak flow are there',
      'Letters of UHNM are there as PDF, HTML, RTF and as a scan, which nobody can read but people',
      'Nothing of the clinic visit at UHNM: no encounter, no result, no letter, no appointment',
      'No letter of the chest clinic at UHNM: one sentence on its second page mentions the other clinic',
      'Nothing of the fertility treatment at UHDB, and no gap that would betray it',
    ],
    hosts: both,
  },
  {
    key: 'hargreaves',
    nhsNumber: '9991236082',
    title: 'Mr',
    given: 'Daniel',
    family: 'HARGREAVES',
    gender: 'male',
    birthDate: '1994-11-02',
    address: { line: '27 Bramble Way', city: 'Stafford', postcode: 'ST16 9ZZ' },
    phone: '07700 900202',
    practice: 'M83001',
    demographics: 'known',
    story: 'A man with migraine and a knee injury. What concerns his gender history is never shown.',
    look: [
      'Migraine, knee arthroscopy and propranolol are there',
      'No former name, no differing gender, no referral, letter or medicine linked to it',
    ],
    hosts: both,
  },
  {
    key: 'bentley',
    nhsNumber: '9991236155',
    title: 'Master',
    given: 'Oliver',
    family: 'BENTLEY',
    gender: 'male',
    birthDate: '2018-05-01',
    address: { line: '8 Larkfield Close', city: 'Stoke-on-Trent', postcode: 'ST6 9ZZ' },
    phone: '07700 900203',
    practice: 'M83002',
    demographics: 'known',
    story: 'A child with epilepsy and a peanut allergy; his mother is his guardian.',
    look: [
      'Mother and guardian under People',
      'Childhood immunisations with one not given',
      'Child protection plan as an alert, seizure plan, growth',
    ],
    hosts: both,
  },
  {
    key: 'colclough',
    nhsNumber: '9991236228',
    title: 'Mrs',
    given: 'Margaret',
    family: 'COLCLOUGH',
    gender: 'female',
    birthDate: '1952-02-17',
    address: { line: '41 Penkhull Terrace', city: 'Stoke-on-Trent', postcode: 'ST4 9ZY' },
    practice: 'M83001',
    demographics: 'known',
    story: 'Objected through her practice: the dissent code stands in her GP record.',
    look: ['The record is refused: the practice’s own record holds the dissent code'],
    hosts: both,
  },
  {
    key: 'tomlinson',
    nhsNumber: '9991236295',
    title: 'Mr',
    given: 'Frank',
    family: 'TOMLINSON',
    gender: 'male',
    birthDate: '1958-09-30',
    address: { line: '2 Weir Cottages', city: 'Leek', postcode: 'ST13 9ZZ' },
    practice: 'M83002',
    demographics: 'known',
    story: 'Objected through his practice, whose system answers that there is no consent.',
    look: ['The record is refused: GP Connect answers NO_PATIENT_CONSENT'],
    hosts: ['millbrook'],
  },
  {
    key: 'wardle',
    nhsNumber: '9991236368',
    title: 'Mrs',
    given: 'Sheila',
    family: 'WARDLE',
    gender: 'female',
    birthDate: '1947-12-05',
    address: { line: '19 Quarry Bank', city: 'Newcastle-under-Lyme', postcode: 'ST5 9ZY' },
    practice: 'M83001',
    demographics: 'known',
    story: 'Objected by email; the objection stands in the register.',
    look: ['The record is refused, and no source but the demographics service was asked'],
    hosts: both,
  },
  {
    key: 'pritchard',
    nhsNumber: '9991236430',
    title: 'Mr',
    given: 'Gareth',
    family: 'PRITCHARD',
    gender: 'male',
    birthDate: '1970-06-11',
    address: { line: '5 Malt House Lane', city: 'Stone', postcode: 'ST15 9ZZ' },
    practice: 'M83002',
    demographics: 'known',
    story: 'Objected and changed his mind, in the register and in his practice’s record.',
    look: ['The record is shown: the later consent code decides', 'Type 1 diabetes with an insulin pump'],
    hosts: both,
  },
  {
    key: 'lockett',
    nhsNumber: '9991236503',
    title: 'Ms',
    given: 'Hannah',
    family: 'LOCKETT',
    gender: 'female',
    birthDate: '1983-08-19',
    address: { line: '1 Not Released Street', city: 'Stafford', postcode: 'ST16 9ZY' },
    practice: 'M83001',
    demographics: 'restricted',
    story: 'Restricted at the demographics service.',
    look: ['The record is refused, in the same words as an objection'],
    hosts: ['millbrook'],
  },
  {
    key: 'zielinski',
    nhsNumber: '9991236570',
    title: 'Mr',
    given: 'Tomasz',
    family: 'ZIELINSKI',
    gender: 'male',
    birthDate: '1990-01-28',
    address: { line: '60 Canal Street', city: 'Burton upon Trent', postcode: 'DE14 9ZZ' },
    practice: 'M83002',
    demographics: 'unknown',
    story: 'The demographics service does not know this number; UHNM holds a record under it.',
    look: ['The record is refused, in the same words as an objection'],
    hosts: ['millbrook'],
  },
  {
    key: 'forsyth',
    nhsNumber: '9991236643',
    title: 'Mrs',
    given: 'Eileen',
    family: 'FORSYTH',
    gender: 'female',
    birthDate: '1939-04-03',
    address: { line: '7 Abbey Fields', city: 'Derby', postcode: 'DE22 9ZZ' },
    phone: '01632 960112',
    practice: 'C81998',
    demographics: 'known',
    story: 'Registered with a practice outside the region; a hip replacement at UHDB.',
    look: [
      'The GP practice gave no record; UHDB’s stay, operation note and X-ray are there',
      'WMShCR names its member',
    ],
    hosts: ['millbrook'],
  },
  {
    key: 'bagnall',
    nhsNumber: '9991236716',
    title: 'Mr',
    given: 'Walter',
    family: 'BAGNALL',
    gender: 'male',
    birthDate: '1938-10-21',
    address: { line: '33 Heron Way', city: 'Stoke-on-Trent', postcode: 'ST3 9ZZ' },
    practice: 'M83001',
    demographics: 'known',
    diedDaysAgo: 79,
    story: 'Died eleven weeks ago of lung cancer.',
    look: ['The banner says when he died and how old he was', 'End of life care plan and his last stay'],
    hosts: ['millbrook'],
  },
  {
    key: 'jefferies',
    nhsNumber: '9991236783',
    title: 'Mrs',
    given: 'Susan',
    family: 'JEFFERIES',
    gender: 'female',
    birthDate: '1961-04-12',
    address: { line: '11 Chapel Rise', city: 'Stafford', postcode: 'ST17 9ZZ' },
    phone: '07700 900204',
    practice: 'M83002',
    demographics: 'known',
    story: 'Her date of birth is 12-Apr-1961 at the demographics service and 04-Dec-1961 at UHDB.',
    look: ['The difference is named; UHDB’s record is not mixed in without a word'],
    hosts: both,
  },
  {
    key: 'hussain',
    nhsNumber: '9991236856',
    title: 'Mrs',
    given: 'Amira',
    family: 'HUSSAIN',
    gender: 'female',
    birthDate: '1976-07-07',
    address: { line: '52 Cobden Street', city: 'Stoke-on-Trent', postcode: 'ST1 9ZZ' },
    phone: '07700 900205',
    practice: 'M83001',
    demographics: 'known',
    story: 'Her allergies contradict each other from one organisation to the next.',
    look: [
      'The practice says no known allergies, UHNM a confirmed anaphylaxis to penicillin, UHDB that it was refuted',
      'Latex: active at MPFT, resolved at WMShCR’s member; ibuprofen entered in error at UHNM',
    ],
    hosts: both,
  },
  {
    key: 'cope',
    nhsNumber: '9991236929',
    title: 'Mr',
    given: 'Raymond',
    family: 'COPE',
    gender: 'male',
    birthDate: '1955-03-09',
    address: { line: '76 Foundry Road', city: 'Stoke-on-Trent', postcode: 'ST2 9ZZ' },
    phone: '01632 960113',
    practice: 'M83002',
    demographics: 'known',
    story: 'Dialysis three times a week for years: a record of 20,000 resources at UHNM.',
    look: ['The record opens and scrolls; results run over many years'],
    hosts: ['millbrook'],
  },
  {
    key: 'adeyemi',
    nhsNumber: '9991236996',
    title: 'Mr',
    given: 'Jack',
    family: 'ADEYEMI',
    gender: 'male',
    birthDate: '2001-10-15',
    address: { line: '4 Sandon View', city: 'Stafford', postcode: 'ST16 9ZX' },
    practice: 'M83002',
    demographics: 'known',
    story: 'Nothing anywhere: newly registered, never seen.',
    look: ['Every list is empty in words that say who answered', 'Allergies not recorded'],
    hosts: both,
  },
  {
    key: 'shuffle',
    nhsNumber: '9991237062',
    formerNumber: '9991237356',
    title: 'Mrs',
    given: 'Doreen',
    family: 'SHUFFLEBOTHAM',
    gender: 'female',
    birthDate: '1949-01-30',
    address: { line: '9 Park Hall Crescent', city: 'Stoke-on-Trent', postcode: 'ST3 9ZY' },
    phone: '01632 960114',
    practice: 'M83003',
    demographics: 'known',
    story: 'Her practice does not share. COPD, seen at UHNM and by the community team of MPFT.',
    look: [
      '“Does not share” beside the GP practice; the rest of the record is shown',
      'Under her former number 999 123 7356 the same record: it was merged into this one',
    ],
    hosts: ['millbrook'],
  },
  {
    key: 'reeves',
    nhsNumber: '9991237135',
    title: 'Mr',
    given: 'Callum',
    family: 'REEVES',
    gender: 'male',
    birthDate: '1992-12-12',
    address: { line: '15 Milton Street', city: 'Stoke-on-Trent', postcode: 'ST1 9ZY' },
    phone: '07700 900206',
    practice: 'M83001',
    demographics: 'known',
    story: 'Bipolar disorder; detained under section 3 in the spring, now with the community team.',
    look: [
      'Mental Health Act status, crisis plan, risk assessment, formulation',
      'Smoking, alcohol and housing as social context; lithium level',
    ],
    hosts: both,
  },
  {
    key: 'khalid',
    nhsNumber: '9991237208',
    title: 'Mrs',
    given: 'Zara',
    family: 'KHALID',
    gender: 'female',
    birthDate: '1995-05-25',
    address: { line: '23 Hope Street', city: 'Newcastle-under-Lyme', postcode: 'ST5 9ZX' },
    phone: '07700 900207',
    practice: 'M83002',
    demographics: 'known',
    story: 'Pregnant, 28 weeks; moved practice, so that her GP lists carry warnings. Needs an Urdu interpreter.',
    look: [
      'The warning of a record transfer at the head of each GP list, and items withheld in one',
      'Maternity episode, scan, antenatal appointments to come',
    ],
    hosts: both,
  },
  {
    key: 'fernyhough',
    nhsNumber: '9991237275',
    title: 'Miss',
    given: 'Lucy',
    family: 'FERNYHOUGH',
    gender: 'female',
    birthDate: '1987-09-09',
    address: { line: 'Willow House, 2 Station Road', city: 'Stoke-on-Trent', postcode: 'ST6 9ZY' },
    phone: '01632 960115',
    practice: 'M83001',
    demographics: 'known',
    story: 'Learning disability and Down’s syndrome, in supported living; her sister holds power of attorney.',
    look: [
      'Reasonable adjustments, communication needs and About me',
      'Deprivation of liberty safeguards, lasting power of attorney, research study',
      'A safeguarding enquiry, whose details stand behind a press that is recorded',
      'A document in each format: PDF, HTML, RTF, scans, a photograph, text, CDA, Word',
    ],
    hosts: both,
  },
];

/** The person of a key. @throws where there is none: a fault in the demo's own code */
export function personOf(key: string): DemoPerson {
  const person = people.find((one) => one.key === key);
  if (person === undefined) throw new Error(`no demo person ${key}`);
  return person;
}

/** An objection that the entry raises in the register at start, and withdraws again where the person changed their mind. */
export type RegisterObjection = {
  readonly nhsNumber: string;
  readonly name: string;
  readonly birthDate: string;
  readonly channel: 'gp' | 'pals' | 'email' | 'post' | 'host';
  readonly requester: 'person' | 'guardian' | 'representative';
  readonly thenWithdrawn?: true;
};

export const registerObjections: readonly RegisterObjection[] = [
  { nhsNumber: '9991236368', name: 'Sheila WARDLE', birthDate: '1947-12-05', channel: 'email', requester: 'person' },
  {
    nhsNumber: '9991236430',
    name: 'Gareth PRITCHARD',
    birthDate: '1970-06-11',
    channel: 'gp',
    requester: 'person',
    thenWithdrawn: true,
  },
];

/**
 * Words that stand in the sources and must never be in an answer of the server: what is excluded, and what belongs to
 * the people whose record is refused. Each occurs in what at least one system here gives.
 */
export const canaryTexts = [
  // Priya Nair: the clinic, what was done there, the fertility treatment
  'Cobridge Clinic',
  'Cobridge screen',
  'Genitourinary medicine',
  'IVF cycle 2',
  'Oocyte recovery at Derwent Unit',
  'Derwent Unit',
  'Chlamydial infection',
  // Daniel Hargreaves
  'Danielle',
  'Female-to-male',
  'gender identity clinic',
  'Trent Valley transition letter',
  'Testosterone 50 mg/5 g gel',
  // refused records
  'Dupuytren contracture of left ring finger',
  'Tarsal tunnel syndrome of left foot',
  'Plantar fasciitis of right heel',
  'Cubital tunnel syndrome of right elbow',
  'Trigger thumb of right hand',
] as const;
