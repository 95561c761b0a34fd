import { system } from '../../src/fhir/systems.ts';
import type { ListedSystem } from '../config/code-list.ts';
import type { LoadedCategory } from '../config/config.ts';
import type { Random } from './random.ts';

/** A coding as a sender may write it; `how` names the spelling. */
export type Spelled = {
  readonly how: string;
  readonly system?: string;
  readonly code: string | number;
};

type Spelling = {
  readonly systems: readonly string[];
  readonly codes: readonly (readonly [how: string, write: (code: string) => string | number])[];
};

const asListed = ['as listed', (code: string) => code] as const;
const stem = (code: string): string => code.slice(0, 5).padEnd(5, '.');
const bare = (code: string): string => code.replaceAll(/[^A-Za-z0-9]/g, '');
const dotted = (code: string): string =>
  bare(code).length > 3 ? `${bare(code).slice(0, 3)}.${bare(code).slice(3)}` : code;
/** A child of an ICD-10 or OPCS-4 stem; a code of full length has none. */
const child = (code: string): string => (bare(code).length === 3 ? `${bare(code)}.8` : dotted(code));

const readCodes: Spelling['codes'] = [
  asListed,
  ['five bytes', stem],
  ['with its term suffix', (code) => `${stem(code)}00`],
  ['with a synonym suffix', (code) => `${stem(code)}11`],
  ['without filler dots', (code) => stem(code).replace(/\.+$/, '')],
];
const classified: Spelling['codes'] = [
  asListed,
  ['dotted', dotted],
  ['dotless', bare],
  ['in lower case', (code) => dotted(code).toLowerCase()],
  ['a child of the stem', child],
  ['with a mark behind', (code) => `${dotted(code)}†`],
];

/** How senders write the codes of each system. */
const spellings: Readonly<Record<ListedSystem, Spelling>> = {
  'SNOMED CT': {
    systems: [
      system.snomed,
      `${system.snomed}/83821000000107`,
      `${system.snomed}/83821000000107/version/20261118`,
      'urn:oid:2.16.840.1.113883.6.96',
    ],
    codes: [
      asListed,
      ['with a term behind a pipe', (code) => `${code} |As the sender calls it|`],
      ['in an expression', (code) => `71388002 : 363589002 = ${code}`],
      // A JSON number holds no more than fifteen digits.
      ['as a number', (code) => (code.length <= 15 ? Number(code) : code)],
    ],
  },
  'Read v2': {
    systems: [system.readV2, 'urn:oid:2.16.840.1.113883.2.1.6.2', 'http://read.info/readcodes', 'READ2'],
    codes: readCodes,
  },
  CTV3: {
    systems: [system.ctv3, 'urn:oid:2.16.840.1.113883.6.30', 'CTV3'],
    codes: [asListed, ['five bytes', stem], ['without filler dots', (code) => stem(code).replace(/\.+$/, '')]],
  },
  'ICD-10': {
    systems: [system.icd10, 'http://hl7.org/fhir/sid/icd-10-uk', 'urn:oid:2.16.840.1.113883.6.3'],
    codes: classified,
  },
  'OPCS-4': { systems: [system.opcs4, 'https://fhir.hl7.org.uk/CodeSystem/OPCS-4'], codes: classified },
  'dm+d': { systems: [system.dmd, system.snomed], codes: [asListed] },
};

/** The systems that name a service by treatment function or main specialty. */
const serviceSystems = [system.practiceSetting, system.treatmentFunction, system.mainSpecialty] as const;

const local = 'https://hospital.example/codes';

/** What one category can be known by, as its configuration has it. */
export type CategoryWords = {
  readonly id: string;
  /** The code systems that it lists. */
  readonly systems: readonly ListedSystem[];
  readonly hasServices: boolean;
  readonly organisations: readonly string[];
  readonly labels: readonly string[];
  readonly hasWords: boolean;
  readonly coded: (random: Random, of: ListedSystem) => Spelled;
  /** A treatment function, or a SNOMED CT code of a service. `bareIn`: the element names a service by itself. */
  readonly service: (random: Random, bareIn: boolean) => Spelled;
  /** Words of the category in a sentence. */
  readonly words: (random: Random) => string;
};

