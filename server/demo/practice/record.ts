import type { Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { Calendar } from '../calendar.ts';
import type { Ref, Members } from '../chart/chart.ts';
import { addressOf, familyName } from '../chart/patient.ts';
import { sct } from '../codes.ts';
import type { DemoPerson } from '../people.ts';
import { seeded } from '../random.ts';
import type { Practice } from '../systems.ts';
import { extension, gpcCode, profileOf, type ListKey, type ListWarning } from './stu3.ts';

/** A person's record at their practice, while a story writes it. Everything in it is genuine STU3. */
export type PracticeRecord = {
  readonly practice: Practice;
  readonly person: DemoPerson;
  readonly calendar: Calendar;
  readonly patient: Ref;
  readonly organisation: Ref;
  readonly location: Ref;
  /** The registered GP. */
  readonly gp: Ref;
  readonly staff: (title: string, given: string, family: string, phone?: string) => Ref;
  readonly id: () => string;
  /** Adds a resource; without `id` one is made. */
  readonly add: (resourceType: string, members: Members, id?: string) => Ref;
  /** Puts what stands at a reference on a primary list. */
  readonly list: (key: ListKey, item: Ref) => void;
  /** Ended allergies stand inside their list, as contained resources. */
  readonly endedAllergy: (resource: Resource) => void;
  /** A warning on a list; `since` is the day that `{date}` in its words stands for. */
  readonly warn: (key: ListKey, warning: ListWarning, since?: string) => void;
};

/** A finished record of a practice. */
export type FinishedRecord = {
  readonly practice: Practice;
  readonly person: DemoPerson;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly lists: ReadonlyMap<ListKey, readonly string[]>;
  readonly ended: readonly Resource[];
  readonly warnings: ReadonlyMap<ListKey, readonly { readonly code: ListWarning; readonly since: string }[]>;
};

function defined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const official = (title: string, given: string, family: string): unknown => [
  { use: 'official', family, given: [given], prefix: [title] },
];

/** What a practice's Patient may say beside the demographics. */
export type PracticePatient = {
  readonly contact?: readonly unknown[];
  readonly formerGiven?: string;
  readonly birthDate?: string;
};

/** Opens an empty record; `close` gives what was written. */
export function openRecord(
  practice: Practice,
  person: DemoPerson,
  calendar: Calendar,
  variant: PracticePatient = {},
): { readonly record: PracticeRecord; readonly close: () => FinishedRecord } {
  const random = seeded(`gp/${practice.ods}/${person.key}`);
  const shared = seeded(`gp/${practice.ods}`);
  const resources = new Map<string, Resource>();
  const lists = new Map<ListKey, string[]>();
  const ended: Resource[] = [];
  const warnings = new Map<ListKey, { code: ListWarning; since: string }[]>();
  const id = (): string => random.uuid().toUpperCase();

  const add: PracticeRecord['add'] = (resourceType, members, own) => {
    const key = own ?? id();
    const reference = `${resourceType}/${key}`;
    resources.set(reference, {
      resourceType,
      id: key,
      meta: { profile: [profileOf(resourceType)] },
      ...(['Patient', 'Practitioner', 'Organization', 'Location', 'PractitionerRole', 'Medication'].includes(
        resourceType,
      )
        ? {}
        : { identifier: [{ system: `https://${practice.ods}.gp.example`, value: key.replaceAll('-', '') }] }),
      ...defined(members),
    });
    return { reference };
  };

  const organisationId = shared.uuid().toUpperCase();
  const locationId = shared.uuid().toUpperCase();
  const address = { use: 'work', line: ['1 Surgery Lane'], city: 'Stoke-on-Trent', postalCode: 'ST1 9AA' };
  const organisation = add(
    'Organization',
    {
      identifier: [{ system: fhirSystem.odsOrganisation, value: practice.ods }],
      type: [{ ...gpcCode('GPConnect-OrganisationType-1', 'gp-practice', 'GP Practice'), text: 'GP Practice' }],
      name: practice.name,
      telecom: [{ system: 'phone', value: practice.phone, use: 'work' }],
      address: [address],
    },
    organisationId,
  );
  const location = add(
    'Location',
    { status: 'active', name: practice.name, address, managingOrganization: organisation },
    locationId,
  );
  const staff: PracticeRecord['staff'] = (title, given, family, phone) => {
    const key = seeded(`gp/${practice.ods}/${family}`).uuid().toUpperCase();
    const ref = add(
      'Practitioner',
      {
        name: official(title, given, family),
        telecom: phone === undefined ? undefined : [{ system: 'phone', value: phone, use: 'work' }],
        gender: 'unknown',
      },
      key,
    );
    add(
      'PractitionerRole',
      {
        practitioner: ref,
        organization: organisation,
        code: [
          gpcCode(
            'CareConnect-SDSJobRoleName-1',
            title === 'Dr' ? 'R0260' : 'R0600',
            title === 'Dr' ? 'General Medical Practitioner' : 'Specialist Nurse Practitioner',
          ),
        ],
      },
      `${key}-ROLE`,
    );
    return ref;
  };
  const gp = staff(practice.gp.title, practice.gp.given, practice.gp.family, practice.phone);
  const patient: Ref = add('Patient', {
    extension: [
      {
        url: extension.registration,
        extension: [
          {
            url: 'registrationPeriod',
            valuePeriod: { start: '2015-01-01' },
          },
        ],
      },
    ],
    identifier: [
      {
        extension: [
          {
            url: extension.nhsNumberStatus,
            valueCodeableConcept: gpcCode(
              'CareConnect-NHSNumberVerificationStatus-1',
              '01',
              'Number present and verified',
            ),
          },
        ],
        system: fhirSystem.nhsNumber,
        value: person.nhsNumber,
      },
    ],
    active: true,
    name: [
      { use: 'official', family: familyName(person), given: [person.given], prefix: [person.title] },
      ...(variant.formerGiven === undefined
        ? []
        : [{ use: 'old', family: familyName(person), given: [variant.formerGiven] }]),
    ],
    telecom: person.phone === undefined ? undefined : [{ system: 'phone', value: person.phone, use: 'home' }],
    gender: person.gender,
    birthDate: variant.birthDate ?? person.birthDate,
    address: [{ type: 'physical', ...(addressOf(person) as object) }],
    contact: variant.contact,
    generalPractitioner: [gp],
    managingOrganization: organisation,
  });
  return {
    record: {
      practice,
      person,
      calendar,
      patient,
      organisation,
      location,
      gp,
      staff,
      id,
      add,
      list: (key, item) => {
        if (item.reference !== undefined) lists.set(key, [...(lists.get(key) ?? []), item.reference]);
      },
      endedAllergy: (resource) => void ended.push(resource),
      warn: (key, code, since = calendar.today) => {
        warnings.set(key, [...(warnings.get(key) ?? []), { code, since }]);
      },
    },
    close: () => ({ practice, person, resources, lists, ended, warnings }),
  };
}

/** The setting that every primary list names. */
export const generalPractice = {
  url: extension.clinicalSetting,
  valueCodeableConcept: sct('1060971000000108', 'General practice service'),
} as const;
