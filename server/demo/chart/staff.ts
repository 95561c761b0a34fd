import type { Resource } from '../../../src/fhir/resource.ts';

/** A member of staff: all invented. `registration` is the number under its body's naming system. */
export type Staff = {
  readonly title: string;
  readonly given: string;
  readonly family: string;
  readonly job: string;
  readonly phone?: string;
  readonly registration?: readonly [body: 'gmc' | 'nmc' | 'hcpc' | 'gphc', number: string];
};

/** A member of staff as UK Core Practitioner, under the same id wherever they occur. */
export function practitioner(one: Staff): Resource {
  const id = `${one.family}-${one.given}`.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return {
    resourceType: 'Practitioner',
    id,
    meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Practitioner'] },
    ...(one.registration === undefined
      ? {}
      : {
          identifier: [
            { system: `https://fhir.hl7.org.uk/Id/${one.registration[0]}-number`, value: one.registration[1] },
          ],
        }),
    active: true,
    name: [{ use: 'official', family: one.family, given: [one.given], prefix: [one.title] }],
    ...(one.phone === undefined ? {} : { telecom: [{ system: 'phone', value: one.phone, use: 'work' }] }),
    qualification: [{ code: { text: one.job } }],
  };
}

const gmc = (number: string) => ['gmc', number] as const;
const nmc = (number: string) => ['nmc', number] as const;

/** Who works in the demo region. */
export const staff = {
  iqbal: { title: 'Dr', given: 'Sana', family: 'Iqbal', job: 'Emergency medicine', registration: gmc('9990101') },
  okafor: {
    title: 'Dr',
    given: 'Peter',
    family: 'Okafor',
    job: 'Cardiology',
    phone: '01632 960120',
    registration: gmc('9990102'),
  },
  lindqvist: { title: 'Dr', given: 'Karin', family: 'Lindqvist', job: 'Radiology', registration: gmc('9990103') },
  brandt: { title: 'Ms', given: 'Katja', family: 'Brandt', job: 'Allergy clinic nurse', registration: nmc('99A0104E') },
  osei: {
    title: 'Dr',
    given: 'Kwame',
    family: 'Osei',
    job: 'Diabetes and endocrinology',
    registration: gmc('9990105'),
  },
  ellis: {
    title: 'Mr',
    given: 'Mark',
    family: 'Ellis',
    job: 'Heart failure nurse',
    phone: '01632 960177',
    registration: nmc('99A0106E'),
  },
  duffy: {
    title: 'Ms',
    given: 'Roisin',
    family: 'Duffy',
    job: 'Community nurse',
    phone: '01632 960178',
    registration: nmc('99A0107E'),
  },
  sato: { title: 'Dr', given: 'Emi', family: 'Sato', job: 'Old age psychiatry', registration: gmc('9990108') },
  marsh: { title: 'Ms', given: 'Gillian', family: 'Marsh', job: 'Social worker', phone: '01632 960131' },
  dhillon: { title: 'Mr', given: 'Harpreet', family: 'Dhillon', job: 'Occupational therapist', phone: '01632 960132' },
  quayle: {
    title: 'Mrs',
    given: 'Bernadette',
    family: 'Quayle',
    job: 'Continuing healthcare nurse assessor',
    phone: '01632 960133',
  },
  whitlock: { title: 'Dr', given: 'Imogen', family: 'Whitlock', job: 'Adult psychiatry', registration: gmc('9990109') },
  tunstall: {
    title: 'Mr',
    given: 'Leon',
    family: 'Tunstall',
    job: 'Care coordinator',
    phone: '01632 960134',
    registration: nmc('99A0110E'),
  },
  abara: {
    title: 'Dr',
    given: 'Chidi',
    family: 'Abara',
    job: 'Paediatrics',
    phone: '01632 960135',
    registration: gmc('9990111'),
  },
  fenn: { title: 'Miss', given: 'Harriet', family: 'Fenn', job: 'Orthopaedic surgery', registration: gmc('9990112') },
  moorcroft: {
    title: 'Dr',
    given: 'Stella',
    family: 'Moorcroft',
    job: 'Respiratory medicine',
    registration: gmc('9990113'),
  },
  varga: { title: 'Dr', given: 'Anton', family: 'Varga', job: 'Renal medicine', registration: gmc('9990114') },
  bright: {
    title: 'Mrs',
    given: 'Joy',
    family: 'Bright',
    job: 'Midwife',
    phone: '01632 960136',
    registration: nmc('99A0115E'),
  },
  lister: { title: 'Dr', given: 'Noor', family: 'Lister', job: 'Clinic physician', registration: gmc('9990116') },
  kemp: {
    title: 'Ms',
    given: 'Alison',
    family: 'Kemp',
    job: 'Learning disability nurse',
    phone: '01632 960137',
    registration: nmc('99A0117E'),
  },
} as const satisfies Record<string, Staff>;
