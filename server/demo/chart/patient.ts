import type { Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { Calendar } from '../calendar.ts';
import type { DemoPerson } from '../people.ts';
import { seeded } from '../random.ts';
import type { R4System } from '../systems.ts';

/** How a system's own Patient differs from what the demographics service says. */
export type PatientVariant = {
  readonly birthDate?: string;
  readonly gender?: string;
  /** A former name that the system still holds. */
  readonly formerGiven?: string;
  readonly communication?: readonly unknown[];
  readonly contact?: readonly unknown[];
  /** Former addresses or phones that only this system knows. */
  readonly phone?: string;
};

/** The id under which a system knows a person: never the NHS number. */
export function patientIdAt(system: R4System, person: DemoPerson, index: number): string {
  if (system.style.ids === 'uuid') return seeded(`${system.id}/${person.key}/patient`).uuid();
  const number = 40_000 + index * 17;
  return system.style.ids === 'number' ? String(number) : `${system.id}-p-${number}`;
}

const verified = {
  url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
  valueCodeableConcept: {
    coding: [
      {
        system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland',
        code: '01',
        display: 'Number present and verified',
      },
    ],
  },
} as const;

/** The NHS number as an identifier with its verification status. */
export function nhsNumberIdentifier(nhsNumber: string): unknown {
  return { extension: [verified], system: fhirSystem.nhsNumber, value: nhsNumber };
}

/** A family name as people write it: the host lists have it in capitals. */
export function familyName(person: DemoPerson): string {
  return person.family.charAt(0) + person.family.slice(1).toLowerCase();
}

/** The person's own address as FHIR has it. */
export function addressOf(person: DemoPerson): unknown {
  const { line, city, postcode } = person.address;
  return { use: 'home', line: [line], city, postalCode: postcode };
}

/** A system's own UK Core Patient. */
export function patientAt(
  system: R4System,
  person: DemoPerson,
  id: string,
  calendar: Calendar,
  organisation: unknown,
  variant: PatientVariant,
): Resource {
  const phone = variant.phone ?? person.phone;
  const name = { use: 'official', family: familyName(person), given: [person.given], prefix: [person.title] };
  return {
    resourceType: 'Patient',
    id,
    meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient'] },
    identifier: [
      nhsNumberIdentifier(person.nhsNumber),
      {
        system: fhirSystem.odsOrganisation.replace('ods-organization-code', 'local-patient-identifier'),
        value: `${system.ods}.${id}`,
      },
    ],
    active: true,
    name:
      variant.formerGiven === undefined
        ? [name]
        : [name, { use: 'old', family: familyName(person), given: [variant.formerGiven] }],
    ...(phone === undefined ? {} : { telecom: [{ system: 'phone', value: phone, use: 'home' }] }),
    gender: variant.gender ?? person.gender,
    birthDate: variant.birthDate ?? person.birthDate,
    ...(person.diedDaysAgo === undefined ? {} : { deceasedDateTime: calendar.day(-person.diedDaysAgo) }),
    address: [addressOf(person)],
    ...(variant.contact === undefined ? {} : { contact: variant.contact }),
    ...(variant.communication === undefined ? {} : { communication: variant.communication }),
    managingOrganization: organisation,
  };
}