/** How words of a list stand in what people write. */
const phrasings: readonly ((term: string) => string)[] = [
  (term) => term,
  (term) => `Seen about ${term} today`,
  (term) => `(${term})`,
  (term) => `Follow-up:${term}.`,
  (term) => `Letter\nRe ${term}\nDear colleague`,
];
const isAbbreviation = (term: string): boolean => /^[A-Z]{2,6}$/.test(term.split(' ')[0] ?? '');
const forms: readonly ((term: string) => string)[] = [
  (term) => term,
  (term) => (isAbbreviation(term) ? term : term.toUpperCase()),
  (term) => (isAbbreviation(term) ? term : `${term.charAt(0).toUpperCase()}${term.slice(1)}`),
  (term) => term.replaceAll(' ', '-'),
  (term) => term.replaceAll(' ', '\u00a0'),
  (term) => term.replaceAll(' ', '  '),
  (term) => term.replaceAll(/(?<=\p{L})(?=\p{L}{2})/gu, (_, at: number) => (at === 3 ? '\u00ad' : '')),
];

/** What each enabled category can be known by. The lists are the configuration's: what is added to them is proved too. */
export function vocabularyOf(categories: readonly LoadedCategory[]): readonly CategoryWords[] {
  return categories
    .filter((category) => category.enabled)
    .map(({ id, listedCodes, specialties, services, organisations, securityLabels, terms }) => {
      const bySystem = Map.groupBy(listedCodes, (one) => one.system);
      return {
        id,
        systems: [...bySystem.keys()],
        hasServices: specialties.length + services.length > 0,
        organisations,
        labels: securityLabels,
        hasWords: terms.length > 0,
        coded: (random, of) => {
          const { systems, codes } = spellings[of];
          const [how, write] = random.of(codes);
          return { how, system: random.of(systems), code: write(random.of(bySystem.get(of) ?? []).code) };
        },
        service: (random, bareIn) => {
          const isFunction = services.length === 0 || (specialties.length > 0 && random.oneIn(2));
          if (!isFunction) return { how: 'a service', system: system.snomed, code: random.of(services) };
          const code = random.of(specialties);
          if (bareIn && random.oneIn(4)) return { how: 'a bare treatment function', code };
          return { how: 'a treatment function', system: random.of(serviceSystems), code };
        },
        words: (random) => random.of(phrasings)(random.of(forms)(random.of(terms))),
      };
    });
}

/** Codings that are near to what is excluded, and are not: each must come through. */
const benignCodings: readonly Spelled[] = [
  { how: 'asthma', system: system.snomed, code: '195967001' },
  { how: 'infertility', system: system.snomed, code: '8619003' },
  { how: 'hypogonadism', system: system.snomed, code: '48130008' },
  { how: 'an id of sixteen digits but for its last', system: system.snomed, code: '1087051000119100' },
  { how: 'routine antenatal care', system: system.snomed, code: '424525001' },
  { how: 'Read v2', system: system.readV2, code: 'H33..00' },
  { how: 'CTV3', system: system.ctv3, code: 'XE2a5' },
  { how: 'ICD-10', system: system.icd10, code: 'J45.9' },
  { how: 'the block before F64', system: system.icd10, code: 'F63.0' },
  { how: 'OPCS-4', system: system.opcs4, code: 'W37.1' },
  { how: 'a number that is no service', system: local, code: '360' },
  { how: 'dm+d', system: system.dmd, code: '39113611000001102' },
];
const benignServices: readonly Spelled[] = [
  { how: 'gynaecology', system: system.treatmentFunction, code: '502' },
  { how: 'the number behind 360', system: system.practiceSetting, code: '361' },
  { how: 'general surgery, bare', code: '100' },
  { how: 'gynaecology', system: system.snomed, code: '310061009' },
];
const benignTexts: readonly string[] = [
  'IV fluids given overnight',
  'Transition to adult services',
  'Early termination of the test',
  'Hearing aids fitted on both sides',
  'Gum disease: bleeding gums',
  'Pain at the top of the shoulder',
  'Archived letter, beehive keeper',
  'Allergy to chives',
  'Stir the powder into water',
  'Primary infertility',
  'Routine gynaecology review',
  'Sex: female',
  'Order 9990000018, 360 mg',
  'Peptic ulcer, healed',
  'Walking aids at home',
  'Termination of the contract of employment',
  'Topical steroid to the hands',
  'Asthma',
  'Hepatitis B vaccine, second dose',
];
/** Labels that say that care is needed, and not why. */
const benignLabels = ['R', 'MH', 'PSY', 'SUD', 'SDV', 'GDIS', 'N'] as const;

/** The same of what nobody hides, near misses among it. */
export const benign = {
  coded: (random: Random): Spelled => random.of(benignCodings),
  service: (random: Random): Spelled => random.of(benignServices),
  words: (random: Random): string => random.of(benignTexts),
  label: (random: Random): string => random.of(benignLabels),
  organisations: ['RJE', 'RNJ', 'RNK1', 'M83001', 'XRNK0'],
} as const;
